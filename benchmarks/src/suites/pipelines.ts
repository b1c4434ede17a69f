import { circuitBreaker } from '@holdfast/circuit-breaker';
import { pipeline, type Operation, type Strategy } from '@holdfast/pipeline';
import { retry } from '@holdfast/retry';
import { timeout } from '@holdfast/timeout';
import * as cockatiel from 'cockatiel';
import Opossum from 'opossum';
import pRetry from 'p-retry';
import { bareCall } from '../baseline.ts';
import type { Limits } from '../harness/suite.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';
import { succeed, succeedWithSignal } from '../operations.ts';

const about = `A call that succeeds at its first attempt, through retry, breaker and timeout. "Four strategies" is the
pipeline of the README: a timeout for the whole call, retry, breaker, and a timeout for the attempt.`;

const { Aggressive, Cooperative } = cockatiel.TimeoutStrategy;

export const pipelines = timingSuite('pipeline', about, () => [
  bareCall,
  ours('retry, breaker, timeout: cooperative', three('cooperative'), succeed, {
    ratio: 5,
    bytesPerOp: 1_024,
  }),
  ours('retry, breaker, timeout: strict', three('strict'), succeed, { ratio: 6, bytesPerOp: 1_434 }),
  ours('retry, breaker, timeout: strict, signal read', three('strict'), succeedWithSignal, { ratio: 10 }),
  ours('four strategies', pipeline(timeout({ timeoutMs: 2_000 }), three('strict')), succeed),
  ours('ten strategies', ten(), succeed),
  peer('retry, breaker, timeout: cooperative', Cooperative, succeed),
  peer('retry, breaker, timeout: strict', Aggressive, succeed),
  peer('retry, breaker, timeout: strict, signal read', Aggressive, succeedWithSignal),
  retriedOpossum(),
]);

function ours(
  name: string,
  strategy: Strategy,
  operation: Operation<number>,
  atMost: Limits = {},
): TimedCase {
  return { name, subject: 'holdfast', op: () => strategy.execute(operation), target: { atMost } };
}

function three(mode: 'strict' | 'cooperative'): Strategy {
  return pipeline(retry({ maxAttempts: 3 }), circuitBreaker(), timeout({ timeoutMs: 1_000, mode }));
}

function ten(): Strategy {
  const limits = [9_000, 8_000, 7_000, 6_000].map((timeoutMs) => timeout({ timeoutMs }));
  const circuits = ['region', 'cluster', 'host'].map((name) => circuitBreaker({ name }));
  return pipeline(...limits, ...circuits, three('strict'));
}

function peer(
  name: string,
  strategy: cockatiel.TimeoutStrategy,
  operation: (context: { readonly signal: AbortSignal }) => Promise<number>,
): TimedCase {
  const policy = cockatiel.wrap(
    cockatiel.retry(cockatiel.handleAll, { maxAttempts: 2, backoff: new cockatiel.ExponentialBackoff() }),
    cockatiel.circuitBreaker(cockatiel.handleAll, {
      halfOpenAfter: 30_000,
      breaker: new cockatiel.ConsecutiveBreaker(5),
    }),
    cockatiel.timeout(1_000, strategy),
  );
  return { name, subject: 'cockatiel', op: () => policy.execute(operation) };
}

function retriedOpossum(): TimedCase {
  const circuit = new Opossum(succeed, { timeout: 1_000 });
  return {
    name: 'p-retry around a breaker with timeout',
    subject: 'opossum',
    op: () => pRetry(() => circuit.fire(), { retries: 2 }),
  };
}
