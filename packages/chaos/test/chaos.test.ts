import { circuitBreaker } from '@holdfast/circuit-breaker';
import { pipeline } from '@holdfast/pipeline';
import { manualClock, recordEvents } from '@holdfast/pipeline/testing';
import { retry } from '@holdfast/retry';
import { isTimeout, timeout } from '@holdfast/timeout';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { chaos, type ChaosOptions, type Fault } from '../src/index.ts';

const down = new Error('down');
const failing: Fault = { kind: 'error', ratio: 1, error: () => down };
const answer = () => 'answer';

/** Calls a strategy `count` times, one after the other, and tells what each call got. */
async function outcomes(options: ChaosOptions<string>, count: number): Promise<readonly unknown[]> {
  const strategy = chaos(options);
  const seen: unknown[] = [];
  for (let call = 0; call < count; call++) {
    const result = await strategy.try(answer);
    seen.push(result.ok ? result.value : result.error);
  }
  return seen;
}

describe('chaos', () => {
  it('does nothing until it is enabled, and nothing after it is disabled', async () => {
    const strategy = chaos({ faults: [failing] });
    expect(strategy.enabled).toBe(false);
    await expect(strategy.execute(answer)).resolves.toBe('answer');
    strategy.enable();
    expect(strategy.enabled).toBe(true);
    await expect(strategy.execute(answer)).rejects.toBe(down);
    strategy.disable();
    await expect(strategy.execute(answer)).resolves.toBe('answer');
    expect(strategy.stats()).toEqual({ calls: 3, injected: { error: 1, latency: 0, result: 0, hang: 0 } });
  });

  it('throws what an error fault makes, and starts no operation', async () => {
    const operation = vi.fn(answer);
    const strategy = chaos({ enabled: true, faults: [{ ...failing, error: () => 'not even an Error' }] });
    expect(await strategy.try(operation)).toMatchObject({ ok: false, error: 'not even an Error' });
    expect(operation).not.toHaveBeenCalled();
  });

  it('answers what a result fault makes, and starts no operation', async () => {
    const operation = vi.fn(answer);
    const strategy = chaos({ enabled: true, faults: [{ kind: 'result', ratio: 1, result: () => 503 }] });
    expect(await strategy.execute(operation)).toBe(503);
    expect(operation).not.toHaveBeenCalled();
  });

  it('delays a call before its operation starts, by the sum of the delays', async () => {
    const clock = manualClock();
    const operation = vi.fn(answer);
    const faults = [100, 50].map((delayMs) => ({ kind: 'latency' as const, ratio: 1, delayMs }));
    const call = chaos({ enabled: true, clock, faults }).execute(operation);
    await clock.advance(149);
    expect(operation).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(operation).toHaveBeenCalledOnce();
    expect(await call).toBe('answer');
  });

  it('draws delays from between their bounds', async () => {
    const clock = manualClock();
    const strategy = chaos({
      enabled: true,
      clock,
      faults: [{ kind: 'latency', ratio: 1, delayMs: [200, 300] }],
    });
    const { events } = recordEvents(strategy);
    for (let call = 0; call < 200; call++) void strategy.execute(answer);
    await clock.run();
    const delays = events.map(({ delayMs }) => delayMs);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(200);
    expect(Math.min(...delays)).toBeLessThan(210);
    expect(Math.max(...delays)).toBeLessThan(300);
    expect(Math.max(...delays)).toBeGreaterThan(290);
  });

  it('leaves the timer of a delay when the caller aborts', async () => {
    const clock = manualClock();
    const operation = vi.fn(answer);
    const strategy = chaos({
      enabled: true,
      clock,
      faults: [{ kind: 'latency', ratio: 1, delayMs: 1_000 }],
    });
    const controller = new AbortController();
    const call = strategy.try(operation, { signal: controller.signal });
    await clock.advance(10);
    controller.abort('enough');
    expect(await call).toMatchObject({ ok: false, error: 'enough' });
    expect(clock.pendingTimers).toBe(0);
    expect(operation).not.toHaveBeenCalled();
  });

  it.each(['strict', 'cooperative'] as const)('hangs until a %s timeout ends the call', async (mode) => {
    const clock = manualClock();
    const hanging = chaos({ enabled: true, clock, faults: [{ kind: 'hang', ratio: 1 }] });
    const call = pipeline(timeout({ timeoutMs: 500, mode, clock }), hanging).try(answer);
    await clock.advance(500);
    expect(await call).toSatisfy((result: { error: unknown }) => isTimeout(result.error));
  });

  it('meets only the calls whose attributes are chosen', async () => {
    const strategy = chaos({
      enabled: true,
      faults: [{ ...failing, when: ({ host }) => host === 'a.example' }],
    });
    await expect(strategy.execute(answer, { attributes: { host: 'a.example' } })).rejects.toBe(down);
    await expect(strategy.execute(answer, { attributes: { host: 'b.example' } })).resolves.toBe('answer');
  });

  it('counts a condition that throws as not met, and tells of it', async () => {
    const bug = new Error('bug');
    const onListenerError = vi.fn();
    const when = () => {
      throw bug;
    };
    const strategy = chaos({ enabled: true, faults: [{ ...failing, when }], onListenerError });
    await expect(strategy.execute(answer)).resolves.toBe('answer');
    expect(onListenerError).toHaveBeenCalledExactlyOnceWith(bug);
  });

  it('tells of each fault', async () => {
    const strategy = chaos({
      enabled: true,
      name: 'game-day',
      faults: [{ kind: 'latency', ratio: 0, delayMs: 5 }, failing],
    });
    const { events } = recordEvents(strategy);
    await strategy.try(answer);
    expect(events).toEqual([
      { type: 'chaos.injected', strategy: 'game-day', fault: 'error', index: 1, delayMs: 0 },
    ]);
  });

  it('is a dependency that fails, to the strategies outside of it', async () => {
    const breaker = circuitBreaker({ name: 'upstream' });
    const strategy = chaos({ enabled: true, faults: [failing] });
    const guarded = pipeline(
      retry({ maxAttempts: 5, baseDelayMs: 0, retryIf: () => true }),
      breaker,
      strategy,
    );
    await expect(guarded.execute(answer)).rejects.toBe(down);
    expect(breaker.state).toBe('open');
    expect(strategy.stats().injected.error).toBe(5);
  });

  it('ends a stream with its error', async () => {
    const strategy = chaos({ enabled: true, faults: [failing] });
    const items = strategy.stream(async function* () {
      yield await Promise.resolve(1);
    });
    await expect(items.next()).rejects.toBe(down);
  });
});

describe('the period of a fault', () => {
  const during = (fromMs: number, untilMs: number, everyMs?: number): ChaosOptions => {
    return { enabled: false, faults: [{ ...failing, during: { fromMs, untilMs, everyMs } }] };
  };
  const failsAt = async (options: ChaosOptions, atMs: number) => {
    const clock = manualClock({ startMs: 5_000 });
    const strategy = chaos({ ...options, clock });
    await clock.advance(123);
    strategy.enable();
    await clock.advance(atMs);
    strategy.enable();
    return !(await strategy.try(answer)).ok;
  };

  it.each([
    [99, false],
    [100, true],
    [199, true],
    [200, false],
    [1_100, false],
  ])('from 100 to 200 ms after it was enabled, at %i ms: %s', async (atMs, expected) => {
    expect(await failsAt(during(100, 200), atMs)).toBe(expected);
  });

  it.each([
    [1_099, false],
    [1_100, true],
    [5_199, true],
    [5_200, false],
  ])('repeats every second, at %i ms: %s', async (atMs, expected) => {
    expect(await failsAt(during(100, 200, 1_000), atMs)).toBe(expected);
  });
});

describe('the seed', () => {
  const faults = (ratio: number): readonly Fault<string>[] => [
    { kind: 'result', ratio, result: () => 'fault' },
  ];

  it('decides which calls are met', async () => {
    const seeds = fc.integer();
    await fc.assert(
      fc.asyncProperty(seeds, fc.double({ min: 0, max: 1, noNaN: true }), async (seed, ratio) => {
        const options = { enabled: true, seed, faults: faults(ratio) };
        const off = { ...failing, when: () => false };
        const first = await outcomes(options, 30);
        expect(await outcomes(options, 30)).toEqual(first);
        expect(await outcomes({ ...options, faults: [...options.faults, off] }, 1)).toEqual(
          first.slice(0, 1),
        );
      }),
    );
  });

  it('differs from another seed', async () => {
    const met = await Promise.all(
      [1, 2].map((seed) => outcomes({ enabled: true, seed, faults: faults(0.5) }, 64)),
    );
    expect(met[0]).not.toEqual(met[1]);
  });

  it.each([0, 0.1, 0.5, 0.9, 1])('meets a share of %d of the calls', async (ratio) => {
    const seen = await outcomes({ enabled: true, seed: 7, faults: faults(ratio) }, 5_000);
    const share = seen.filter((value) => value === 'fault').length / seen.length;
    // Five standard deviations.
    expect(Math.abs(share - ratio)).toBeLessThanOrEqual(5 * Math.sqrt((ratio * (1 - ratio)) / 5_000));
  });
});
