import { totalmem } from 'node:os';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, test, vi } from 'vitest';
import {
  circuitBreakerCheck,
  configurationCheck,
  createHealth,
  eventLoopCheck,
  expiryCheck,
  memoryCheck,
  type EventLoopReading,
  type MemoryReading,
} from '../../src/index.ts';
import { monitorEventLoop } from '../../src/checks/event-loop-clock.ts';
import { runCheck } from './run-check.ts';

describe('a check of memory', () => {
  const reading: MemoryReading = { heapUsed: 10, heapLimit: 100, rss: 20, memoryLimit: 100 };
  const found = (more: Partial<MemoryReading>) =>
    runCheck(memoryCheck({ read: () => ({ ...reading, ...more }) }));

  test.each<[Partial<MemoryReading>, object]>([
    [{}, { state: 'up', observedValue: 20, observedUnit: '%', reason: undefined }],
    [{ heapUsed: 84.9 }, { state: 'up' }],
    [{ heapUsed: 85 }, { state: 'degraded', reason: 'heap' }],
    [{ rss: 90 }, { state: 'degraded', reason: 'memory', observedValue: 90 }],
    [{ heapUsed: 95 }, { state: 'down', reason: 'heap' }],
    [
      { rss: 99, heapUsed: 90 },
      { state: 'down', reason: 'memory' },
    ],
  ])('%j is %j', async (more, expected) => {
    expect(await found(more)).toMatchObject(expected);
  });

  test('reads the memory of this process', async () => {
    const result = await runCheck(memoryCheck());
    expect(result.state).toBe('up');
    expect(result.observedValue).toBeGreaterThan(0);
  });

  // What the kernel may say of the limit of a container (cgroup memory.max): a limit, none, or none as a huge number.
  test.each([
    [
      'half of what is used',
      (rss: number) => rss / 2,
      { state: 'down', reason: 'memory', observedValue: 200 },
    ],
    ['what is used and a tenth', (rss: number) => rss * 1.1, { state: 'degraded', reason: 'memory' }],
    ['twice what is used', (rss: number) => rss * 2, { state: 'up', observedValue: 50 }],
  ])('a container with a limit of %s is judged by it', async (_case, limitOf, expected) => {
    const rss = totalmem() / 200;
    vi.spyOn(process.memoryUsage, 'rss').mockReturnValue(rss);
    vi.spyOn(process, 'constrainedMemory').mockReturnValue(limitOf(rss));
    expect(await runCheck(memoryCheck())).toMatchObject(expected);
  });

  test.each([
    ['no number', 0],
    ['2^64 - 1', 18_446_744_073_709_552_000],
  ])('where the kernel says %s, the memory of the machine is the limit', async (_case, limit) => {
    vi.spyOn(process.memoryUsage, 'rss').mockReturnValue(totalmem() / 2);
    vi.spyOn(process, 'constrainedMemory').mockReturnValue(limit);
    expect(await runCheck(memoryCheck())).toMatchObject({ state: 'up', observedValue: 50 });
  });

  test('may decide about liveness: it looks at no dependency', () => {
    expect(() => createHealth({ checks: [memoryCheck({ kinds: ['liveness'] })] })).not.toThrow();
  });
});

describe('a check of the event loop', () => {
  const found = (reading: Partial<EventLoopReading>) =>
    runCheck(
      eventLoopCheck({
        monitor: () => ({
          read: () => ({ p99DelayMs: 0, utilization: 0, ...reading }),
          close: () => undefined,
        }),
      }),
    );

  test.each<[Partial<EventLoopReading>, object]>([
    [
      { p99DelayMs: 199, utilization: 0.5 },
      { state: 'up', observedValue: 199, details: { utilization: 0.5 } },
    ],
    [{ p99DelayMs: 200 }, { state: 'degraded', reason: 'delay' }],
    [{ p99DelayMs: 2_000 }, { state: 'down', reason: 'delay' }],
    [{ utilization: 0.95 }, { state: 'degraded', reason: 'utilization' }],
  ])('%j is %j', async (reading, expected) => {
    expect(await found(reading)).toMatchObject(expected);
  });

  test('watches from its first run until its health is closed, and again after', async () => {
    const close = vi.fn();
    const monitor = vi.fn(() => ({ read: () => ({ p99DelayMs: 0, utilization: 0 }), close }));
    const check = eventLoopCheck({ monitor });
    expect(monitor).not.toHaveBeenCalled();
    await runCheck(check);
    await runCheck(check);
    expect(monitor).toHaveBeenCalledTimes(1);
    check.close?.();
    check.close?.();
    expect(close).toHaveBeenCalledTimes(1);
    await runCheck(check);
    expect(monitor).toHaveBeenCalledTimes(2);
  });

  test('sees a loop that is blocked, and forgets it after one look', async () => {
    const monitor = monitorEventLoop();
    await new Promise((resolve) => setTimeout(resolve, 30));
    monitor.read();
    await new Promise((resolve) => setTimeout(resolve, 30));
    const until = performance.now() + 120;
    while (performance.now() < until);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const blocked = monitor.read();
    expect(blocked.p99DelayMs).toBeGreaterThan(60);
    expect(blocked.utilization).toBeGreaterThan(0.2);
    expect(monitor.read().p99DelayMs).toBeLessThan(blocked.p99DelayMs);
    monitor.close();
  });
});

describe('a check of an expiry', () => {
  const day = 86_400_000;
  const found = async (leftMs: number | undefined) => {
    const clock = manualClock();
    const expiresAtMs = () => (leftMs === undefined ? undefined : clock.wallNow() + leftMs);
    return runCheck(expiryCheck({ expiresAtMs, clock }));
  };

  test.each<[number | undefined, object]>([
    [undefined, { state: 'up' }],
    [14 * day + 1, { state: 'up' }],
    [14 * day, { state: 'degraded', reason: 'expires-soon', observedValue: 1_209_600, observedUnit: 's' }],
    [1, { state: 'degraded' }],
    [0, { state: 'down', reason: 'expired' }],
    [-day, { state: 'down', reason: 'expired', observedValue: -86_400 }],
    [Number.NaN, { state: 'down', reason: 'invalid-date' }],
  ])('%d ms before it is %j', async (leftMs, expected) => {
    expect(await found(leftMs)).toMatchObject(expected);
  });

  test('the source may take its time, and gets the signal', async () => {
    const expiresAtMs = vi.fn(async () => undefined);
    await runCheck(expiryCheck({ expiresAtMs }));
    expect(expiresAtMs).toHaveBeenCalledWith({ signal: expect.any(AbortSignal) as AbortSignal });
  });
});

describe('a check of circuit breakers', () => {
  const breakers = (...states: readonly string[]) =>
    states.map((state, index) => ({ name: `b${index}`, state }));
  const found = (...states: readonly string[]) =>
    runCheck(circuitBreakerCheck({ breakers: breakers(...states) }));

  test.each<[string[], object]>([
    [[], { state: 'up', observedValue: 0 }],
    [['closed', 'disabled', 'metrics-only'], { state: 'up' }],
    [['closed', 'half-open'], { state: 'degraded', reason: 'half-open', details: { halfOpen: 'b1' } }],
    [
      ['open', 'half-open', 'isolated'],
      { state: 'down', reason: 'open', observedValue: 2, details: { open: 'b0, b2' } },
    ],
  ])('%j are %j', async (states, expected) => {
    expect(await found(...states)).toMatchObject(expected);
  });

  test('names ten at most', async () => {
    const { details } = await found(...Array.from({ length: 13 }, () => 'open'));
    expect(details?.['open']).toBe('b0, b1, b2, b3, b4, b5, b6, b7, b8, b9 and 3 more');
  });

  test('takes one breaker, several, a registry, or a function', async () => {
    const [breaker] = breakers('open');
    const all = [breaker, new Set([breaker]), () => [breaker]] as Parameters<
      typeof circuitBreakerCheck
    >[0]['breakers'][];
    for (const each of all)
      expect(await runCheck(circuitBreakerCheck({ breakers: each }))).toMatchObject({ state: 'down' });
  });

  test('degrades the service and raises a critical alert', async () => {
    const health = createHealth({ checks: [circuitBreakerCheck({ breakers: breakers('open') })] });
    await health.start();
    expect(health.report('readiness')).toMatchObject({
      state: 'degraded',
      alerts: [
        { name: 'check:circuit-breakers', severity: 'critical', message: 'circuit-breakers is down: open' },
      ],
    });
    health.close();
  });
});

describe('a check of the configuration', () => {
  const settings = { DATABASE_URL: 'postgres://secret', EMPTY: '' };

  test('is up when everything is there', async () => {
    expect(
      await runCheck(configurationCheck({ settings, required: ['DATABASE_URL'], invalid: () => [] })),
    ).toEqual({ state: 'up' });
    expect(await runCheck(configurationCheck())).toEqual({ state: 'up' });
  });

  test('names what is missing or empty, and no values', async () => {
    const result = await runCheck(
      configurationCheck({ settings, required: ['DATABASE_URL', 'EMPTY', 'GONE'] }),
    );
    expect(result).toEqual({ state: 'down', reason: 'missing', details: { missing: 'EMPTY, GONE' } });
  });

  test('names what is wrong', async () => {
    const result = await runCheck(configurationCheck({ settings, invalid: () => ['DATABASE_URL'] }));
    expect(result).toEqual({ state: 'down', reason: 'invalid', details: { invalid: 'DATABASE_URL' } });
  });

  test('looks at the environment unless told otherwise', async () => {
    expect(await runCheck(configurationCheck({ required: ['PATH'] }))).toEqual({ state: 'up' });
  });
});
