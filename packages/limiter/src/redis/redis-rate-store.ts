import {
  check,
  either,
  having,
  integer,
  oneOf,
  readOptions,
  systemClock,
  type,
  type Clock,
} from '@holdfast/pipeline';
import { createRedisScript, type RedisClient, type RedisScript } from '@holdfast/pipeline/redis';
import type { RateRule } from '../rate-limit/rate-rule.ts';
import type { RateStore } from '../rate-limit/rate-store.ts';
import { Lease, type Grant } from './lease.ts';
import { WINDOW_SCRIPT } from './window-script.ts';

/** What {@link redisRateStore} takes. */
export interface RedisRateStoreOptions {
  /** A connected client: `ioredis` or `redis` (node-redis), single or cluster. Its owner closes it. */
  readonly client: RedisClient;
  /**
   * `exact` asks Redis for each call. `leased` takes cost in advance and asks when that is used up: quicker, and never above
   * the limit either, but each process may leave up to a lease unused. Default `exact`.
   */
  readonly mode?: 'exact' | 'leased' | undefined;
  /** How much a process takes in advance. A whole number, at least 1. Default 20. */
  readonly lease?: number | undefined;
  /** In how many slots the window moves. A whole number, 1 to 100. Default 10. */
  readonly slots?: number | undefined;
  /** How many leases are remembered; calls of further keys ask for each call. At least 1. Default 10,000. */
  readonly maxKeys?: number | undefined;
  /** What all keys in Redis begin with. Default `holdfast:rate`. */
  readonly prefix?: string | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

const rules = {
  client: either(having('eval', 'evalsha'), having('eval', 'evalSha')),
  mode: oneOf('exact', 'leased'),
  lease: integer(1),
  slots: integer(1, 100),
  maxKeys: integer(1),
  prefix: type('string'),
  clock: having('now', 'wallNow', 'setTimer'),
};
const defaults = {
  mode: 'exact' as 'exact' | 'leased',
  lease: 20,
  slots: 10,
  maxKeys: 10_000,
  prefix: 'holdfast:rate',
  clock: systemClock,
};

/** How many leases are looked at to make room for a new one. */
const MAX_LOOKS = 16;

type Settings = RedisRateStoreOptions & typeof defaults;

class RedisRateStore implements RateStore {
  private readonly settings: Settings;
  private readonly script: RedisScript;
  private readonly leases = new Map<string, Lease>();

  constructor(settings: Settings) {
    this.settings = settings;
    this.script = createRedisScript(settings.client, WINDOW_SCRIPT);
  }

  take(key: string, cost: number, rule: RateRule): number | Promise<number> {
    const lease = this.settings.mode === 'leased' ? this.leaseOf(key, rule) : undefined;
    return lease === undefined ? this.takeExact(key, cost, rule) : lease.take(cost);
  }

  async charge(key: string, cost: number, rule: RateRule): Promise<void> {
    await this.run(key, rule, cost, cost, true);
  }

  private async takeExact(key: string, cost: number, rule: RateRule): Promise<number> {
    const grant = await this.run(key, rule, cost, cost, false);
    return grant.waitMs;
  }

  private leaseOf(key: string, rule: RateRule): Lease | undefined {
    const known = this.leases.get(key);
    if (known !== undefined) return known;
    const { clock, lease, maxKeys } = this.settings;
    if (this.leases.size >= maxKeys && !this.evict()) return undefined;
    const size = Math.min(lease, rule.limit);
    const fresh = new Lease(clock, size, (least, wished) => this.run(key, rule, least, wished, false));
    this.leases.set(key, fresh);
    return fresh;
  }

  private evict(): boolean {
    const nowMs = this.settings.clock.now();
    let looks = 0;
    for (const [key, lease] of this.leases) {
      this.leases.delete(key);
      if (lease.isOver(nowMs)) return true;
      this.leases.set(key, lease);
      if (++looks === MAX_LOOKS) break;
    }
    return false;
  }

  private async run(
    key: string,
    { limit, windowMs }: RateRule,
    least: number,
    wished: number,
    force: boolean,
  ): Promise<Grant> {
    const { slots, prefix } = this.settings;
    const args = [limit, windowMs, slots, least, wished, force ? 1 : 0];
    const answer = await this.script.run([`${prefix}:${key}`], args);
    const [cost, endsInMs, waitMs] = Array.isArray(answer) ? answer.map(Number) : [];
    if (cost === undefined || endsInMs === undefined || waitMs === undefined) {
      throw new TypeError('redisRateStore: Redis answered something else than the script does');
    }
    return { cost, endsInMs, waitMs: waitMs < 0 ? Infinity : waitMs };
  }
}

/**
 * Makes a store by which several processes share a rate limit over Redis: no window of the rule's length, by the server's
 * clock, holds more than its limit. What is counted is lost when the server loses it.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { rateLimit, slidingWindow } from '@holdfast/limiter';
 * import { redisRateStore } from '@holdfast/limiter/redis';
 * import { Redis } from 'ioredis';
 *
 * const client = new Redis('redis://127.0.0.1:6379', { lazyConnect: true });
 * const limit = rateLimit({
 *   rule: slidingWindow({ limit: 600, windowMs: 60_000 }),
 *   store: redisRateStore({ client, mode: 'leased' }),
 * });
 * ```
 */
export function redisRateStore(options: RedisRateStoreOptions): RateStore {
  const settings = readOptions('redisRateStore', options, rules, defaults);
  check('redisRateStore: client', settings.client, rules.client);
  return new RedisRateStore(settings);
}
