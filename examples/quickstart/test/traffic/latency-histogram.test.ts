import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LatencyHistogram } from '../../src/traffic/latency-histogram.ts';

it('has no percentiles of nothing', () => {
  expect(new LatencyHistogram().percentiles()).toEqual({ p50: null, p99: null });
});

it('is right within a tenth', () => {
  const durations = fc.array(fc.double({ min: 0.1, max: 60_000, noNaN: true }), {
    minLength: 1,
    maxLength: 300,
  });
  fc.assert(
    fc.property(durations, (all) => {
      const histogram = new LatencyHistogram();
      for (const ms of all) histogram.record(ms);
      const sorted = all.toSorted((a, b) => a - b);
      const exact = (share: number) => sorted[Math.ceil(all.length * share) - 1] ?? NaN;
      const { p50, p99 } = histogram.percentiles();
      for (const [found, ms] of [
        [p50, exact(0.5)],
        [p99, exact(0.99)],
      ] as const) {
        // Shown in tenths of a millisecond.
        expect(found).toBeGreaterThanOrEqual(ms - 0.06);
        expect(found).toBeLessThanOrEqual(ms * 1.1 + 0.06);
      }
    }),
  );
});

it.each([0, 1e-9, 1e9, Infinity])('takes a duration of %d ms', (ms) => {
  const histogram = new LatencyHistogram();
  histogram.record(ms);
  expect(histogram.percentiles().p99).toBeGreaterThan(0);
});

it('adds up', () => {
  const [one, other] = [new LatencyHistogram(), new LatencyHistogram()];
  for (let i = 0; i < 98; i++) one.record(1);
  other.record(1_000);
  other.record(1_000);
  one.add(other);
  expect(one.percentiles().p50).toBeCloseTo(1, 0);
  expect(one.percentiles().p99).toBeGreaterThan(999);
});
