import { NEVER_MS, Secret, type Token } from '@holdfast/credential-broker';
import { expect, it } from 'vitest';
import { tokenManagerDefaults } from '../../src/refresh/options.ts';
import { retryDelayMs, scheduleOf } from '../../src/refresh/renewal-times.ts';

const settings = (draw: number) => ({ ...tokenManagerDefaults, random: () => draw });

const aToken = (part: Partial<Token>): Token => ({
  accessToken: new Secret('access'),
  refreshToken: new Secret('refresh'),
  tokenType: 'bearer',
  scope: [],
  obtainedAtMs: 1_000_000,
  expiresAtMs: 4_600_000,
  ...part,
});

it.each([
  [{}, 0, { dueAtMs: 4_300_000, removeAtMs: 2_596_600_000 }],
  [{}, 0.5, { dueAtMs: 4_270_000, removeAtMs: 2_596_600_000 }],
  [{ expiresAtMs: 1_100_000 }, 0, { dueAtMs: 1_080_000, removeAtMs: 2_593_100_000 }],
  [{ expiresAtMs: 1_000_000 }, 0.5, { dueAtMs: 1_000_000, removeAtMs: 2_593_000_000 }],
  [{ expiresAtMs: 999_000 }, 0.5, { dueAtMs: 999_000, removeAtMs: 2_592_999_000 }],
  [{ refreshToken: undefined }, 0.5, { dueAtMs: NEVER_MS, removeAtMs: 4_600_000 }],
  [{ expiresAtMs: NEVER_MS }, 0.5, { dueAtMs: NEVER_MS, removeAtMs: NEVER_MS }],
  [
    { expiresAtMs: NEVER_MS - 1, refreshToken: undefined },
    0.5,
    { dueAtMs: NEVER_MS, removeAtMs: NEVER_MS - 1 },
  ],
])('a token of %o is due and over in time, with a draw of %d', (part, draw, times) => {
  expect(scheduleOf(aToken(part), settings(draw))).toEqual(times);
});

it.each([
  ['is 1 s at first', Infinity, 0, 1_000],
  ['doubles', Infinity, 5, 32_000],
  ['ends with growing', Infinity, 6, 60_000],
  ['stays there however long', Infinity, 2_000, 60_000],
  ['leaves time for two more before the token expires', 90_000, 9, 30_000],
  ['is never below the first', 300, 9, 1_000],
  ['leaves no time for a token that has expired', 0, 9, 60_000],
  ['nor for one that did long ago', -5_000, 2, 4_000],
])('the wait after a failure %s', (_, remainingMs, failures, waitMs) => {
  expect(retryDelayMs(remainingMs, failures, settings(1))).toBe(waitMs);
  expect(retryDelayMs(remainingMs, failures, settings(0))).toBe(waitMs / 2);
});
