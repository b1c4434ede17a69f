/** A client like ioredis. */
export interface IoredisLike {
  eval(script: string, keyCount: number, ...keysAndArguments: string[]): PromiseLike<unknown>;
  evalsha(sha: string, keyCount: number, ...keysAndArguments: string[]): PromiseLike<unknown>;
}

/** What a client like node-redis takes beside the script. */
export interface NodeRedisEvalOptions {
  /** All keys that the script touches. */
  keys: string[];
  /** What it takes beside them. */
  arguments: string[];
}

/** A client like node-redis. */
export interface NodeRedisLike {
  eval(script: string, options: NodeRedisEvalOptions): PromiseLike<unknown>;
  evalSha(sha: string, options: NodeRedisEvalOptions): PromiseLike<unknown>;
}

/** A connected Redis client: `ioredis` or `redis` (node-redis), single or cluster. Its owner closes it. */
export type RedisClient = IoredisLike | NodeRedisLike;

/** A script that Redis runs atomically. */
export interface RedisScript {
  /** @param keys - all keys that the script touches, in one slot, as Redis Cluster demands */
  run(keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
}

/**
 * Prepares a Lua script that is sent by its digest, and in full where the server does not know it: after its first use, a
 * restart, `SCRIPT FLUSH` or a failover.
 *
 * @param client - `ioredis` or `redis` (node-redis)
 * @throws {@link TypeError} when the client is neither
 * @see https://redis.io/docs/latest/develop/programmability/eval-intro/
 *
 * @example
 * ```ts
 * import { createRedisScript, type RedisClient } from '@holdfast/pipeline/redis';
 *
 * async function count(client: RedisClient): Promise<unknown> {
 *   const increment = createRedisScript(client, `return redis.call('INCRBY', KEYS[1], ARGV[1])`);
 *   return increment.run(['visits'], [2]);
 * }
 * ```
 */
export function createRedisScript(client: RedisClient, source: string): RedisScript {
  const call = callerOf(client);
  let digest: Promise<string> | undefined;
  return {
    async run(keys, args) {
      const texts = args.map(String);
      digest ??= sha1(source);
      try {
        return await call.bySha(await digest, keys, texts);
      } catch (error) {
        if (!isUnknownScript(error)) throw error;
        return call.bySource(source, keys, texts);
      }
    },
  };
}

interface Caller {
  bySha(sha: string, keys: readonly string[], args: readonly string[]): PromiseLike<unknown>;
  bySource(source: string, keys: readonly string[], args: readonly string[]): PromiseLike<unknown>;
}

function callerOf(client: RedisClient): Caller {
  if ('evalsha' in client && typeof client.evalsha === 'function') {
    return {
      bySha: (sha, keys, args) => client.evalsha(sha, keys.length, ...keys, ...args),
      bySource: (source, keys, args) => client.eval(source, keys.length, ...keys, ...args),
    };
  }
  if ('evalSha' in client && typeof client.evalSha === 'function') {
    return {
      bySha: (sha, keys, args) => client.evalSha(sha, { keys: [...keys], arguments: [...args] }),
      bySource: (source, keys, args) => client.eval(source, { keys: [...keys], arguments: [...args] }),
    };
  }
  throw new TypeError('createRedisScript: client must be one of ioredis or node-redis');
}

const isUnknownScript = (error: unknown) => error instanceof Error && error.message.startsWith('NOSCRIPT');

async function sha1(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
