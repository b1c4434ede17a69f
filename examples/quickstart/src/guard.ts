import { circuitBreaker, type CircuitBreaker } from '@holdfast/circuit-breaker';
import { budgetMetrics, callMetrics, observe, type Metrics } from '@holdfast/metrics';
import {
  pipeline,
  type Operation,
  type Strategy,
  type StreamOptions,
  type StreamSource,
} from '@holdfast/pipeline';
import { retry, retryBudget } from '@holdfast/retry';
import { timeout } from '@holdfast/timeout';
import { BodyTooLargeError } from './proxy/errors.ts';
import type { Part } from './proxy/upstream-call.ts';

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

/** Something that counts what it does, and tells of it. */
export interface Counting {
  readonly name?: string;
  stats(): object;
  subscribe?(listener: (event: { readonly type: string }) => void): () => void;
}

/** What turns attempts at a request into an answer. */
export interface Answering {
  stream(attempt: Operation<StreamSource<Part>>, options: StreamOptions<Part>): AsyncIterable<Part>;
}

/** What stands between the clients and the upstream. */
export interface Guard {
  readonly strategy: Answering;
  /** The strategies that it is made of, for whoever wants to see them at work. */
  readonly parts: readonly Counting[];
  /** The circuit of which the view, the health and the audit log tell, where there is one. */
  readonly breaker?: CircuitBreaker;
  /** How long a request may take altogether, in milliseconds. */
  readonly totalMs: number;
  /** Limits of every stream; see `StreamOptions`. */
  readonly limits: { readonly firstItemMs?: number; readonly idleMs?: number };
  /** Header fields for the answer to a request that was refused. */
  readonly refusalHeaders?: (error: unknown) => object;
  /** Lets go of what it holds. */
  readonly close?: () => void | Promise<void>;
}

/** A guard of strategies, one of them a circuit breaker. */
export interface CircuitGuard extends Guard {
  readonly strategy: Strategy;
  readonly breaker: CircuitBreaker;
}

/**
 * Guards one upstream: a deadline around everything, retries within a budget, and a circuit around each attempt.
 *
 * The limits of an attempt are those of its stream, because they count only the time that the upstream takes. A timeout
 * inside the breaker would count that of the client too, and blame the upstream for a client that reads slowly.
 */
export function createGuard(options: GuardOptions): CircuitGuard {
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
  const parts = [deadline, retries, breaker];
  for (const part of parts) observe(metrics, part);
  const strategy = pipeline(callMetrics(metrics, { name: 'upstream' }), deadline, retries, breaker);
  return { strategy, parts, breaker, totalMs, limits: { firstItemMs, idleMs } };
}
