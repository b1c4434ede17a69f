import {
  circuitBreaker,
  countWindow,
  failureRatio,
  timeWindow,
  type CallWindow,
} from '@holdfast/circuit-breaker';
import * as cockatiel from 'cockatiel';
import Opossum from 'opossum';
import { bareFailure } from '../baseline.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';
import { fail } from '../operations.ts';

const about = `A call that fails while the breaker stays closed, with many other calls in its window. Before every batch
of calls the window is filled anew, off the clock; for opossum, which keeps them, with latencies up to 100 ms.`;

const SIZES = [0, 1_000, 100_000];
const BATCH = 500;
/** A window that forgets nothing while the suite runs. */
const HOUR_MS = 3_600_000;

export const failing = timingSuite('failing', about, () => [
  bareFailure,
  ...SIZES.map((calls) => ours('count window', calls, countWindow({ calls: 200_000 }))),
  ...SIZES.map((calls) => ours('time window', calls, timeWindow({ windowMs: HOUR_MS }))),
  ...SIZES.map(opossum),
  ...SIZES.map(peer),
]);

const named = (calls: number) => `${calls.toLocaleString('en')} calls in the window`;

function ours(name: string, calls: number, window: CallWindow): TimedCase {
  // Nothing opens below so many calls.
  const tripRule = failureRatio({ window, minCalls: 200_000 });
  let circuit = circuitBreaker({ tripRule });
  return {
    name: `${name}, ${named(calls)}`,
    subject: 'holdfast',
    ending: 'rejects',
    maxOpsPerBatch: BATCH,
    prepare() {
      circuit = circuitBreaker({ tripRule });
      for (let call = 0; call < calls; call++) circuit.record(circuit.tryAcquire(), 'success');
    },
    op: () => circuit.execute(fail),
    target: { atMost: { ratio: 2 } },
  };
}

function opossum(calls: number): TimedCase {
  let circuit: Opossum | undefined;
  return {
    name: named(calls),
    subject: 'opossum',
    ending: 'rejects',
    maxOpsPerBatch: calls > 1_000 ? 2 : 20,
    prepare() {
      circuit?.shutdown();
      // Above 100 % the circuit never opens.
      const options = {
        timeout: false,
        errorThresholdPercentage: 101,
        rollingCountTimeout: HOUR_MS,
      } as const;
      circuit = new Opossum(fail, options);
      // Public, but left out of the types.
      const status = circuit.status as unknown as { increment(kind: string, latencyMs: number): void };
      for (let call = 0; call < calls; call++) status.increment('successes', (call * 37) % 101);
    },
    op: () => circuit?.fire(),
  };
}

function peer(calls: number): TimedCase {
  let policy: cockatiel.CircuitBreakerPolicy | undefined;
  return {
    name: `count window, ${named(calls)}`,
    subject: 'cockatiel',
    ending: 'rejects',
    maxOpsPerBatch: BATCH,
    prepare() {
      const breaker = new cockatiel.CountBreaker({ threshold: 0.5, size: 200_000 });
      for (let call = 0; call < calls; call++) breaker.success(cockatiel.CircuitState.Closed);
      policy = cockatiel.circuitBreaker(cockatiel.handleAll, { halfOpenAfter: 30_000, breaker });
    },
    op: () => policy?.execute(fail),
  };
}
