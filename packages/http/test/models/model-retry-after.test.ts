import { classifyModelError } from '@holdfast/http/models';
import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { durationMs } from '../../src/models/model-retry-after.ts';

const clock = manualClock();
const after = (headers: Record<string, string>) =>
  classifyModelError({ status: 429, headers }, { clock }).retryAfterMs;

it('reads seconds, dates and milliseconds', () => {
  expect(after({ 'retry-after': '2' })).toBe(2_000);
  expect(after({ 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' })).toBe(9_000);
  expect(after({ 'retry-after-ms': '1234', 'retry-after': '2' })).toBe(1_234);
  expect(after({ 'retry-after': 'soon' })).toBeUndefined();
});

it.each([
  ['7.66s', 7_660],
  ['2m59.56s', 179_560],
  ['60', 60_000],
  ['0.5', 500],
  ['2026-01-01T00:00:07Z', 7_000],
  ['2026-01-01T00:00:07.250+00:00', 7_250],
  ['1767225605', 5_000],
  ['1767225606000', 6_000],
  ['2025-12-31T23:59:59Z', 0],
  ['tomorrow', undefined],
  ['10-2001', undefined],
])('reads the reset %s of a limit of which nothing is left', (reset, expected) => {
  const headers = { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': reset };
  expect(after(headers)).toBe(expected);
  expect(after({ ...headers, 'x-ratelimit-remaining-tokens': '1' })).toBeUndefined();
});

it('waits for the longest of the delays, and for the last of the limits that are used up', () => {
  const details = ['3s', '7s', '5s'].map((retryDelay) => ({ retryDelay }));
  expect(classifyModelError({ status: 429, details }, { clock }).retryAfterMs).toBe(7_000);
  const headers = {
    'x-ratelimit-remaining-requests': '0',
    'x-ratelimit-reset-requests': '9s',
    'x-ratelimit-remaining-tokens': '0',
    'x-ratelimit-reset-tokens': '2s',
  };
  expect(after(headers)).toBe(9_000);
});

it('reads any duration as the sum of its parts', () => {
  fc.assert(
    fc.property(fc.nat(23), fc.nat(59), fc.nat(59), (hours, minutes, seconds) => {
      const text = `${hours}h${minutes}m${seconds}s`;
      expect(durationMs(text)).toBe(((hours * 60 + minutes) * 60 + seconds) * 1_000);
    }),
  );
  expect([durationMs('20ms'), durationMs('0.5s'), durationMs('')]).toEqual([20, 500, undefined]);
});

it('is never negative, whatever the header says', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.date({ noInvalidDate: true }).map(String)), (value) => {
      const ms = after({
        'retry-after': value,
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': value,
      });
      expect(ms === undefined || ms >= 0).toBe(true);
    }),
  );
});
