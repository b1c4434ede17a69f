import { describe, expect, it } from 'vitest';
import { aimd, gradient, vegas, type LimitEstimate } from '../../src/index.ts';
import { ManyServers, type Dependency } from './many-servers.ts';

const MINUTE_MS = 60_000;
const dependency = (servers: number): Dependency => {
  return { servers, serviceMs: 50, timeoutMs: Infinity, demand: Infinity };
};
const fixed = (limit: number): LimitEstimate => ({ limit, sample: () => undefined });
const SEEDS = [1, 2, 3];

describe('the simulation', () => {
  // A closed M/M/c with N calls: throughput min(N, c) / S, and by Little's law a mean time of N / throughput.
  it.each([
    [4, 10],
    [10, 10],
    [40, 10],
  ])('of %i calls at %i servers does what theory says', (calls, servers) => {
    const sim = new ManyServers(fixed(calls), dependency(servers), 11);
    const { callsPerMs, meanMs } = sim.run(20 * MINUTE_MS);
    const theory = Math.min(calls, servers) / 50;
    expect(callsPerMs / theory).toBeCloseTo(1, 1);
    expect((meanMs * theory) / calls).toBeCloseTo(1, 1);
  });
});

describe.each([
  ['vegas', vegas, 2.3],
  ['gradient', gradient, 3],
])('%s', (_, make, longestRatio) => {
  describe.each(SEEDS)('with the seed %i', (seed) => {
    it.each([10, 50])('uses %i servers, and lets no long queue build up at them', (servers) => {
      const sim = new ManyServers(make().start(), dependency(servers), seed);
      sim.run(2 * MINUTE_MS);
      const seen = sim.run(4 * MINUTE_MS);
      expect(seen.callsPerMs).toBeGreaterThan((0.94 * servers) / 50);
      expect(seen.meanMs).toBeLessThan(longestRatio * 50);
    });

    it('follows a dependency that loses half its servers, and gets them back', () => {
      const changing = dependency(50);
      const sim = new ManyServers(make().start(), changing, seed);
      const whole = (sim.run(2 * MINUTE_MS), sim.run(2 * MINUTE_MS));
      changing.servers = 25;
      const half = (sim.run(2 * MINUTE_MS), sim.run(2 * MINUTE_MS));
      changing.servers = 50;
      const again = (sim.run(2 * MINUTE_MS), sim.run(2 * MINUTE_MS));
      expect(half.meanLimit).toBeLessThan(0.75 * whole.meanLimit);
      expect(half.meanMs).toBeLessThan(longestRatio * 50);
      expect(again.callsPerMs).toBeGreaterThan(0.94);
      expect(again.meanMs).toBeLessThan(longestRatio * 50);
    });

    it('is there at once when the load comes back', () => {
      const changing = dependency(50);
      const sim = new ManyServers(make().start(), changing, seed);
      sim.run(4 * MINUTE_MS);
      changing.demand = 1;
      sim.run(10 * MINUTE_MS);
      changing.demand = Infinity;
      expect(sim.run(MINUTE_MS).callsPerMs).toBeGreaterThan(0.9);
    });
  });

  it('does not drift in a day under load', () => {
    const sim = new ManyServers(make().start(), dependency(4), 1);
    sim.run(10 * MINUTE_MS);
    const early = sim.run(30 * MINUTE_MS);
    for (let hour = 0; hour < 23; hour++) sim.run(60 * MINUTE_MS);
    const late = sim.run(30 * MINUTE_MS);
    expect(late.meanLimit / early.meanLimit).toBeGreaterThan(0.6);
    expect(late.meanLimit / early.meanLimit).toBeLessThan(1.6);
    expect(late.callsPerMs).toBeGreaterThan((0.94 * 4) / 50);
  });
});

describe('aimd', () => {
  it.each(SEEDS)('keeps calls below the time at which they count as failed (seed %i)', (seed) => {
    const sim = new ManyServers(aimd().start(), { ...dependency(10), timeoutMs: 500 }, seed);
    sim.run(MINUTE_MS);
    const seen = sim.run(4 * MINUTE_MS);
    expect(seen.callsPerMs).toBeGreaterThan((0.94 * 10) / 50);
    expect(seen.meanMs).toBeLessThan(400);
    expect(seen.highestLimit).toBeLessThan(90);
  });
});
