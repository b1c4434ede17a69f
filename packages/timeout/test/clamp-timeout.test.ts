import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clampTimeout, MAX_TIMEOUT_MS, MIN_TIMEOUT_MS } from '../src/index.ts';

describe('clampTimeout', () => {
  it.each([
    ['leaves a normal value', 5_000, {}, 5_000],
    ['raises what is below the minimum', 99, {}, 100],
    ['leaves the minimum', 100, {}, 100],
    ['leaves what is just above the minimum', 101, {}, 101],
    ['leaves what is just below the maximum', 599_999, {}, 599_999],
    ['leaves the maximum', 600_000, {}, 600_000],
    ['lowers what is above the maximum', 600_001, {}, 600_000],
    ['raises zero', 0, {}, 100],
    ['raises a negative value', -5, {}, 100],
    ['lowers Infinity', Infinity, {}, 600_000],
    ['takes a minimum of its own', 5, { minMs: 10 }, 10],
    ['takes a maximum of its own', 5_000, { maxMs: 1_000 }, 1_000],
    ['respects a minimum of 0', 0, { minMs: 0 }, 0],
    ['takes bounds that leave one value', 7, { minMs: 50, maxMs: 50 }, 50],
  ])('%s', (_, ms, bounds, expected) => {
    expect(clampTimeout(ms, bounds)).toBe(expected);
  });

  it('answers within the bounds whatever it is given', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (ms) => {
        const clamped = clampTimeout(ms);
        expect(clamped).toBeGreaterThanOrEqual(MIN_TIMEOUT_MS);
        expect(clamped).toBeLessThanOrEqual(MAX_TIMEOUT_MS);
        expect(clampTimeout(clamped)).toBe(clamped);
      }),
    );
  });

  it('refuses NaN, what is no number, and bounds that contradict each other', () => {
    expect(() => clampTimeout(NaN)).toThrow(RangeError);
    expect(() => clampTimeout('5' as unknown as number)).toThrow(TypeError);
    expect(() => clampTimeout(5, { minMs: -1 })).toThrow('clampTimeout: minMs must be a number >= 0, got -1');
    expect(() => clampTimeout(5, { minMs: 10, maxMs: 9 })).toThrow(
      'clampTimeout: maxMs must be a number >= 10, got 9',
    );
  });
});
