import { retry, retryBudget } from '@holdfast/retry';
import { describe, expect, it } from 'vitest';
import type { Protection } from '../../src/simulation/protections.ts';
import { simulateFaults } from '../../src/simulation/simulate-faults.ts';

const TRAFFIC = { calls: 3_000, callsPerSecond: 10, seed: 1 };

const attempts =
  (maxAttempts: number): Protection =>
  (ambient) => {
    const strategy = retry({ maxAttempts, ...ambient });
    return (request) => strategy.execute(request);
  };

describe('simulateFaults', () => {
  it('finds what arithmetic says where attempts fail independently', async () => {
    const faults = { failureRatio: 0.4, meanMs: 0 };
    expect(await simulateFaults(faults, TRAFFIC, attempts(2))).toBeCloseTo(1 - 0.4, 1);
    expect(await simulateFaults(faults, TRAFFIC, attempts(3))).toBeCloseTo(1 - 0.4 ** 2, 1);
  });

  it('recovers nothing without retries', async () => {
    expect(await simulateFaults({ failureRatio: 0.4, meanMs: 0 }, TRAFFIC, attempts(1))).toBe(0);
  });

  it('recovers fewer calls the longer faults last', async () => {
    const share = (meanMs: number) => simulateFaults({ failureRatio: 0.05, meanMs }, TRAFFIC, attempts(3));
    const [short, long, longer] = [await share(50), await share(500), await share(20_000)];
    expect(short).toBeGreaterThan(long);
    expect(long).toBeGreaterThan(longer);
  });

  it('recovers no more calls than the budget has retries for', async () => {
    const faults = { failureRatio: 0.4, meanMs: 0 };
    const share = await simulateFaults(faults, TRAFFIC, ({ clock, random }) => {
      const strategy = retry({ maxAttempts: 3, budget: retryBudget({ clock }), clock, random });
      return (request) => strategy.execute(request);
    });
    // 10 saved up, one for ten calls, one for ten seconds; two of five calls fail.
    const seconds = TRAFFIC.calls / TRAFFIC.callsPerSecond;
    expect(share).toBeLessThan((10 + 0.1 * TRAFFIC.calls + 0.1 * seconds) / (0.38 * TRAFFIC.calls));
  });
});
