import { describe, expect, it } from 'vitest';
import * as protections from '../../src/simulation/protections.ts';
import { simulateStorm, type Storm } from '../../src/simulation/simulate-storm.ts';

/** Small, but long enough for what a budget has saved not to matter. */
const STORM: Storm = {
  clients: 2,
  callsPerSecond: 40,
  capacityPerSecond: 48,
  outageAt: 10,
  outageSeconds: 40,
  endAt: 90,
  seed: 3,
};

describe('simulateStorm', () => {
  it('sends each call once where nothing retries', async () => {
    const { load, goodputAfter, recoveredAfter } = await simulateStorm(STORM, protections.nothing);
    expect(load).toBe(1);
    expect(goodputAfter).toBe(1);
    expect(recoveredAfter).toBe(0);
  });

  it.each([
    ['Holdfast without a budget', protections.holdfastRetry],
    ['p-retry', protections.pRetryAlone],
    ['cockatiel', protections.cockatielAlone],
  ])(
    'multiplies the load by about four with three retries of %s, and keeps the dependency down',
    async (_, protect) => {
      const { load, recoveredAfter } = await simulateStorm(STORM, protect);
      expect(load).toBeGreaterThan(3.8);
      expect(load).toBeLessThanOrEqual(4);
      expect(recoveredAfter).toBeNull();
    },
  );

  it('adds no more load than a token budget has tokens for', async () => {
    const { load, goodputAfter } = await simulateStorm(STORM, protections.holdfastTokenBudget);
    expect(load).toBeLessThanOrEqual(1.1);
    expect(goodputAfter).toBeGreaterThan(0.99);
  });

  it('adds no more load than a ratio budget allows', async () => {
    const { calls, load, recoveredAfter } = await simulateStorm(STORM, protections.holdfastRatioBudget);
    // What every client has saved up, and is given over time: 10 retries, and one in ten seconds.
    const extra = STORM.clients * (10 + 0.1 * STORM.outageSeconds);
    expect(load).toBeLessThanOrEqual(1 + 0.1 + extra / calls);
    expect(recoveredAfter).toBe(0);
  });

  it('spares the dependency with a breaker, and lets it recover', async () => {
    const { load, recoveredAfter } = await simulateStorm(STORM, protections.holdfastBreaker);
    expect(load).toBeLessThanOrEqual(0.1);
    expect(recoveredAfter).not.toBeNull();
    // An open circuit is tried again after 30 s.
    expect(recoveredAfter).toBeLessThanOrEqual(31);
  });

  it.each([
    ['cockatiel', protections.cockatielBreaker(30_000)],
    ['opossum', protections.opossumBreaker(30_000)],
  ])('runs the breaker of %s in virtual time', async (_, protect) => {
    const { load } = await simulateStorm(STORM, protect);
    expect(load).toBeGreaterThan(0);
    expect(load).toBeLessThan(1);
  });

  it('plays the same storm again from the same seed, whoever draws the jitter', async () => {
    const short = { ...STORM, outageSeconds: 10, endAt: 40 };
    for (const protect of [protections.holdfastRetry, protections.pRetryAlone, protections.cockatielAlone]) {
      expect(await simulateStorm(short, protect)).toEqual(await simulateStorm(short, protect));
    }
    const other = await simulateStorm({ ...short, seed: 4 }, protections.holdfastRetry);
    expect(other).not.toEqual(await simulateStorm(short, protections.holdfastRetry));
  });
});
