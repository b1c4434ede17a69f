import { check, either, having, integer, readOptions, type } from '@holdfast/pipeline';
import { createRedisScript, type RedisClient } from '@holdfast/pipeline/redis';
import type { CacheEntry, CacheStore } from '../cache/cache-store.ts';

/** What {@link redisCacheStore} takes. */
export interface RedisCacheStoreOptions {
  /** A connected client: `ioredis` or `redis` (node-redis), single or cluster. Its owner closes it. */
  readonly client: RedisClient;
  /** What all keys in Redis begin with. Default `holdfast:cache`. */
  readonly prefix?: string | undefined;
  /** Writes a value as text. Default: JSON. */
  readonly serialize?: ((value: unknown) => string) | undefined;
  /** Reads it again. Default: JSON. */
  readonly parse?: ((text: string) => unknown) | undefined;
  /** Values whose text is longer are not stored, in characters. At least 1. Default 1,000,000. */
  readonly maxLength?: number | undefined;
}

const rules = {
  client: either(having('eval', 'evalsha'), having('eval', 'evalSha')),
  prefix: type('string'),
  serialize: type('function'),
  parse: type('function'),
  maxLength: integer(1),
};
const defaults = {
  prefix: 'holdfast:cache',
  serialize: (value: unknown) => JSON.stringify(value),
  parse: (text: string): unknown => JSON.parse(text),
  maxLength: 1_000_000,
};

/**
 * Makes a second level for `cache` in Redis, which several processes share. Values travel as text: by default as JSON, so
 * what JSON does not keep, such as dates and maps, needs `serialize` and `parse`.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { cache } from '@holdfast/fallback';
 * import { redisCacheStore } from '@holdfast/fallback/redis';
 * import { Redis } from 'ioredis';
 *
 * const client = new Redis('redis://127.0.0.1:6379', { lazyConnect: true });
 * const users = cache<string>({ keyBy: ({ id }) => id, store: redisCacheStore({ client }) });
 * ```
 */
export function redisCacheStore(options: RedisCacheStoreOptions): CacheStore {
  const { client, prefix, serialize, parse, maxLength } = readOptions(
    'redisCacheStore',
    options,
    rules,
    defaults,
  );
  check('redisCacheStore: client', client, rules.client);
  const read = createRedisScript(client, `return redis.call('GET', KEYS[1])`);
  const write = createRedisScript(client, `return redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])`);
  const remove = createRedisScript(client, `return redis.call('DEL', KEYS[1])`);
  return {
    async get(key) {
      const text = await read.run([`${prefix}:${key}`], []);
      return typeof text === 'string' ? entryOf(text, parse) : undefined;
    },
    async set(key, { value, storedAtMs }, keepMs) {
      const text = `${storedAtMs} ${serialize(value)}`;
      if (text.length <= maxLength)
        await write.run([`${prefix}:${key}`], [text, Math.max(1, Math.ceil(keepMs))]);
    },
    async delete(key) {
      await remove.run([`${prefix}:${key}`], []);
    },
  };
}

/** The text is the instant, a space, and the value. */
function entryOf(text: string, parse: (text: string) => unknown): CacheEntry<unknown> {
  const space = text.indexOf(' ');
  const storedAtMs = Number(text.slice(0, space));
  if (space < 1 || !Number.isFinite(storedAtMs))
    throw new TypeError('redisCacheStore: the entry is not one of a cache');
  return { value: parse(text.slice(space + 1)), storedAtMs };
}
