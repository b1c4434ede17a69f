import { exponentialOpen, retryAfterOpen, type Opening } from '@holdfast/circuit-breaker';
import { seededRandom } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rig } from '../rig.ts';

const opening = (openings: number, error?: unknown): Opening => ({ openings, cause: 'failures', error });

describe('exponentialOpen', () => {
  it('grows by the factor up to the maximum', () => {
    const openMs = exponentialOpen({ baseMs: 100, factor: 3, maxMs: 1_000, jitterRatio: 0 });
    expect([1, 2, 3, 4, 5].map((n) => openMs(opening(n)))).toEqual([100, 300, 900, 1_000, 1_000]);
  });

  it('stays within its bounds, whatever the number of openings', () => {
    const ratio = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), ratio, fc.integer(), (n, jitterRatio, seed) => {
        const openMs = exponentialOpen({
          baseMs: 100,
          maxMs: 5_000,
          jitterRatio,
          random: seededRandom(seed),
        });
        const fullMs = Math.min(5_000, 100 * 2 ** (n - 1));
        const ms = openMs(opening(n));
        expect(ms).toBeLessThanOrEqual(fullMs);
        expect(ms).toBeGreaterThanOrEqual(fullMs * (1 - jitterRatio) - 1e-9);
      }),
    );
  });

  it('keeps a base of 0', () => {
    expect(exponentialOpen({ baseMs: 0 })(opening(2_000))).toBe(0);
  });

  it('takes its chance from the platform by default', () => {
    const openMs = exponentialOpen({ baseMs: 100 })(opening(1));
    expect(openMs).toBeGreaterThanOrEqual(80);
    expect(openMs).toBeLessThanOrEqual(100);
  });

  it.each([{ factor: 0.5 }, { jitterRatio: 2 }, { baseMs: -1 }, { maxMs: 1.5 }])('refuses %j', (options) => {
    expect(() => exponentialOpen(options)).toThrow(RangeError);
  });
});

describe('retryAfterOpen', () => {
  it('takes what the error says, up to the maximum', () => {
    const openMs = retryAfterOpen({ maxMs: 5_000 });
    expect(openMs(opening(1, { retryAfterMs: 1_234 }))).toBe(1_234);
    expect(openMs(opening(1, { retryAfterMs: 0 }))).toBe(0);
    expect(openMs(opening(1, { retryAfterMs: 1e9 }))).toBe(5_000);
    expect(openMs(opening(1, { retryAfterMs: Infinity }))).toBe(5_000);
  });

  it.each([undefined, null, 'text', {}, { retryAfterMs: -1 }, { retryAfterMs: NaN }, { retryAfterMs: '5' }])(
    'takes the other time for %j',
    (error) => {
      expect(retryAfterOpen()(opening(1, error))).toBe(30_000);
      expect(retryAfterOpen({ otherwiseMs: 7 })(opening(1, error))).toBe(7);
      expect(retryAfterOpen({ otherwiseMs: ({ openings }) => openings * 10 })(opening(3, error))).toBe(30);
    },
  );

  it('reads as it is told to', () => {
    const read = (error: unknown) => (error as { headers: { after: number } }).headers.after * 1_000;
    expect(retryAfterOpen({ read })(opening(1, { headers: { after: 2 } }))).toBe(2_000);
  });

  it('reports a reader that throws, and opens for 30 s', async () => {
    const openMs = retryAfterOpen({
      read: () => {
        throw new Error('reader');
      },
    });
    const { breaker, reported, recorder } = rig({ openMs });
    for (let i = 0; i < 5; i++) breaker.record(breaker.tryAcquire(), 'failure');
    expect(recorder.events).toMatchObject([{ openMs: 30_000 }]);
    expect(reported).toEqual([new Error('reader')]);
  });

  it('opens for as long as the failing response says', async () => {
    const { breaker, clock } = rig({ openMs: retryAfterOpen() });
    for (let i = 0; i < 5; i++)
      await breaker.try(() => Promise.reject(Object.assign(new Error(), { retryAfterMs: 50 })));
    await clock.advance(49);
    expect(await breaker.try(() => 1)).toMatchObject({ error: { retryAfterMs: 1 } });
    await clock.advance(1);
    expect((await breaker.try(() => 1)).ok).toBe(true);
  });
});
