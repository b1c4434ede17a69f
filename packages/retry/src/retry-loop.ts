import {
  isAdmissionRejection,
  sleep,
  type Call,
  type Emitter,
  type Settled,
  type Start,
} from '@holdfast/pipeline';
import pRetry, { type RetryContext } from 'p-retry';
import { withCause, type RetryEvent } from './events.ts';
import type { RetryRules } from './retry-rules.ts';

/** What a retry counts. */
export interface RetryCounts {
  retries: number;
  recovered: number;
  exhausted: number;
  budgetExhausted: number;
  deadlineExhausted: number;
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
  private readonly rules: RetryRules;
  private readonly counts: RetryCounts;
  private readonly emitter: Emitter<RetryEvent>;
  private readonly call: Call;
  private readonly start: Start;
  private readonly strategy: string;
  /** How the last attempt went. */
  private settled: Settled;
  private readonly errors: unknown[] = [];
  /** The last delay that the backoff chose. */
  private backoffMs: number;
  /** What was paid for the last attempt. */
  private price = 0;

  constructor(
    rules: RetryRules,
    counts: RetryCounts,
    emitter: Emitter<RetryEvent>,
    settled: Settled,
    call: Call,
    start: Start,
  ) {
    this.rules = rules;
    this.counts = counts;
    this.emitter = emitter;
    this.settled = settled;
    this.call = call;
    this.start = start;
    this.strategy = rules.settings.name;
    this.backoffMs = rules.settings.baseDelayMs;
  }

  run(): Promise<unknown> {
    return pRetry((attempt) => this.attempt(attempt), {
      retries: this.rules.settings.maxAttempts - 1,
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
    this.counts.retries++;
    this.settled = await settle(this.start(attempt).result);
    if (!this.settled.ok || this.rules.refuses(this.settled.value)) throw FAILED;
    this.rules.record(true, this.price, this.call);
    this.counts.recovered++;
    const { emitter, strategy } = this;
    if (emitter.active) emitter.emit({ type: 'retry.recovered', strategy, attempt });
    return this.settled.value;
  }

  /** Waits until the next attempt may start. */
  private async prepare({ attemptNumber, retriesLeft }: RetryContext): Promise<void> {
    const { call, emitter, strategy, settled } = this;
    const cause = settled.ok ? settled.value : settled.error;
    if (!settled.ok) this.collect(settled.error);
    const delayMs = this.nextDelay(cause, attemptNumber, retriesLeft);
    const attempt = attemptNumber + 1;
    if (emitter.active) {
      emitter.emit(withCause({ type: 'retry.scheduled', strategy, attempt, delayMs }, cause));
    }
    await sleep(delayMs, call, this.rules.settings.clock);
    // The timer of the wait may have been late, and the one of the deadline may follow only after it.
    if (this.isLate(0)) throw this.giveUp('deadline', attemptNumber, cause);
  }

  /** Decides whether there shall be another attempt, and after how many milliseconds; throws when there shall not. */
  private nextDelay(cause: unknown, attempt: number, retriesLeft: number): number {
    const { call, rules } = this;
    if (call.ended || call.committed) throw FAILED;
    const mendable = this.settled.ok || rules.mayMend(cause, attempt);
    const refused = !this.settled.ok && isAdmissionRejection(cause);
    if (!refused) rules.record(!mendable, this.price, call);
    if (!mendable || !rules.mayRepeat(cause, call)) throw FAILED;
    if (retriesLeft === 0) throw this.giveUp('attempts', attempt, cause);
    const retryAfterMs = rules.retryAfter(cause);
    if (retryAfterMs === Infinity) throw FAILED;
    this.backoffMs = rules.backoff(attempt, this.backoffMs, cause);
    const delayMs = this.backoffMs + retryAfterMs;
    if (this.isLate(delayMs)) throw this.giveUp('deadline', attempt, cause);
    // What was refused put no load on anyone, so its repetition is free.
    this.price = refused ? 0 : rules.withdraw(cause, call);
    if (this.price === 0 && !refused) throw this.giveUp('budget', attempt, cause);
    return delayMs;
  }

  private isLate(delayMs: number): boolean {
    const remainingMs = this.call.remainingMs();
    return remainingMs !== undefined && delayMs + this.rules.settings.minAttemptMs >= remainingMs;
  }

  /** Counts and tells why a call ends that might have been mended. */
  private giveUp(what: keyof typeof GIVEN_UP, attempt: number, cause: unknown): Error {
    const { emitter, strategy } = this;
    const [count, type] = GIVEN_UP[what];
    this.counts[count]++;
    if (emitter.active) emitter.emit(withCause({ type, strategy, attempt }, cause));
    return FAILED;
  }

  private collect(error: unknown): void {
    if (!this.rules.settings.collectErrors) return;
    if (this.errors.push(error) > MAX_COLLECTED) this.errors.shift();
  }

  /** What the caller gets when there are no more attempts. */
  private outcome(): unknown {
    const { errors, settled } = this;
    if (settled.ok) return settled.value;
    if (errors.length < 2) throw settled.error;
    throw new AggregateError(errors, `${this.strategy}: all attempts failed`, { cause: settled.error });
  }
}

function settle(result: Promise<unknown>): Promise<Settled> {
  return result.then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error }),
  );
}
