import { circuitBreaker, type CircuitBreaker } from '@holdfast/circuit-breaker';
import { pipeline, type Strategy } from '@holdfast/pipeline';
import { retry, retryBudget } from '@holdfast/retry';
import { timeout } from '@holdfast/timeout';
import { BodyTooLargeError } from './proxy/errors.ts';

/** What {@link createGuard} takes. */
export interface GuardOptions {
  /** How long a request may take altogether, in milliseconds. */
  readonly totalMs: number;
  /** How long the upstream may take to begin its answer, in milliseconds. */
  readonly firstItemMs: number;
  /** How long the upstream may pause within its answer, in milliseconds. */
  readonly idleMs: number;
  /** How long the circuit stays open, in milliseconds. */
  readonly openMs: number;
  /** The wait before a first retry, in milliseconds; it doubles from one to the next. */
  readonly backoffMs: number;
}

/** What stands between the clients and the upstream. */
export interface Guard {
  readonly strategy: Strategy;
  readonly breaker: CircuitBreaker;
  /** How long a request may take altogether, in milliseconds. */
  readonly totalMs: number;
  /** Limits of every stream; see `StreamOptions`. */
  readonly limits: { readonly firstItemMs: number; readonly idleMs: number };
}

/**
 * Guards one upstream: a deadline around everything, retries within a budget, and a circuit around each attempt.
 *
 * The limits of an attempt are those of its stream, because they count only the time that the upstream takes. A timeout
 * inside the breaker would count that of the client too, and blame the upstream for a client that reads slowly.
 */
export function createGuard({ totalMs, firstItemMs, idleMs, openMs, backoffMs }: GuardOptions): Guard {
  const breaker = circuitBreaker({
    name: 'upstream',
    openMs,
    classifyError: (error) => (error instanceof BodyTooLargeError ? 'ignored' : undefined),
  });
  const strategy = pipeline(
    timeout({ name: 'request', timeoutMs: totalMs }),
    retry({
      maxAttempts: 3,
      baseDelayMs: backoffMs,
      idempotent: ({ repeatable }) => repeatable === 'yes',
      // In an outage retries add a fifth to the load, not two more of everything.
      budget: retryBudget({ ratio: 0.2 }),
    }),
    breaker,
  );
  return { strategy, breaker, totalMs, limits: { firstItemMs, idleMs } };
}
