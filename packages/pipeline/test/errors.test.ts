import {
  HoldfastError,
  isAdmissionRejection,
  isRejection,
  isTimeout,
  rejection,
  TimeoutError,
} from '@holdfast/pipeline';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ShutError } from './recording-gate.ts';

const timeout = new TimeoutError(50, { strategy: 'mine' });
const shut = new ShutError('shut', { strategy: 'gate', retryAfterMs: 0 });

describe('an error', () => {
  it('says what took too long, and for how long', () => {
    expect(timeout).toMatchObject({
      name: 'TimeoutError',
      message: 'mine timed out after 50 ms',
      code: 'ERR_TIMEOUT',
      strategy: 'mine',
      retryAfterMs: undefined,
      timeoutMs: 50,
    });
    expect(timeout).toBeInstanceOf(HoldfastError);
    expect(timeout).toBeInstanceOf(Error);
  });

  it('carries no stack, unless asked to', () => {
    expect(timeout.stack).not.toContain('\n');
    function here() {
      return new TimeoutError(50, { strategy: 'mine', captureStack: true });
    }
    expect(here().stack).toContain('here');
  });

  it('leaves the stacks of other errors alone', () => {
    const limit = Error.stackTraceLimit;
    void new TimeoutError(50, { strategy: 'mine' });
    expect(Error.stackTraceLimit).toBe(limit);
    expect(new Error('other').stack).toContain('errors.test');
  });

  it('can be made where the limit of stacks is frozen', () => {
    const descriptor = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit') as PropertyDescriptor;
    Object.defineProperty(Error, 'stackTraceLimit', { ...descriptor, writable: false });
    try {
      expect(new TimeoutError(50, { strategy: 'mine' }).code).toBe('ERR_TIMEOUT');
    } finally {
      Object.defineProperty(Error, 'stackTraceLimit', descriptor);
    }
  });

  it('shows its name, message, code and data when it is printed', () => {
    const shown = inspect(shut);
    for (const part of ['ShutError', 'shut', "code: 'ERR_SHUT'", "strategy: 'gate'"])
      expect(shown).toContain(part);
    expect(inspect(timeout)).toContain('TimeoutError');
    expect(inspect(timeout)).toContain('timeoutMs: 50');
  });

  it('keeps its code and data in JSON', () => {
    expect(JSON.parse(JSON.stringify(shut))).toMatchObject({
      code: 'ERR_SHUT',
      strategy: 'gate',
      retryAfterMs: 0,
    });
  });
});

describe('a rejection', () => {
  it('is a new frozen plain object each time', () => {
    const one = rejection('ERR_X', 'x', 5);
    expect(one).toEqual({ code: 'ERR_X', strategy: 'x', retryAfterMs: 5 });
    expect(Object.isFrozen(one)).toBe(true);
    expect(rejection('ERR_X', 'x', 5)).not.toBe(one);
    expect(rejection('ERR_X', 'x')).toHaveProperty('retryAfterMs', undefined);
  });
});

describe('the guards', () => {
  /** As a second copy of the package would make it. */
  const copied = Object.assign(new Error('copy'), {
    code: 'ERR_TIMEOUT',
    strategy: 'mine',
    retryAfterMs: undefined,
  });
  const plain = rejection('ERR_SHUT', 'gate');

  it.each([
    ['a timeout', timeout, { any: true, timeout: true, admission: false }],
    ['a timeout of another copy', copied, { any: true, timeout: true, admission: false }],
    ['the error of a refusal', shut, { any: true, timeout: false, admission: true }],
    ['the plain form of a refusal', plain, { any: true, timeout: false, admission: true }],
    [
      'an error of the system',
      Object.assign(new Error(), { code: 'ECONNRESET' }),
      { any: false, timeout: false, admission: false },
    ],
    [
      'half a rejection',
      { code: 'ERR_SHUT', strategy: 'gate' },
      { any: false, timeout: false, admission: false },
    ],
    [
      'an object whose code is a number',
      { code: 5, strategy: 'gate', retryAfterMs: 1 },
      { any: false, timeout: false, admission: false },
    ],
    ['null', null, { any: false, timeout: false, admission: false }],
    ['undefined', undefined, { any: false, timeout: false, admission: false }],
    ['a string', 'ERR_TIMEOUT', { any: false, timeout: false, admission: false }],
  ])('tell %s by its code', (_, value, { any, timeout, admission }) => {
    expect([isRejection(value), isTimeout(value), isAdmissionRejection(value)]).toEqual([
      any,
      timeout,
      admission,
    ]);
  });
});
