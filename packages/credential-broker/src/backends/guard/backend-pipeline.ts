import { circuitBreaker, consecutiveFailures, type CircuitBreaker } from '@holdfast/circuit-breaker';
import { bulkhead, rateLimit, tokenBucket, type RateLimit } from '@holdfast/limiter';
import { isTimeout, pipeline, type Outcome, type Strategy } from '@holdfast/pipeline';
import { retry, retryBudget } from '@holdfast/retry';
import { timeout } from '@holdfast/timeout';
import type { Backend } from '../backend.ts';
import { BackendError } from '../backend-error.ts';
import type { GuardSettings } from './options.ts';

/** Calls that wait for a place. */
const MAX_QUEUE = 1_000;

/** What every call to a backend goes through. */
export interface BackendPipeline {
  readonly guarded: Strategy;
  readonly breaker: CircuitBreaker;
  /** Nothing where the provider sets no quota. */
  readonly limit: RateLimit | undefined;
}

/** Only what the backend did not answer counts against it: that something is missing or forbidden is an answer. */
function judge(error: unknown): Outcome {
  if (isTimeout(error) || !(error instanceof BackendError)) return 'failure';
  if (error.failure === 'quota') return 'ignored';
  return error.failure === 'unavailable' ? 'failure' : 'success';
}

function mayRetry(error: unknown, attempt: number): boolean {
  if (!(error instanceof BackendError)) return isTimeout(error);
  // What is refused and may pass a moment later is asked for once more, and no oftener.
  return error.transient && (error.failure === 'unavailable' || attempt === 1);
}

function quotaLimit({ kind, quota }: Backend, settings: GuardSettings): RateLimit | undefined {
  if (quota === undefined) return undefined;
  const { quotaRatio, quotaStore, clock } = settings;
  const { windowMs, perCall } = quota;
  const limit = Math.max(perCall, Math.floor(quota.requests * quotaRatio));
  // A process that starts over and over again, or whose store is silent, must not find a full bucket each time.
  const burst = Math.min(limit, Math.max(10 * perCall, (limit * 60_000) / windowMs));
  const bucket = tokenBucket({ limit, windowMs, burst });
  // A store goes by what passes in a window; the bucket decides where it is silent.
  const rule = quotaStore === undefined ? bucket : { ...bucket, limit };
  return rateLimit({ name: `${kind} quota`, rule, count: 'cost', store: quotaStore, clock });
}

/** Builds what guards a backend. Names go into events and errors, so they hold only the kind of the backend. */
export function backendPipeline(backend: Backend, settings: GuardSettings): BackendPipeline {
  const { timeoutMs, maxAttempts, failures, openMs, maxConcurrent, clock, random } = settings;
  const { kind } = backend;
  const breaker = circuitBreaker({
    name: kind,
    tripRule: consecutiveFailures({ failures }),
    openMs,
    // One caller finds out whether it is back, and not all of them.
    maxProbes: 1,
    successesToClose: 1,
    classifyError: judge,
    clock,
  });
  const limit = quotaLimit(backend, settings);
  const inner = [
    retry({
      name: kind,
      maxAttempts,
      baseDelayMs: 100,
      maxDelayMs: 1_000,
      maxRetryAfterMs: 1_000,
      retryIf: mayRetry,
      budget: retryBudget({ clock }),
      idempotent: ({ repeatable }) => repeatable === 'true',
      clock,
      random,
    }),
    bulkhead({ name: kind, maxConcurrent, maxQueue: MAX_QUEUE, maxQueueMs: timeoutMs, clock }),
    breaker,
    ...(limit === undefined ? [] : [limit]),
    timeout({ name: kind, timeoutMs, clock }),
  ];
  return { guarded: pipeline(...inner), breaker, limit };
}
