import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { passes, worse, type HealthState } from '../src/state.ts';

const ALL: readonly HealthState[] = ['up', 'degraded', 'unknown', 'down'];
const state = fc.constantFrom(...ALL);

describe('the worse of two states', () => {
  test('is the one further down: up, degraded, unknown, down', () => {
    ALL.forEach((a, i) => ALL.forEach((b, j) => expect(worse(a, b)).toBe(ALL[Math.max(i, j)])));
  });

  test('does not depend on the order in which many are compared', () => {
    fc.assert(
      fc.property(fc.array(state), fc.array(state), (some, more) => {
        const worst = (states: readonly HealthState[]) => states.reduce(worse, 'up');
        expect(worst([...some, ...more])).toBe(worst([...more, ...some]));
        expect(worst([...some, ...more])).toBe(worse(worst(some), worst(more)));
        expect(worst([...some, ...some])).toBe(worst(some));
      }),
    );
  });
});

test('up and degraded pass a probe, what is down or unknown does not', () => {
  expect(ALL.map(passes)).toEqual([true, true, false, false]);
});
