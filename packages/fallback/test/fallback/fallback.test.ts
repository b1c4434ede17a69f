import { circuitBreaker } from '@holdfast/circuit-breaker';
import { pipeline } from '@holdfast/pipeline';
import { manualClock, recordEvents } from '@holdfast/pipeline/testing';
import { timeout } from '@holdfast/timeout';
import { describe, expect, it, vi } from 'vitest';
import { basic, cache, fallback, fromCache, mock, type FallbackOptions } from '../../src/index.ts';
import { watch } from '../watch.ts';

const down = new Error('down');
const failing = () => Promise.reject(down);

describe('a fallback', () => {
  it('leaves a call that succeeds as it is', async () => {
    const strategy = fallback({ steps: [basic('substitute')] });
    expect(await strategy.try(() => 'value')).toEqual({ ok: true, value: 'value', degraded: false });
    expect(strategy.stats()).toEqual({ calls: 1, used: { basic: 0 }, exhausted: 0, passed: 0 });
  });

  it('answers for a call that fails, and says so', async () => {
    const strategy = fallback({ steps: [basic('substitute')], name: 'prices' });
    const { events } = recordEvents(strategy);
    expect(await strategy.try(failing)).toEqual({ ok: true, value: 'substitute', degraded: true });
    expect(events).toMatchObject([{ type: 'fallback.used', strategy: 'prices', step: 'basic', error: down }]);
    expect(JSON.stringify(events)).not.toContain('down');
    expect(strategy.stats()).toMatchObject({ calls: 1, used: { basic: 1 } });
  });

  it('asks its steps in order until one answers, with what the call was about', async () => {
    const asked: string[] = [];
    const step = (name: string, value: string | undefined) => ({
      name,
      get: ({ error, attributes }: { error: unknown; attributes: Readonly<Record<string, string>> }) => {
        expect(error).toBe(down);
        expect(attributes).toEqual({ id: '7' });
        asked.push(name);
        return Promise.resolve(value);
      },
    });
    const strategy = fallback({
      steps: [step('cache', undefined), step('mock', 'made up'), step('basic', 'least')],
    });
    expect(await strategy.execute(failing, { attributes: { id: '7' } })).toBe('made up');
    expect(asked).toEqual(['cache', 'mock']);
  });

  it.each([[0], [''], [false], [null]])('takes %j for an answer', async (value) => {
    expect(await fallback({ steps: [basic(value)] }).execute(failing)).toBe(value);
  });

  it('asks the next step when one throws or rejects', async () => {
    const bug = new Error('bug');
    const throwing = {
      name: 'throwing',
      get: () => {
        throw bug;
      },
    };
    const rejecting = { name: 'rejecting', get: () => Promise.reject(bug) };
    const strategy = fallback<string>({ steps: [throwing, rejecting, basic('least')] });
    const { events } = recordEvents(strategy);
    expect(await strategy.execute(failing)).toBe('least');
    expect(events.map(({ type }) => type)).toEqual([
      'fallback.step_failed',
      'fallback.step_failed',
      'fallback.used',
    ]);
  });

  it('fails with the error of the call when no step has an answer', async () => {
    const strategy = fallback({ steps: [mock(() => undefined)] });
    const { events } = recordEvents(strategy);
    await expect(strategy.execute(failing)).rejects.toBe(down);
    expect(events).toMatchObject([{ type: 'fallback.exhausted', error: down }]);
    expect(strategy.stats()).toMatchObject({ exhausted: 1 });
  });

  it.each([
    [99, 'slow'],
    [100, 'least'],
  ])('waits for a step no longer than it may: %i ms', async (afterMs, expected) => {
    const clock = manualClock();
    const slow = mock(
      () =>
        new Promise<string>(
          (resolve) => void clock.setTimer(() => resolve('slow'), afterMs === 99 ? 99 : 5_000),
        ),
    );
    const call = watch(fallback({ steps: [slow, basic('least')], stepMs: 100, clock }).execute(failing));
    await clock.advance(100);
    expect(call.value).toBe(expected);
    expect(clock.pendingTimers).toBe(afterMs === 99 ? 0 : 1);
  });

  it('answers for what strategies inside of it refuse', async () => {
    const breaker = circuitBreaker({ name: 'upstream' });
    using isolation = breaker.isolate();
    const guarded = pipeline(fallback({ steps: [basic('substitute')] }), breaker);
    expect(await guarded.try(() => 'value')).toMatchObject({ value: 'substitute', degraded: true });
    void isolation;
  });

  it('never answers for a caller who aborts', async () => {
    const steps = [{ name: 'never', get: vi.fn(() => 'substitute') }];
    const controller = new AbortController();
    const call = fallback({ steps }).execute(() => new Promise(() => undefined), {
      signal: controller.signal,
    });
    controller.abort('gone');
    await expect(call).rejects.toBe('gone');
    expect(steps[0]?.get).not.toHaveBeenCalled();
  });

  it('settles a caller at once who aborts while a step is asked', async () => {
    const controller = new AbortController();
    const hanging = mock(() => new Promise<string>(() => undefined));
    const call = watch(
      fallback({ steps: [hanging], stepMs: Infinity }).execute(failing, { signal: controller.signal }),
    );
    await manualClock().advance(0);
    controller.abort('gone');
    await manualClock().advance(0);
    expect(call.error).toBe('gone');
  });

  it('answers for a timeout inside of it', async () => {
    const clock = manualClock();
    const guarded = pipeline(
      fallback({ steps: [basic('substitute')], clock }),
      timeout({ timeoutMs: 50, clock }),
    );
    const call = watch(guarded.execute(() => new Promise(() => undefined)));
    await clock.advance(50);
    expect(call.value).toBe('substitute');
  });

  it('lets errors pass that it does not handle', async () => {
    const strategy = fallback({ steps: [basic(1)], handles: (error) => error !== down });
    await expect(strategy.execute(failing)).rejects.toBe(down);
    expect(strategy.stats()).toMatchObject({ passed: 1, exhausted: 0 });
  });

  it('delivers the items of a substitute for a stream', async () => {
    async function* substitute() {
      yield await Promise.resolve('old');
    }
    const strategy = fallback({ steps: [mock(substitute)] });
    const seen: string[] = [];
    for await (const item of strategy.stream<string>(failing)) seen.push(item);
    expect(seen).toEqual(['old']);
  });
});

describe('a write that fails', () => {
  it('is never reported as done', async () => {
    const strategy = fallback({ steps: [basic({ success: true })] });
    await expect(strategy.execute(failing, { attributes: { access: 'write' } })).rejects.toBe(down);
    expect(strategy.stats()).toMatchObject({ used: { basic: 0 }, passed: 1 });
  });

  it('is told apart as its user says', async () => {
    const isWrite = ({ method }: Readonly<Record<string, string>>) => method !== 'GET';
    const strategy = fallback({ steps: [basic('substitute')], isWrite });
    await expect(strategy.execute(failing, { attributes: { method: 'POST' } })).rejects.toBe(down);
    expect(await strategy.execute(failing, { attributes: { method: 'GET' } })).toBe('substitute');
  });

  it('is taken for one where that cannot be told', async () => {
    const onListenerError = vi.fn();
    const bug = new Error('bug');
    const isWrite = () => {
      throw bug;
    };
    await expect(fallback({ steps: [basic(1)], isWrite, onListenerError }).execute(failing)).rejects.toBe(
      down,
    );
    expect(onListenerError).toHaveBeenCalledExactlyOnceWith(bug);
  });
});

describe('the chain cache, mock, basic', () => {
  it('answers the best that there is', async () => {
    const clock = manualClock();
    const prices = cache<string>({ keyBy: ({ item }) => item, ttlMs: 1_000, keepMs: 5_000, clock });
    const named = mock(({ attributes }) => (attributes['item'] === 'rope' ? 'about 5' : undefined));
    const guarded = pipeline(fallback({ steps: [fromCache(prices), named, basic('unknown')] }), prices);
    const ask = async (item: string, operation: () => Promise<string>) => {
      const result = await guarded.try(operation, { attributes: { item } });
      return result.ok && [result.value, result.degraded];
    };
    expect(await ask('rope', () => Promise.resolve('5'))).toEqual(['5', false]);
    await clock.advance(1_000);
    expect(await ask('rope', failing)).toEqual(['5', true]);
    await clock.advance(4_000);
    expect(await ask('rope', failing)).toEqual(['about 5', true]);
    expect(await ask('anchor', failing)).toEqual(['unknown', true]);
  });
});

describe('the options of a fallback', () => {
  it.each([
    [{}, 'fallback: steps must be an array of at least one step'],
    [{ steps: [] }, 'fallback: steps must be an array of at least one step'],
    [{ steps: [{}] }, 'fallback: steps must be an array of at least one step'],
    [{ steps: [basic(1)], stepMs: 0 }, 'fallback: stepMs must be a number >= 1, got 0'],
    [{ steps: [basic(1)], value: 1 }, 'fallback has no option "value"'],
  ])('refuse %j', (options, message) => {
    expect(() => fallback(options as FallbackOptions<unknown>)).toThrow(message);
  });
});
