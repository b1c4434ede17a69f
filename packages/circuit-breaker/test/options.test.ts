import { circuitBreaker, type CircuitBreakerOptions } from '@holdfast/circuit-breaker';
import { describe, expect, it } from 'vitest';

const wrong = (options: unknown) => () => circuitBreaker(options as CircuitBreakerOptions);

describe('options', () => {
  it.each<[unknown, string]>([
    [{ openMs: -5 }, 'circuitBreaker: openMs must be an integer >= 0 or Infinity or a function, got -5'],
    [
      { openMs: '30s' },
      'circuitBreaker: openMs must be an integer >= 0 or Infinity or a function, got "30s"',
    ],
    [{ maxProbes: 0 }, 'circuitBreaker: maxProbes must be an integer >= 1 and <= 1023, got 0'],
    [{ maxProbes: 1_024 }, 'circuitBreaker: maxProbes must be an integer >= 1 and <= 1023, got 1024'],
    [{ successesToClose: 0 }, 'circuitBreaker: successesToClose must be an integer >= 1, got 0'],
    [{ probeTimeoutMs: 0 }, 'circuitBreaker: probeTimeoutMs must be an integer >= 1 or Infinity, got 0'],
    [{ overflow: 'queue' }, 'circuitBreaker: overflow must be one of "reject", "wait", got "queue"'],
    [{ maxWaiting: -1 }, 'circuitBreaker: maxWaiting must be an integer >= 0, got -1'],
    [{ maxWaitMs: NaN }, 'circuitBreaker: maxWaitMs must be an integer >= 0 or Infinity, got NaN'],
    [{ rampUpMs: Infinity }, 'circuitBreaker: rampUpMs must be an integer >= 0, got Infinity'],
    [
      { tripRule: 'consecutive' },
      'circuitBreaker: tripRule must be an object with the method start, got a string of length 11',
    ],
    [{ classifyError: true }, 'circuitBreaker: classifyError must be a function, got true'],
    [{ classifyResult: {} }, 'circuitBreaker: classifyResult must be a function, got an object'],
    [{ mode: 'off' }, 'circuitBreaker: mode must be one of "enabled", "metrics-only", "disabled", got "off"'],
    [{ captureStack: 1 }, 'circuitBreaker: captureStack must be a boolean, got 1'],
    [{ onListenerError: null }, 'circuitBreaker: onListenerError must be a function, got null'],
    [
      { clock: null },
      'circuitBreaker: clock must be an object with the methods now, wallNow, setTimer, got null',
    ],
    [{ name: 7 }, 'circuitBreaker: name must be a string, got a number'],
    [null, 'circuitBreaker: options must be an object, got null'],
  ])('%j throw, naming option, rule and value', (options, message) => {
    expect(wrong(options)).toThrow(message);
  });

  it('that do not exist throw', () => {
    expect(wrong({ threshold: 5 })).toThrow(
      'circuitBreaker has no option "threshold"; it takes name, tripRule',
    );
  });

  it('of the wrong type throw a TypeError, numbers out of bounds a RangeError', () => {
    expect(wrong({ maxProbes: '3' })).toThrow(TypeError);
    expect(wrong({ maxProbes: -3 })).toThrow(RangeError);
  });

  it('that are undefined count as not given', () => {
    expect(circuitBreaker({ name: undefined, openMs: undefined }).name).toBe('circuit-breaker');
  });

  it('are copied: later changes have no effect', async () => {
    const options = { name: 'one', openMs: 5 };
    const breaker = circuitBreaker(options);
    options.name = 'two';
    expect(breaker.stats().name).toBe('one');
  });

  it.each([{ openMs: 0, rampUpMs: 0, maxWaiting: 0, maxWaitMs: 0 }])(
    'of 0 are taken: %j',
    async (options) => {
      const breaker = circuitBreaker({ ...options, overflow: 'wait', maxProbes: 1 });
      breaker.trip();
      expect(breaker.tryAcquire()).not.toBe(0);
      expect((await breaker.try(() => 1)).ok).toBe(false);
    },
  );
});
