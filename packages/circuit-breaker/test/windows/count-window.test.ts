import { countWindow } from '@holdfast/circuit-breaker';
import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const start = (calls: number) => countWindow({ calls }).start(manualClock());

describe('countWindow', () => {
  it('counts the last calls exactly, for any history and size', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.boolean(), { maxLength: 300, size: 'max' }),
        (size, history) => {
          const window = start(size);
          history.forEach((hit, i) => {
            window.record(hit);
            const last = history.slice(Math.max(0, i + 1 - size), i + 1);
            expect([window.calls, window.hits]).toEqual([last.length, last.filter(Boolean).length]);
          });
        },
      ),
    );
  });

  it('forgets everything when reset', () => {
    const window = start(3);
    for (let i = 0; i < 5; i++) window.record(true);
    window.reset();
    expect([window.calls, window.hits]).toEqual([0, 0]);
    window.record(false);
    expect([window.calls, window.hits]).toEqual([1, 0]);
  });

  it('goes on in another window from where it was saved', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 90, size: 'max' }),
        fc.array(fc.boolean(), { maxLength: 90, size: 'max' }),
        (before, after) => {
          const [one, other] = [start(40), start(40)];
          for (const hit of before) one.record(hit);
          for (const hit of after) other.record(!hit);
          other.load(JSON.parse(JSON.stringify(one.save())) as number[], 0);
          for (const hit of after) {
            one.record(hit);
            other.record(hit);
            expect([other.calls, other.hits]).toEqual([one.calls, one.hits]);
          }
        },
      ),
    );
  });

  it('ignores the memory of a window of another size', () => {
    const [one, other] = [start(40), start(41)];
    one.record(true);
    other.load(one.save(), 0);
    other.load([], 0);
    expect(other.calls).toBe(0);
  });

  it.each([
    ['a place beyond its end', [3, 3, 0, 0, 0]],
    ['no place', [3, 0.5, 0, 0, 0]],
    ['more calls than it holds', [4, 0, 0, 0, 0]],
    ['less than no calls', [-1, 0, 0, 0, 0]],
  ])('ignores a memory of %s', (_, memory) => {
    const window = start(3);
    window.load(memory, 0);
    for (let i = 0; i < 4; i++) window.record(true);
    expect([window.calls, window.hits]).toEqual([3, 3]);
  });

  it('may hold 1 to 1,000,000 calls', () => {
    expect(() => countWindow({ calls: 0 })).toThrow('countWindow: calls must be an integer >= 1');
    expect(() => countWindow({ calls: 1_000_001 })).toThrow(RangeError);
    expect(countWindow().maxCalls).toBe(100);
  });
});
