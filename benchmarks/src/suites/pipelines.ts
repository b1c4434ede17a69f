import {
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleAll,
  retry,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';
import Opossum from 'opossum';
import pRetry from 'p-retry';
import { bareCall } from '../baseline.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';
import { succeed, succeedWithSignal } from '../operations.ts';

const about = `A call that succeeds at its first attempt, through retry, breaker and timeout.`;

export const pipelines = timingSuite('pipeline', about, () => [
  bareCall,
  cockatiel('retry, breaker, timeout: cooperative', TimeoutStrategy.Cooperative, succeed),
  cockatiel('retry, breaker, timeout: strict', TimeoutStrategy.Aggressive, succeed),
  cockatiel('retry, breaker, timeout: strict, signal read', TimeoutStrategy.Aggressive, succeedWithSignal),
  retriedOpossum(),
]);

function cockatiel(
  name: string,
  strategy: TimeoutStrategy,
  operation: (context: { readonly signal: AbortSignal }) => Promise<number>,
): TimedCase {
  const policy = wrap(
    retry(handleAll, { maxAttempts: 2, backoff: new ExponentialBackoff() }),
    circuitBreaker(handleAll, { halfOpenAfter: 30_000, breaker: new ConsecutiveBreaker(5) }),
    timeout(1_000, strategy),
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
