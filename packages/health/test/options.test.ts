import { describe, expect, test } from 'vitest';
import { createHealth, type HealthCheck, type HealthOptions } from '../src/index.ts';

const run = () => undefined;

describe('options of a health', () => {
  test.each<[HealthOptions, string]>([
    [{ maxConcurrent: 0 }, 'createHealth: maxConcurrent must be an integer >= 1, got 0'],
    [{ historySize: 0 }, 'createHealth: historySize must be an integer >= 1, got 0'],
    [
      { flapTransitions: 9, historySize: 8 },
      'createHealth: flapTransitions must be an integer >= 2 and <= 8, got 9',
    ],
    [{ flapWindowMs: Number.NaN }, 'createHealth: flapWindowMs must be a number >= 1, got NaN'],
    [{ defaults: { ttlMs: -1 } }, 'createHealth: defaults: ttlMs must be a number >= 0, got -1'],
  ])('%j is out of bounds', (options, message) => {
    expect(() => createHealth(options)).toThrow(new RangeError(message));
  });

  test('an option that does not exist is refused', () => {
    expect(() => createHealth({ check: [] } as HealthOptions)).toThrow('createHealth has no option "check"');
  });

  test('checks are objects', () => {
    expect(() => createHealth({ checks: [1] as unknown as HealthCheck[] })).toThrow(
      'each element must be an object',
    );
  });
});

describe('options of a check', () => {
  test.each<[Partial<HealthCheck>, string]>([
    [{ timeoutMs: 0 }, 'createHealth: check a: timeoutMs must be a number >= 1, got 0'],
    [{ failureThreshold: 1.5 }, 'createHealth: check a: failureThreshold must be an integer >= 1, got 1.5'],
    [
      { kinds: ['ready' as 'readiness'] },
      'createHealth: check a: kinds must be an array; each element must be one of',
    ],
    [
      { run: 1 as unknown as HealthCheck['run'] },
      'createHealth: check a: run must be a function, got a number',
    ],
  ])('%j is refused', (option, message) => {
    expect(() => createHealth({ checks: [{ name: 'a', run, ...option }] })).toThrow(message);
  });

  test.each(['', 'a b', 'a\nb', 'ü', 'x'.repeat(101)])('%j is no name', (name) => {
    expect(() => createHealth({ checks: [{ name, run }] })).toThrow('must be 1 to 100 letters');
  });

  test('an undefined option counts as not given, in the defaults as well', async () => {
    const health = createHealth({
      defaults: { ttlMs: undefined, timeoutMs: 7 },
      checks: [{ name: 'a', run, critical: undefined }],
    });
    expect(health.report().checks[0]?.critical).toBe(true);
    await health.check();
    expect(health.refresh('overall')).toBeUndefined();
    health.close();
  });
});
