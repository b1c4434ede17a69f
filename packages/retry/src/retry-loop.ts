import {
  isAdmissionRejection,
  sleep,
  type Call,
  type Emitter,
  type Settled,
  type Start,
} from '@holdfast/pipeline';
import pRetry from 'p-retry';
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

/** How many attempts without a delay between them may keep the event loop from turning. */
const ATTEMPTS_A_TURN = 100;

/** The attempts of one call after a first one that was not good enough; p-retry drives them. */
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

  /** Goes on after the first attempt. Throws at once when there shall be no other, which spares an outage promises. */
  run(): Promise<unknown> {
    const delayMs = this.plan(1);
    return delayMs === undefined ? Promise.resolve(this.outcome()) : this.repeat(delayMs);
  }

  private async repeat(delayMs: number): Promise<unknown> {
    try {
      await this.pause(1, delayMs);
      return await pRetry((retry) => this.attempt(retry + 1), {
        retries: this.settings.maxAttempts - 2,
        minTimeout: 0,
        onFailedAttempt: ({ attemptNumber: retry }) => this.prepare(retry + 1),
      });
    } catch (error) {
      // Anything else is the reason with which the call was ended during a pause.
      if (error !== FAILED) throw error;
      return this.outcome();
    }
  }

  private async attempt(attempt: number): Promise<unknown> {
    const { rules, budget, emitter, counts } = this.core;
    counts.retries++;
    this.settled = await settle(this.start(attempt).result);
    if (!this.settled.ok || rules.refuses(this.settled.value)) throw FAILED;
    budget.record(true, this.price, this.call.attributes);
    counts.recovered++;
    if (emitter.active) emitter.emit({ type: 'retry.recovered', strategy: this.settings.name, attempt });
    return this.settled.value;
  }

  private async prepare(attempt: number): Promise<void> {
    const delayMs = this.plan(attempt);
    if (delayMs === undefined) throw FAILED;
    await this.pause(attempt, delayMs);
  }

  /** Decides whether an attempt shall be followed by another, and after how many milliseconds. */
  private plan(attempt: number): number | undefined {
    const { call, cause, refused } = this;
    const { rules, budget } = this.core;
    if (call.ended || call.committed || !this.mayFollow(attempt)) return undefined;
    if (attempt >= this.settings.maxAttempts) return this.giveUp('attempts', attempt);
    const retryAfterMs = rules.retryAfter(cause);
    if (retryAfterMs === Infinity) return undefined;
    this.backoffMs = rules.backoff(attempt, this.backoffMs, cause);
    const delayMs = this.backoffMs + retryAfterMs;
    if (this.isLate(delayMs)) return this.giveUp('deadline', attempt);
    // What was refused put no load on anyone, so its repetition is free.
    this.price = refused ? 0 : budget.withdraw(cause, call.attributes);
    return this.price > 0 || refused ? delayMs : this.giveUp('budget', attempt);
  }

  /** Whether another attempt may mend the last one and do no harm. */
  private mayFollow(attempt: number): boolean {
    const { call, cause, settled } = this;
    const { rules, budget } = this.core;
    if (this.settings.collectErrors && !settled.ok) this.collect(cause);
    const mendable = settled.ok || rules.mayMend(cause, attempt);
    if (!this.refused) budget.record(!mendable, this.price, call.attributes);
    return mendable && rules.mayRepeat(cause, call);
  }

  /** Waits until the next attempt may start. */
  private async pause(attempt: number, delayMs: number): Promise<void> {
    const { call, cause, settings } = this;
    const { emitter } = this.core;
    if (emitter.active) {
      const event = {
        type: 'retry.scheduled',
        strategy: settings.name,
        attempt: attempt + 1,
        delayMs,
      } as const;
      emitter.emit(withCause(event, cause));
    }
    // A timer of 0 ms would still take one; but without any, no abort and no timeout would ever be heard.
    if (delayMs > 0 || attempt % ATTEMPTS_A_TURN === 0) await sleep(delayMs, call, settings.clock);
    // The timer of the pause may have been late, and the one of the deadline may follow only after it.
    if (this.isLate(0)) {
      this.giveUp('deadline', attempt);
      throw FAILED;
    }
  }

  /** The error, or the refused result, of the last attempt. */
  private get cause(): unknown {
    return this.settled.ok ? this.settled.value : this.settled.error;
  }

  /** Whether the last attempt was refused admission. */
  private get refused(): boolean {
    return !this.settled.ok && isAdmissionRejection(this.settled.error);
  }

  private isLate(delayMs: number): boolean {
    const remainingMs = this.call.remainingMs();
    return remainingMs !== undefined && delayMs + this.settings.minAttemptMs >= remainingMs;
  }

  /** Counts and tells why a call ends that might have been mended. */
  private giveUp(what: keyof typeof GIVEN_UP, attempt: number): undefined {
    const { emitter, counts } = this.core;
    const [count, type] = GIVEN_UP[what];
    counts[count]++;
    if (emitter.active) emitter.emit(withCause({ type, strategy: this.settings.name, attempt }, this.cause));
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
