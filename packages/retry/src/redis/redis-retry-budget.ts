import {
  check,
  either,
  having,
  integer,
  number,
  readOptions,
  reportListenerError,
  systemClock,
  type,
  type Clock,
  type ListenerErrorHandler,
  type Rules,
} from '@holdfast/pipeline';
import { createRedisScript, type RedisClient } from '@holdfast/pipeline/redis';
import type { RetryBudget } from '../budget/budget.ts';
import { retryBudget } from '../budget/retry-budget.ts';
import { BUDGET_SCRIPT } from './budget-script.ts';

/** What {@link redisRetryBudget} takes. */
export interface RedisRetryBudgetOptions {
  /** A connected client: `ioredis` or `redis` (node-redis), single or cluster. Its owner closes it. */
  readonly client: RedisClient;
  /** What the processes that share the budget call it. */
  readonly name: string;
  /** How many retries each call pays for, 0 to 1. Default 0.08. */
  readonly ratio?: number | undefined;
  /** Retries a second, of all processes together, that need no calls to pay for them; at least 0. Default 0.1. */
  readonly minPerSecond?: number | undefined;
  /** How many unused retries are saved up by all together, and are there at the start; at least 1. Default 10. */
  readonly burst?: number | undefined;
  /** How many retries a process takes in advance. A whole number, at least 1. Default 2. */
  readonly lease?: number | undefined;
  /** Redis is not asked more often than this, in milliseconds. At least 0. Default 100. */
  readonly askEveryMs?: number | undefined;
  /** How long an answer may take before the process goes by a budget of its own, in milliseconds. At least 1. Default 1,000. */
  readonly answerMs?: number | undefined;
  /** What all keys in Redis begin with. Default `holdfast:retry`. */
  readonly prefix?: string | undefined;
  /** Hears when Redis begins to fail, and not again until it has answered. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

const rules: Rules<RedisRetryBudgetOptions> = {
  client: either(having('eval', 'evalsha'), having('eval', 'evalSha')),
  name: type('string'),
  ratio: number(0, 1),
  minPerSecond: number(0, 1_000_000),
  burst: number(1, 1_000_000),
  lease: integer(1),
  askEveryMs: number(0),
  answerMs: number(1),
  prefix: type('string'),
  onListenerError: type('function'),
  clock: having('now'),
};
const defaults = {
  ratio: 0.08,
  minPerSecond: 0.1,
  burst: 10,
  lease: 2,
  askEveryMs: 100,
  answerMs: 1_000,
  prefix: 'holdfast:retry',
  onListenerError: console.error as ListenerErrorHandler,
  clock: systemClock,
};

type Settings = RedisRetryBudgetOptions & typeof defaults;

/** What calls have earned is told at the latest after so many of them. */
const TELL_AFTER_CALLS = 100;

/**
 * Takes retries in advance and asks for more when they are used up, in the background: nobody waits. Without an answer it
 * goes by a budget of its own.
 */
class RedisRetryBudget implements RetryBudget {
  private readonly settings: Settings;
  private readonly ask: (earned: number, wanted: number) => Promise<number>;
  private readonly alone: RetryBudget;
  private stock = 0;
  private untoldCalls = 0;
  private askedAtMs = -Infinity;
  /** Since when an answer is awaited. */
  private pendingSinceMs: number | undefined;
  private failing = false;

  constructor(settings: Settings) {
    const { client, prefix, name, minPerSecond, burst, ratio, clock } = settings;
    const script = createRedisScript(client, BUDGET_SCRIPT);
    const key = `${prefix}:${name}`;
    this.settings = settings;
    this.ask = async (earned, wanted) =>
      Number(await script.run([key], [earned, wanted, minPerSecond, burst]));
    this.alone = retryBudget({ ratio, minPerSecond, burst, clock });
    this.renew();
  }

  withdraw(cause: unknown, attributes: Readonly<Record<string, string>>): number {
    if (this.stock >= 1) {
      this.stock--;
      if (this.stock < 1) this.renew();
      return 1;
    }
    this.renew();
    return this.isAlone() ? this.alone.withdraw(cause, attributes) : 0;
  }

  record(ok: boolean, price: number, attributes: Readonly<Record<string, string>>): void {
    this.alone.record(ok, price, attributes);
    if (price === 0 && ++this.untoldCalls >= TELL_AFTER_CALLS) this.renew();
  }

  private isAlone(): boolean {
    const { clock, answerMs } = this.settings;
    return (
      this.failing || (this.pendingSinceMs !== undefined && clock.now() - this.pendingSinceMs >= answerMs)
    );
  }

  /** Tells what was earned, and asks for as much as is missing. */
  private renew(): void {
    const { clock, askEveryMs, lease, ratio } = this.settings;
    const nowMs = clock.now();
    if (this.pendingSinceMs !== undefined || nowMs - this.askedAtMs < askEveryMs) return;
    const calls = this.untoldCalls;
    this.untoldCalls = 0;
    this.askedAtMs = this.pendingSinceMs = nowMs;
    this.ask(calls * ratio, Math.max(0, lease - this.stock)).then(
      (granted) => this.answered(granted),
      (error: unknown) => this.failed(error, calls),
    );
  }

  private answered(granted: number): void {
    this.pendingSinceMs = undefined;
    this.failing = false;
    if (granted > 0) this.stock += granted;
  }

  private failed(error: unknown, calls: number): void {
    this.pendingSinceMs = undefined;
    // What is not told for long is not worth more than what can be saved up.
    this.untoldCalls = Math.min(
      this.untoldCalls + calls,
      Math.ceil(this.settings.burst / (this.settings.ratio || 1)),
    );
    if (!this.failing) reportListenerError(this.settings.onListenerError, error);
    this.failing = true;
  }
}

/**
 * Makes a budget that several processes share over Redis: together their retries add at most
 * `burst + ratio × calls + minPerSecond × seconds` to the load. Calls never wait for Redis; each process holds at most a lease
 * of retries in advance, and goes by a budget of its own while Redis is away.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when an option is out of bounds
 *
 * @example
 * ```ts
 * import { retry } from '@holdfast/retry';
 * import { redisRetryBudget } from '@holdfast/retry/redis';
 * import { Redis } from 'ioredis';
 *
 * const client = new Redis('redis://127.0.0.1:6379', { lazyConnect: true });
 * const patient = retry({ maxAttempts: 3, budget: redisRetryBudget({ client, name: 'stripe' }) });
 * ```
 */
export function redisRetryBudget(options: RedisRetryBudgetOptions): RetryBudget {
  const settings = readOptions('redisRetryBudget', options, rules, defaults);
  check('redisRetryBudget: client', settings.client, rules.client);
  check('redisRetryBudget: name', settings.name, rules.name);
  return new RedisRetryBudget(settings);
}
