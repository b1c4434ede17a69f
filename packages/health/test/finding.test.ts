import { TimeoutError } from '@holdfast/pipeline';
import { describe, expect, test } from 'vitest';
import type { CheckResult } from '../src/check.ts';
import { failureOf, findingOf } from '../src/finding.ts';

describe('what a check returns', () => {
  test('nothing means up', () => {
    expect(findingOf(undefined)).toEqual({ state: 'up' });
  });

  test('a result is taken with what belongs to it', () => {
    const result: CheckResult = { state: 'degraded', reason: 'slow', observedValue: 3, details: { a: 1 } };
    expect(findingOf({ ...result, password: 'x' } as CheckResult)).toEqual(result);
  });

  test('what the check does with its result later changes nothing', () => {
    const details = { free: 1 };
    const result = { state: 'up' as const, details };
    const finding = findingOf(result);
    Object.assign(result, { state: 'down' });
    details.free = 2;
    expect(finding).toMatchObject({ state: 'up', details: { free: 1 } });
  });

  test.each([['two words'], ['a\nb'], ['"'], [''], ['x'.repeat(65)], [7]])('%j is no reason', (reason) => {
    expect(findingOf({ state: 'down', reason: reason as string }).reason).toBe('other');
  });

  test.each([[null], [true], ['up'], [{ state: 'fine' }], [{}]])(
    '%j is a fault of the check: down',
    (returned) => {
      expect(findingOf(returned as unknown as CheckResult)).toEqual({
        state: 'down',
        reason: 'invalid-result',
      });
    },
  );
});

describe('what a check throws', () => {
  const reason = (error: unknown) => failureOf(error).reason;

  test('an error is told by its code, else by its name, never by its message', () => {
    expect(reason(Object.assign(new Error('10.0.0.3 refused'), { code: 'ECONNREFUSED' }))).toBe(
      'ECONNREFUSED',
    );
    expect(reason(new TypeError('secret'))).toBe('TypeError');
    expect(reason(new Error('secret'))).toBe('failed');
  });

  test('a timeout of any kind is a timeout', () => {
    expect(reason(new TimeoutError(5, { strategy: 'x' }))).toBe('timeout');
  });

  test.each([[undefined], [null], ['text'], [{ code: 'no good\nword' }], [{ name: 7 }]])(
    '%j is failed',
    (error) => {
      expect(reason(error)).toBe('failed');
    },
  );

  test('the error itself is kept', () => {
    const error = new Error('x');
    expect(failureOf(error).error).toBe(error);
  });
});
