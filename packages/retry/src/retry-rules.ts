import { isAdmissionRejection, reportListenerError, type Call } from '@holdfast/pipeline';
import { ask } from './ask.ts';
import { backoffMs } from './backoff.ts';
import { isIdempotent } from './idempotent.ts';
import { isTransient } from './is-transient.ts';
import { neverStarted } from './never-started.ts';
import type { RetrySettings } from './options.ts';
import { retryAfterOf } from './retry-after.ts';

/** The opinions of a retry: its options, safe to ask. What user code throws is reported and changes nothing. */
export class RetryRules {
  readonly settings: RetrySettings;

  constructor(settings: RetrySettings) {
    this.settings = settings;
  }

  /** Whether a result is to be treated as a failure. */
  refuses(value: unknown): boolean {
    const { retryOnResult, onListenerError } = this.settings;
    return retryOnResult !== undefined && ask(() => retryOnResult(value), false, onListenerError);
  }

  /** Whether another attempt may mend an error. */
  mayMend(error: unknown, attempt: number): boolean {
    const { retryIf, retryRejections, onListenerError } = this.settings;
    if (isAdmissionRejection(error)) return retryRejections;
    return ask(() => retryIf(error, attempt), undefined, onListenerError) ?? isTransient(error);
  }

  /** Whether the operation may run again after an attempt that failed. */
  mayRepeat(cause: unknown, { attributes }: Call): boolean {
    return isIdempotent(this.settings, attributes) || neverStarted(cause);
  }

  /** How long to back off; `previousMs` is the delay before the last one. */
  backoff(retry: number, previousMs: number, cause: unknown): number {
    const { backoff, maxDelayMs, onListenerError } = this.settings;
    if (typeof backoff === 'string') return backoffMs(backoff, retry, previousMs, this.settings);
    const chosenMs = ask(() => backoff(retry, cause), undefined, onListenerError);
    if (chosenMs !== undefined && chosenMs >= 0) return Math.min(chosenMs, maxDelayMs);
    if (chosenMs !== undefined) {
      reportListenerError(
        onListenerError,
        new RangeError(`retry: backoff must return a number >= 0, got ${chosenMs}`),
      );
    }
    return backoffMs('full-jitter', retry, previousMs, this.settings);
  }

  /** How long the upstream asks to be left alone, clamped; `Infinity` means for ever. */
  retryAfter(cause: unknown): number {
    const { clock, maxRetryAfterMs, onListenerError } = this.settings;
    const askedMs = ask(() => retryAfterOf(cause, clock), undefined, onListenerError) ?? 0;
    return askedMs === Infinity ? Infinity : Math.min(askedMs, maxRetryAfterMs);
  }
}
