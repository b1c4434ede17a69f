import { getEventListeners } from 'node:events';
import { circuitBreaker, type CircuitBreakerOptions } from '@holdfast/circuit-breaker';
import { pipeline } from '@holdfast/pipeline';
import { manualClock, seededRandom, script } from '@holdfast/pipeline/testing';
import { hedge, retry } from '@holdfast/retry';
import { timeout } from '@holdfast/timeout';
import { describe, expect, it } from 'vitest';

/** The pipeline that the documents begin with, on a clock of its own. */
function example(options: CircuitBreakerOptions = {}) {
  const clock = manualClock();
  const breaker = circuitBreaker({ name: 'stripe', clock, ...options });
  const retrying = retry({ maxAttempts: 3, clock, random: seededRandom(1) });
  const guarded = pipeline(
    timeout({ timeoutMs: 2_000, clock }),
    retrying,
    breaker,
    timeout({ timeoutMs: 500, clock }),
  );
  return { clock, breaker, retrying, guarded };
}

const never = () => new Promise<never>(() => undefined);

describe('the example pipeline', () => {
  it('is opened by an upstream that only hangs, after which it fails fast and spends no attempts', async () => {
    const { clock, breaker, retrying, guarded } = example();
    const operation = script(clock, { afterMs: Infinity });
    for (let i = 0; i < 2; i++) {
      const call = guarded.try(operation);
      await clock.run();
      expect(await call).toMatchObject({ ok: false });
    }
    expect(breaker.state).toBe('open');
    expect(operation.calls).toHaveLength(5);
    const { retries } = retrying.stats();
    expect(await guarded.try(operation)).toMatchObject({ ok: false, error: { code: 'ERR_CIRCUIT_OPEN' } });
    expect(retrying.stats().retries).toBe(retries);
    expect(operation.calls).toHaveLength(5);
    expect(clock.refedTimers).toBe(0);
  });

  it.each([
    ['while its first attempt runs', 'closed', 100],
    ['while it backs off', 'closed', 501],
    ['while it waits for a probe', 'half-open', 100],
  ] as const)('is left in the instant of the abort %s, with the own reason', async (_, state, atMs) => {
    const { clock, breaker, guarded } = example({ overflow: 'wait', maxProbes: 1 });
    if (state === 'half-open') {
      breaker.trip(0);
      void breaker.try(never);
    }
    const controller = new AbortController();
    const reason = { mine: true };
    const call = guarded.try(never, { signal: controller.signal });
    await clock.advance(atMs);
    const before = breaker.stats();
    expect(before.waiting).toBe(state === 'half-open' ? 1 : 0);
    controller.abort(reason);
    expect(await call).toEqual({ ok: false, error: reason });
    expect(clock.now()).toBe(atMs);
    expect(breaker.stats()).toMatchObject({ failures: before.failures, rejected: 0, waiting: 0 });
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('gives back every permit of hedged and retried streams, whoever wins', async () => {
    const clock = manualClock();
    const breaker = circuitBreaker({ clock });
    const guarded = pipeline(
      timeout({ timeoutMs: 2_000, clock }),
      retry({ clock, random: seededRandom(1) }),
      hedge({ delayMs: 10, clock }),
      breaker,
      timeout({ timeoutMs: 100, clock }),
    );
    let attempts = 0;
    const items: number[] = [];
    const reading = (async () => {
      const stream = guarded.stream(async function* () {
        const attempt = ++attempts;
        if (attempt <= 2) await never();
        yield attempt;
        yield attempt;
      });
      for await (const item of stream) items.push(item);
    })();
    await clock.run();
    await reading;
    expect(items).toEqual([3, 3]);
    expect(breaker.stats()).toMatchObject({ successes: 1, failures: 2, inFlight: 0 });
    expect(clock.refedTimers).toBe(0);
  });

  it('leaves nothing on a signal that outlives 100,000 calls', async () => {
    const { guarded } = example();
    const { signal } = new AbortController();
    for (let i = 0; i < 100_000; i++) await guarded.execute(() => i, { signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('is collected with its breaker when dropped, 10,000 times', async () => {
    const dropped: WeakRef<object>[] = [];
    await (async () => {
      for (let i = 0; i < 10_000; i++) {
        const breaker = circuitBreaker();
        const attempt = timeout({ timeoutMs: 500 });
        const guarded = pipeline(timeout({ timeoutMs: 2_000 }), retry(), breaker, attempt);
        await guarded.execute(() => i);
        dropped.push(new WeakRef(guarded), new WeakRef(breaker));
      }
    })();
    for (let i = 0; i < 10 && dropped.some((ref) => ref.deref() !== undefined); i++) {
      await new Promise((resolve) => setImmediate(resolve));
      globalThis.gc?.();
    }
    expect(dropped.filter((ref) => ref.deref() !== undefined)).toHaveLength(0);
  });
});
