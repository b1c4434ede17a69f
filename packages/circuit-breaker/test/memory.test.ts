import { getEventListeners } from 'node:events';
import { circuitBreaker, createBreakerRegistry, type CircuitBreaker } from '@holdfast/circuit-breaker';
import { pipeline } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';

const collect = () => {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
  globalThis.gc();
};

const heapAfter = () => {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
};

describe('10,000 breakers', () => {
  it('at rest cost less than 1 KB each and no timer', async () => {
    const clock = manualClock();
    const warm = circuitBreaker({ clock });
    await warm.execute(() => 1);
    const before = heapAfter();
    const breakers = Array.from({ length: 10_000 }, (_, i) =>
      circuitBreaker({ name: `dependency-${i}`, clock }),
    );
    const after = heapAfter();
    expect(breakers).toHaveLength(10_000);
    expect((after - before) / 10_000).toBeLessThan(1_024);
    expect(clock.pendingTimers).toBe(0);
  });

  it('are collected when dropped, whatever state they are in', async () => {
    const dropped: WeakRef<CircuitBreaker>[] = [];
    await (async () => {
      for (let i = 0; i < 10_000; i++) {
        const breaker = circuitBreaker({ openMs: 10 });
        if (i % 3 === 0) breaker.trip();
        if (i % 3 === 1) await pipeline(breaker).execute(() => i);
        dropped.push(new WeakRef(breaker));
      }
    })();
    for (let i = 0; i < 10 && dropped.some((ref) => ref.deref() !== undefined); i++) {
      await new Promise((resolve) => setImmediate(resolve));
      collect();
    }
    expect(dropped.filter((ref) => ref.deref() !== undefined)).toHaveLength(0);
  });
});

describe('permits', () => {
  it('and synchronous calls leave nothing behind', () => {
    const breaker = circuitBreaker();
    const calls = (n: number) => {
      for (let i = 0; i < n; i++) {
        breaker.record(breaker.tryAcquire(), 'success');
        breaker.executeSync(() => 1);
      }
    };
    calls(50_000);
    const before = heapAfter();
    calls(200_000);
    expect((heapAfter() - before) / 200_000).toBeLessThan(1);
  });
});

describe('an abort signal that lives long', () => {
  it('collects no listeners from calls that have settled', async () => {
    const breaker = createBreakerRegistry().get('db');
    const { signal } = new AbortController();
    for (let i = 0; i < 2_000; i++) await breaker.try(() => i, { signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
