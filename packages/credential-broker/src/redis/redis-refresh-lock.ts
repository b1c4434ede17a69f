import { randomBytes } from 'node:crypto';
import { check, either, having, integer, readOptions, type, type Rules } from '@holdfast/pipeline';
import { createRedisScript, type RedisClient } from '@holdfast/pipeline/redis';
import type { RefreshLock } from '../refresh/refresh-lock.ts';

/** Options of {@link redisRefreshLock}. */
export interface RedisRefreshLockOptions {
  /** A connected client: `ioredis` or `redis` (node-redis), single or cluster. Its owner closes it. */
  readonly client: RedisClient;
  /** What all keys in Redis begin with. Default `holdfast:refresh:`. */
  readonly prefix?: string | undefined;
  /** When the lock of a process that died is given back, in milliseconds: longer than a renewal. Default 60,000. */
  readonly ttlMs?: number | undefined;
}

const rules: Rules<RedisRefreshLockOptions> = {
  client: either(having('eval', 'evalsha'), having('eval', 'evalSha')),
  prefix: type('string'),
  ttlMs: integer(1),
};
const defaults = { prefix: 'holdfast:refresh:', ttlMs: 60_000 } satisfies Partial<RedisRefreshLockOptions>;

const TAKE = `return redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0`;
// Its time may be over, and the lock somebody else's.
const GIVE = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end return 1`;

/**
 * Makes a lock for renewals that all processes with the same Redis share. It is as good as Redis is; should it be lost,
 * what the store keeps is still one token, and a refused refresh token is looked up there again.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { redisRefreshLock } from '@holdfast/credential-broker/redis';
 * import { Redis } from 'ioredis';
 *
 * const lock = redisRefreshLock({ client: new Redis('redis://127.0.0.1:6379') });
 * ```
 */
export function redisRefreshLock(options: RedisRefreshLockOptions): RefreshLock {
  const { client, prefix, ttlMs } = readOptions('redisRefreshLock', options, rules, defaults);
  check('redisRefreshLock: client', client, rules.client);
  const take = createRedisScript(client, TAKE);
  const give = createRedisScript(client, GIVE);
  return {
    take: async (name) => {
      const keys = [`${prefix}${name}`];
      const mine = randomBytes(16).toString('base64url');
      if ((await take.run(keys, [mine, ttlMs])) !== 1) return undefined;
      return async () => {
        await give.run(keys, [mine]).catch(() => {});
      };
    },
  };
}
