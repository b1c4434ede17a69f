import Opossum from 'opossum';
import { bareFailure } from '../baseline.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';
import { fail } from '../operations.ts';

const about = `A call that fails while the breaker stays closed, with many other calls in its window. Before every batch
of 20 calls the window is filled anew, off the clock, with latencies between 0 and 100 ms.`;

const WINDOWS = [0, 1_000, 100_000];
const BATCH = 20;

export const failing = timingSuite('failing', about, () => [bareFailure, ...WINDOWS.map(opossum)]);

const named = (calls: number) => `${calls.toLocaleString('en')} calls in the window`;

function opossum(calls: number): TimedCase {
  let circuit: Opossum;
  return {
    name: named(calls),
    subject: 'opossum',
    ending: 'rejects',
    maxOpsPerBatch: BATCH,
    prepare() {
      circuit?.shutdown();
      // Above 100 % the circuit never opens.
      circuit = new Opossum(fail, {
        timeout: false,
        errorThresholdPercentage: 101,
        rollingCountTimeout: 3_600_000,
      });
      // Public, but left out of the types.
      const status = circuit.status as unknown as { increment(kind: string, latencyMs: number): void };
      for (let call = 0; call < calls; call++) status.increment('successes', (call * 37) % 101);
    },
    op: () => circuit.fire(),
  };
}
