import {
  check,
  createEmitter,
  defineStrategy,
  number,
  type EventSource,
  type Strategy,
} from '@holdfast/pipeline';
import type { BulkheadReason } from '../errors.ts';
import type { Attributes } from '../keys.ts';
import type { RateLimitEvent } from './events.ts';
import { RateLimitGate } from './gate.ts';
import { readRateLimitOptions, type RateLimitOptions } from './options.ts';
import { StoreClient } from './store-client.ts';

/** What a {@link rateLimit} has seen since it was made. */
export interface RateLimitStats {
  /** How many calls are waiting for their turn. */
  readonly queueLength: number;
  /** How many keys are counted apart. */
  readonly keys: number;
  /** How many calls were admitted, whether or not they had to wait. */
  readonly admitted: number;
  /** How many had to wait. */
  readonly queued: number;
  /** How many were refused, by reason. Calls that their caller ended while they waited count as `queue-timeout`. */
  readonly rejected: Readonly<Record<BulkheadReason, number>>;
}

/** How much of a limit is used up, as this instance sees it. */
export interface RateLimitStatus {
  /** The name of the limit. */
  readonly name: string;
  /** How much may pass at most at once. */
  readonly limit: number;
  /** The time to which the limit refers, in milliseconds. */
  readonly windowMs: number;
  /** How much is left. */
  readonly remaining: number;
  /** In how many milliseconds all of it is there again. */
  readonly resetMs: number;
}

/** A strategy that limits how many calls pass over time. */
export interface RateLimit extends Strategy, EventSource<RateLimitEvent> {
  /**
   * Takes a cost at once, for callers who cannot wrap; never waits, and refuses where a store would have to be asked.
   *
   * @param cost - at least 0; default 1
   * @throws {@link RangeError} when the cost is below 0
   */
  tryAcquire(cost?: number, attributes?: Attributes): boolean;
  /** How much of a key's limit is left. */
  status(attributes?: Attributes): RateLimitStatus;
  /** Counts and state; a new object at each call. */
  stats(): RateLimitStats;
}

const COST = number(0);
const NO_ATTRIBUTES: Attributes = Object.freeze({});

/**
 * Makes a strategy that limits how many calls pass over time, or how much cost. Calls that are too many wait for their
 * turn in a bounded queue, or are refused with the time after which to come again.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { rateLimit, tokenBucket } from '@holdfast/limiter';
 *
 * const perClient = rateLimit({
 *   name: 'per-client',
 *   rule: tokenBucket({ limit: 60, windowMs: 60_000 }),
 *   keyBy: ({ client }) => client,
 * });
 * const answer = await perClient.execute(() => 'hello', { attributes: { client: 'a' } });
 * ```
 */
export function rateLimit(options: RateLimitOptions = {}): RateLimit {
  const settings = readRateLimitOptions(options);
  const { name, rule, clock } = settings;
  const emitter = createEmitter<RateLimitEvent>(settings.onListenerError);
  const counts = { admitted: 0, queued: 0, full: 0, 'queue-timeout': 0, shed: 0 };
  const gate = new RateLimitGate({
    settings,
    counts,
    store: settings.store && new StoreClient(settings.store, settings, emitter),
    onRefusal: ({ reason, retryAfterMs }, key) => {
      if (!emitter.active) return;
      emitter.emit({ type: 'rate_limit.rejected', strategy: name, reason, key, retryAfterMs });
    },
  });
  const events: EventSource<RateLimitEvent> = {
    on: (type, listener) => emitter.on(type, listener),
    subscribe: (listener) => emitter.subscribe(listener),
  };
  const methods: Pick<RateLimit, 'tryAcquire' | 'status' | 'stats'> = {
    tryAcquire(cost = 1, attributes = NO_ATTRIBUTES) {
      check('tryAcquire: cost', cost, COST);
      return gate.laneOf(attributes).tryTake(cost);
    },
    status(attributes = NO_ATTRIBUTES) {
      const nowMs = clock.now();
      const lane = gate.laneOf(attributes);
      const { limit, windowMs } = rule;
      return { name, limit, windowMs, remaining: lane.remaining(nowMs), resetMs: lane.resetMs(nowMs) };
    },
    stats() {
      const { admitted, queued, ...rejected } = counts;
      let queueLength = gate.shared.waiting;
      for (const { waiting } of gate.keyed.values()) queueLength += waiting;
      return { queueLength, keys: gate.keyed.size, admitted, queued, rejected };
    },
  };
  return Object.assign(defineStrategy(name, gate), events, methods);
}
