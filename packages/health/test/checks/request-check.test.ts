import { describe, expect, test } from 'vitest';
import { createHealth, requestCheck, type RequestStats } from '../../src/index.ts';
import { runCheck } from './run-check.ts';

const found = (stats: RequestStats | undefined) => runCheck(requestCheck({ requestStats: () => stats }));

describe('a check of requests', () => {
  test.each<[RequestStats | undefined, object]>([
    [undefined, { state: 'up' }],
    [{ requests: 19, failures: 19, meanMs: 9_000 }, { state: 'up' }],
    [
      { requests: 100, failures: 10, meanMs: 2_000 },
      { state: 'up', observedValue: 10, observedUnit: '%' },
    ],
    [
      { requests: 100, failures: 11, meanMs: 1 },
      { state: 'degraded', reason: 'errors', observedValue: 11 },
    ],
    [
      { requests: 100, failures: 50, meanMs: 1 },
      { state: 'degraded', reason: 'errors' },
    ],
    [
      { requests: 100, failures: 51, meanMs: 9_000 },
      { state: 'down', reason: 'errors' },
    ],
    [
      { requests: 100, failures: 0, meanMs: 2_001 },
      { state: 'degraded', reason: 'slow', observedValue: 2_001 },
    ],
  ])('%j is %j', async (stats, expected) => {
    expect(await found(stats)).toMatchObject(expected);
  });

  test('degrades the service, and leaves it ready', async () => {
    const stats = { requests: 100, failures: 100, meanMs: 1 };
    const health = createHealth({ alerts: [], checks: [requestCheck({ requestStats: () => stats })] });
    await health.start();
    expect(health.state('readiness')).toBe('degraded');
    health.close();
  });

  test('a source is needed', () => {
    expect(() => requestCheck({} as never)).toThrow(
      'requestCheck: requestStats must be a function, got undefined',
    );
  });
});
