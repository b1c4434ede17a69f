import { describe, expect, it } from 'vitest';
import { hasRedis } from '../../../scripts/services/redis.ts';
import { sharedCases } from '../../src/redis-team/shared-cases.ts';
import { sharedState } from '../../src/suites/shared-state.ts';

describe.skipIf(!hasRedis)('shared-state', () => {
  it('counts the round trips of each case in several processes', async () => {
    const shares: number[] = [];
    const { baseline, cases } = await sharedState.measure({
      turns: 1,
      turnMs: 20,
      progress: (share) => void shares.push(share),
    });
    expect(baseline).toBe('await fn()');
    expect(cases.map(({ name, subject }) => ({ name, subject }))).toEqual(
      sharedCases.map(({ name, subject }) => ({ name, subject })),
    );
    for (const { nsPerOp, ratio } of cases) {
      expect(nsPerOp).toBeGreaterThan(0);
      expect(ratio).toBeGreaterThan(0);
    }
    const trips = (name: string) =>
      cases.find((each) => each.name === name)?.figures?.['round trips a call'] ?? NaN;
    // What the shared breakers look up in the background is counted, too.
    expect(trips('breaker alone')).toBeLessThan(0.2);
    expect(trips('shared breaker')).toBeLessThan(0.2);
    expect(trips('shared limit, leased')).toBeLessThan(0.2);
    expect(trips('shared limit, leased')).toBeGreaterThan(0);
    expect(trips('shared limit, exact')).toBeGreaterThanOrEqual(1);
    expect(trips('shared limit, fixed window')).toBeGreaterThanOrEqual(1);
    expect(shares).toEqual([0.5, 1]);
  });
});
