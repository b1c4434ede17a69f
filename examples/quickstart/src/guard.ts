import { circuitBreaker, type CircuitBreaker } from '@holdfast/circuit-breaker';
import { budgetMetrics, callMetrics, observe, type Metrics } from '@holdfast/metrics';
import { pipeline, type Strategy } from '@holdfast/pipeline';
import { retry, retryBudget } from '@holdfast/retry';
import { timeout } from '@holdfast/timeout';
import { BodyTooLargeError } from './proxy/errors.ts';

/** What {@link createGuard} takes. */
export interface GuardOptions {
  /** Where what happens is counted. */
  readonly metrics: Metrics;
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
export function createGuard(options: GuardOptions): Guard {
  const { metrics, totalMs, firstItemMs, idleMs, openMs, backoffMs } = options;
  const deadline = timeout({ name: 'request', timeoutMs: totalMs });
  const retries = retry({
    name: 'upstream',
    maxAttempts: 3,
    baseDelayMs: backoffMs,
    idempotent: ({ repeatable }) => repeatable === 'yes',
    // In an outage retries add a fifth to the load, not two more of everything.
    budget: budgetMetrics(metrics, 'upstream', retryBudget({ ratio: 0.2 })),
  });
  const breaker = circuitBreaker({
    name: 'upstream',
    openMs,
    classifyError: (error) => (error instanceof BodyTooLargeError ? 'ignored' : undefined),
  });
  for (const strategy of [deadline, retries, breaker]) observe(metrics, strategy);
  const strategy = pipeline(callMetrics(metrics, { name: 'upstream' }), deadline, retries, breaker);
  return { strategy, breaker, totalMs, limits: { firstItemMs, idleMs } };
}
