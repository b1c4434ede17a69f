import { manualClock } from '@holdfast/pipeline/testing';
import { vi } from 'vitest';
import { createHealth, type CheckReport, type HealthCheck } from '../../src/index.ts';

const TIMEOUT_MS = 1_000;

/** Waits for what another process or a socket brings about. */
export const eventually = (assertion: () => unknown) =>
  vi.waitFor(assertion, { timeout: 30_000, interval: 10 });

/** A health of one check that runs whenever it is asked. Its time stands still, so that a timeout takes none. */
export function probing(check: HealthCheck) {
  const clock = manualClock();
  const health = createHealth({
    clock,
    alerts: [],
    checks: [{ ...check, timeoutMs: TIMEOUT_MS, ttlMs: 0, staleMs: 0, refreshMs: Infinity }],
  });
  const result = async (): Promise<CheckReport | undefined> => (await health.check()).checks[0];
  return {
    health,
    /** Runs the check, and waits for what it finds. */
    probe: result,
    /** Runs the check until its timeout. */
    probeInVain: async () => {
      const found = result();
      await clock.advance(TIMEOUT_MS);
      return found;
    },
    /** Fires what is due, e.g. the end of a wait of 0 ms. */
    letTimersFire: (ms = 0) => clock.advance(ms),
    stats: () => health.stats()[0],
    [Symbol.dispose]: () => health.close(),
  };
}
