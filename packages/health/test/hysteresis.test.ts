import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Hysteresis } from '../src/hysteresis.ts';
import type { HealthState } from '../src/state.ts';

type Found = 'up' | 'degraded' | 'down';

const after = (found: readonly Found[], failureThreshold = 1, successThreshold = 1) => {
  const hysteresis = new Hysteresis({ failureThreshold, successThreshold });
  return found.reduce<HealthState>((state, each) => hysteresis.next(state, each), 'unknown');
};

describe('hysteresis', () => {
  test('nobody knows anything before the first run', () => {
    expect(after([])).toBe('unknown');
  });

  test('the first run counts at once, whatever the thresholds', () => {
    expect(after(['down'], 3, 3)).toBe('down');
    expect(after(['up'], 3, 3)).toBe('up');
  });

  test('it takes failureThreshold failures in a row to be down', () => {
    expect(after(['up', 'down', 'down'], 3)).toBe('up');
    expect(after(['up', 'down', 'down', 'up', 'down', 'down'], 3)).toBe('up');
    expect(after(['up', 'down', 'down', 'down'], 3)).toBe('down');
  });

  test('it takes successThreshold runs in a row that do not fail to come back', () => {
    expect(after(['down', 'up'], 1, 2)).toBe('down');
    expect(after(['down', 'up', 'down', 'up'], 1, 2)).toBe('down');
    expect(after(['down', 'degraded', 'up'], 1, 2)).toBe('up');
  });

  test('up and degraded follow each other at once', () => {
    expect(after(['up', 'degraded'], 3, 3)).toBe('degraded');
    expect(after(['degraded', 'up'], 3, 3)).toBe('up');
  });

  test('agrees with a look at the whole history', () => {
    const results = fc.array(fc.constantFrom<Found>('up', 'degraded', 'down'), {
      minLength: 1,
      maxLength: 40,
    });
    const threshold = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(results, threshold, threshold, (found, failures, successes) => {
        let expected: Found = found[0] as Found;
        for (let end = 2; end <= found.length; end++) {
          const lastFew = (count: number) => (end >= count ? found.slice(end - count, end) : []);
          const newest = found[end - 1] as Found;
          const fails = lastFew(failures);
          const passes = lastFew(successes);
          if (newest === 'down') {
            if (fails.length > 0 && fails.every((each) => each === 'down')) expected = 'down';
          } else if (expected !== 'down' || (passes.length > 0 && passes.every((each) => each !== 'down'))) {
            expected = newest;
          }
        }
        expect(after(found, failures, successes)).toBe(expected);
      }),
    );
  });
});
