import {
  isAdmissionRejection,
  sleep,
  type Call,
  type Emitter,
  type Settled,
  type Start,
} from '@holdfast/pipeline';
import pRetry, { type RetryContext } from 'p-retry';
import type { RetryBudget } from './budget/budget.ts';
import { combined } from './combined.ts';
import { withCause, type RetryEvent } from './events.ts';
import type { RetrySettings } from './options.ts';
import type { RetryRules } from './retry-rules.ts';

/** What the calls of a retry have in common. */
export interface RetryCore {
  readonly rules: RetryRules;
  readonly budget: RetryBudget;
  readonly emitter: Emitter<RetryEvent>;
  readonly counts: {
    calls: number;
    retries: number;
    recovered: number;
    exhausted: number;
    budgetExhausted: number;
    deadlineExhausted: number;
  };
}

/**
 * Stands for every failure inside p-retry, which refuses what is not an Error, refuses a TypeError, and unwraps its own
 * AbortError; what really happened is in the loop. Made without the constructor, so it has no stack to be collected.
 */
const FAILED = Object.create(Error.prototype) as Error;

/** How each limit is counted and told. */
const GIVEN_UP = {
  attempts: ['exhausted', 'retry.exhausted'],
  budget: ['budgetExhausted', 'retry.budget_exhausted'],
  deadline: ['deadlineExhausted', 'retry.deadline_exhausted'],
} as const;

/** How many errors `collectErrors` keeps. */
const MAX_COLLECTED = 100;

/** The attempts of one call whose first one was not good enough; p-retry drives it, and begins by replaying that one. */
export class RetryLoop {
  private readonly core: RetryCore;
  private readonly settings: RetrySettings;
  private readonly call: Call;
  private readonly start: Start;
  /** How the last attempt went. */
  private settled: Settled;
  private readonly errors: unknown[] = [];
  /** The last delay that the backoff chose. */
  private backoffMs: number;
  /** What was paid for the last attempt. */
  private price = 0;

  constructor(core: RetryCore, settled: Settled, call: Call, start: Start) {
    this.core = core;
    this.settings = core.rules.settings;
    this.settled = settled;
    this.call = call;
    this.start = start;
    this.backoffMs = this.settings.baseDelayMs;
  }

  run(): Promise<unknown> {
    return pRetry((attempt) => this.attempt(attempt), {
      retries: this.settings.maxAttempts - 1,
      minTimeout: 0,
      onFailedAttempt: (context) => this.prepare(context),
    }).catch((error: unknown) => {
      // Anything else is the reason with which the call was ended during a wait.
      if (error !== FAILED) throw error;
      return this.outcome();
    });
  }

  private async attempt(attempt: number): Promise<unknown> {
    if (attempt === 1) throw FAILED;
    const { rules, budget, emitter, counts } = this.core;
    counts.retries++;
    this.settled = await settle(this.start(attempt).result);
    if (!this.settled.ok || rules.refuses(this.settled.value)) throw FAILED;
    budget.record(true, this.price, this.call.attributes);
    counts.recovered++;
    if (emitter.active) emitter.emit({ type: 'retry.recovered', strategy: this.settings.name, attempt });
    return this.settled.value;
  }

  /** Waits until the next attempt may start. */
  private async prepare({ attemptNumber, retriesLeft }: RetryContext): Promise<void> {
    const { settled, settings } = this;
    const { emitter } = this.core;
    const cause = settled.ok ? settled.value : settled.error;
    if (!settled.ok && settings.collectErrors) this.collect(settled.error);
    const delayMs = this.nextDelay(cause, attemptNumber, retriesLeft);
    if (emitter.active) {
      const attempt = attemptNumber + 1;
      emitter.emit(withCause({ type: 'retry.scheduled', strategy: settings.name, attempt, delayMs }, cause));
    }
    await sleep(delayMs, this.call, settings.clock);
    // The timer of the wait may have been late, and the one of the deadline may follow only after it.
    if (this.isLate(0)) throw this.giveUp('deadline', attemptNumber, cause);
  }

  /** Decides whether there shall be another attempt, and after how many milliseconds; throws when there shall not. */
  private nextDelay(cause: unknown, attempt: number, retriesLeft: number): number {
    const { call } = this;
    const { rules, budget } = this.core;
    if (call.ended || call.committed) throw FAILED;
    const mendable = this.settled.ok || rules.mayMend(cause, attempt);
    const refused = !this.settled.ok && isAdmissionRejection(cause);
    if (!refused) budget.record(!mendable, this.price, call.attributes);
    if (!mendable || !rules.mayRepeat(cause, call)) throw FAILED;
    if (retriesLeft === 0) throw this.giveUp('attempts', attempt, cause);
    const retryAfterMs = rules.retryAfter(cause);
    if (retryAfterMs === Infinity) throw FAILED;
    this.backoffMs = rules.backoff(attempt, this.backoffMs, cause);
    const delayMs = this.backoffMs + retryAfterMs;
    if (this.isLate(delayMs)) throw this.giveUp('deadline', attempt, cause);
    // What was refused put no load on anyone, so its repetition is free.
    this.price = refused ? 0 : budget.withdraw(cause, call.attributes);
    if (this.price === 0 && !refused) throw this.giveUp('budget', attempt, cause);
    return delayMs;
  }

  private isLate(delayMs: number): boolean {
    const remainingMs = this.call.remainingMs();
    return remainingMs !== undefined && delayMs + this.settings.minAttemptMs >= remainingMs;
  }

  /** Counts and tells why a call ends that might have been mended. */
  private giveUp(what: keyof typeof GIVEN_UP, attempt: number, cause: unknown): Error {
    const { emitter, counts } = this.core;
    const [count, type] = GIVEN_UP[what];
    counts[count]++;
    if (emitter.active) emitter.emit(withCause({ type, strategy: this.settings.name, attempt }, cause));
    return FAILED;
  }

  private collect(error: unknown): void {
    if (this.errors.push(error) > MAX_COLLECTED) this.errors.shift();
  }

  /** What the caller gets when there are no more attempts. */
  private outcome(): unknown {
    if (this.settled.ok) return this.settled.value;
    throw this.settings.collectErrors ? combined(this.errors, this.settings.name) : this.settled.error;
  }
}

function settle(result: Promise<unknown>): Promise<Settled> {
  return result.then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error }),
  );
}
