import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deadlineHeaders, readDeadline, timeout, type DeadlineHeaders } from '../src/index.ts';

const withLeft = (ms: number | undefined) => ({ remainingMs: () => ms });

describe('deadlineHeaders', () => {
  it.each([
    [1_234, '1234'],
    [1_234.9, '1234'],
    [0.4, '0'],
    [0, '0'],
  ])('writes %d ms as whole milliseconds, rounded down', (ms, written) => {
    expect(deadlineHeaders(withLeft(ms))).toEqual({ 'Holdfast-Timeout-Ms': written });
  });

  it('writes nothing when there is no deadline', () => {
    expect(deadlineHeaders(withLeft(undefined))).toEqual({});
  });

  it('writes what is left of the call', async () => {
    const clock = manualClock();
    const headers = await timeout({ timeoutMs: 2_000, clock }).execute(deadlineHeaders);
    expect(headers).toEqual({ 'Holdfast-Timeout-Ms': '2000' });
  });
});

describe('readDeadline', () => {
  it.each<[string, DeadlineHeaders]>([
    ['Headers', new Headers({ 'holdfast-timeout-ms': '1500' })],
    ['the headers of node:http', { host: 'a.example', 'holdfast-timeout-ms': '1500' }],
    ['a plain record', { 'Holdfast-Timeout-Ms': '1500' }],
    ['a record in capitals', { 'HOLDFAST-TIMEOUT-MS': '1500' }],
    ['a record of lists', { 'Holdfast-Timeout-Ms': ['1500'] }],
    ['a Map', new Map([['Holdfast-Timeout-Ms', '1500']]) as unknown as DeadlineHeaders],
    ['a header with blanks around', { 'holdfast-timeout-ms': ' 1500 ' }],
  ])('reads %s', (_, headers) => {
    expect(readDeadline(headers, { maxMs: 30_000 })).toBe(1_500);
  });

  it.each(['', ' ', '-1', '+5', '1.5', '1e3', '0x10', '5s', 'NaN', 'Infinity', '1500, 1500', '１２', 'null'])(
    'takes the malformed value %o for none',
    (value) => {
      expect(readDeadline({ 'holdfast-timeout-ms': value })).toBeUndefined();
    },
  );

  it('takes a header given twice for none', () => {
    const twice = new Headers([
      ['Holdfast-Timeout-Ms', '100'],
      ['Holdfast-Timeout-Ms', '200'],
    ]);
    expect(readDeadline(twice)).toBeUndefined();
    expect(readDeadline({ 'holdfast-timeout-ms': ['100', '200'] })).toBeUndefined();
  });

  it('answers nothing without the header', () => {
    expect(readDeadline(new Headers())).toBeUndefined();
    expect(readDeadline({})).toBeUndefined();
    expect(readDeadline({ 'holdfast-timeout-ms': undefined })).toBeUndefined();
    // Of the same length.
    expect(readDeadline({ 'holdfast-attempts-n': '5' })).toBeUndefined();
  });

  it.each([
    [29_999, 29_999],
    [30_000, 30_000],
    [30_001, 30_000],
    [10 ** 30, 30_000],
    [0, 0],
  ])('clamps %d ms to %d', (sent, read) => {
    const headers = { 'holdfast-timeout-ms': BigInt(sent).toString() };
    expect(readDeadline(headers, { maxMs: 30_000 })).toBe(read);
  });

  it('clamps to ten minutes by default', () => {
    expect(readDeadline({ 'holdfast-timeout-ms': '999999999' })).toBe(600_000);
  });

  it('reads back what deadlineHeaders wrote, never more than was left', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 600_000, noNaN: true }), (leftMs) => {
        const read = readDeadline(new Headers(deadlineHeaders(withLeft(leftMs))));
        expect(read).toBe(Math.floor(leftMs));
      }),
    );
  });

  it('never throws, whatever the header says', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const read = readDeadline({ 'holdfast-timeout-ms': value }, { maxMs: 1_000 });
        expect(read === undefined || (read >= 0 && read <= 1_000)).toBe(true);
      }),
    );
  });

  it('refuses a negative maximum', () => {
    expect(() => readDeadline({}, { maxMs: -1 })).toThrow(
      'readDeadline: maxMs must be a number >= 0, got -1',
    );
  });
});

describe('a deadline on its way through two processes', () => {
  it('ends the callee before the caller', async () => {
    const [here, there] = [manualClock(), manualClock({ startMs: 77_000 })];
    const caller = timeout({ timeoutMs: 1_000, clock: here });
    const callee = timeout({ timeoutMs: 60_000, clock: there });
    let left: number | undefined;
    await caller.execute(async (ctx) => {
      const timeoutMs = readDeadline(deadlineHeaders(ctx), { maxMs: 30_000 });
      await callee.execute(
        (inner) => {
          left = inner.remainingMs();
        },
        { timeoutMs },
      );
    });
    expect(left).toBe(1_000);
  });

  it('refuses work whose deadline has passed', async () => {
    let ran = false;
    const served = timeout({ timeoutMs: 60_000, clock: manualClock() }).execute(
      () => {
        ran = true;
      },
      { timeoutMs: readDeadline({ 'holdfast-timeout-ms': '0' }) },
    );
    await expect(served).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    expect(ran).toBe(false);
  });
});
