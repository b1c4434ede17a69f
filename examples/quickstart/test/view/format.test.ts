import { expect, it } from 'vitest';
import { duration, elapsed, perSecond, times } from '../../src/view/format.ts';

it.each([
  [null, '-'],
  [0, '0 ms'],
  [999, '999 ms'],
  [999.5, '1.0 s'],
  [1_240, '1.2 s'],
  [9_949, '9.9 s'],
  [9_950, '10 s'],
  [61_000, '61 s'],
])('shows %d ms as %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

it.each([
  [0, '0:00'],
  [59_999, '0:59'],
  [60_000, '1:00'],
  [3_605_000, '60:05'],
])('shows %d ms since the start as %s', (ms, text) => {
  expect(elapsed(ms)).toBe(text);
});

it('shows rates and counts', () => {
  expect([perSecond(0), perSecond(18.25)]).toEqual(['0.0/s', '18.3/s']);
  expect([0, 1, 2].map(times)).toEqual(['0 times', 'once', '2 times']);
});
