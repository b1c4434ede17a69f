import {
  defineStrategy,
  pipeline,
  type Call,
  type ExecutionContext,
  type Hook,
  type Operation,
} from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { again } from './again.ts';
import { hedged } from './hedged.ts';
import { recordingGate } from './recording-gate.ts';
import { timeLimit } from './time-limit.ts';
import { watch } from './watch.ts';

const hang = () => new Promise<never>(() => undefined);
const chain = (...hooks: readonly Hook[]) => defineStrategy('chain', hooks);
const contextOf = (guarded: ReturnType<typeof chain>, options = {}) => guarded.execute((ctx) => ctx, options);

describe('the signal', () => {
  it.each([true, false])('costs no controller until it is read (strict scope: %s)', async (strict) => {
    const made = vi.spyOn(globalThis, 'AbortController');
    const guarded = chain(timeLimit(manualClock(), 50, strict), again(2), recordingGate());
    await guarded.execute(() => 1);
    expect(made).not.toHaveBeenCalled();
    await guarded.execute((ctx) => ctx.signal);
    expect(made).toHaveBeenCalledTimes(1);
  });

  it('is the same whenever it is read', async () => {
    await chain(recordingGate()).execute((ctx) => expect(ctx.signal).toBe(ctx.signal));
  });

  it('never aborts after success, whatever happens later', async () => {
    const clock = manualClock();
    const abort = new AbortController();
    const guarded = chain(timeLimit(clock, 50), again(2), timeLimit(clock, 20));
    const ctx = await contextOf(guarded, { signal: abort.signal, timeoutMs: 70 });
    const read = ctx.signal;
    await clock.advance(100);
    abort.abort();
    expect(read.aborted).toBe(false);
  });

  it('that is first read after a failure by timeout has aborted with its error', async () => {
    const clock = manualClock();
    const contexts: ExecutionContext[] = [];
    const call = watch(
      chain(timeLimit(clock, 50)).execute((ctx) => {
        contexts.push(ctx);
        return hang();
      }),
    );
    await clock.run();
    expect(contexts[0]?.signal.reason).toBe(call.error);
    expect(call.error).toMatchObject({ code: 'ERR_TIMEOUT' });
  });

  it('of one attempt does not abort when another runs out of time', async () => {
    const clock = manualClock();
    const signals: AbortSignal[] = [];
    const guarded = chain(again(2, { clock }), timeLimit(clock, 50));
    const call = watch(
      guarded.execute((ctx) => {
        signals.push(ctx.signal);
        return ctx.attempt === 1 ? hang() : 'second';
      }),
    );
    await clock.run();
    expect(call.value).toBe('second');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  it('of one call does not abort when another call runs out of time', async () => {
    const clock = manualClock();
    const guarded = chain(timeLimit(clock, 50));
    const signals: AbortSignal[] = [];
    const operation: Operation<never> = (ctx) => {
      signals.push(ctx.signal);
      return hang();
    };
    watch(guarded.execute(operation));
    await clock.advance(20);
    watch(guarded.execute(operation));
    await clock.advance(30);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });
});

describe('remainingMs', () => {
  it('is undefined without a deadline', async () => {
    expect((await contextOf(chain(recordingGate(), again(2)))).remainingMs()).toBeUndefined();
    const { signal } = new AbortController();
    expect((await contextOf(chain(recordingGate()), { signal })).remainingMs()).toBeUndefined();
    expect((await contextOf(chain(recordingGate()), { timeoutMs: Infinity })).remainingMs()).toBeUndefined();
  });

  it.each([
    ['the caller’s', 30, 50, 70, 30],
    ['the outer scope’s', 90, 50, 70, 50],
    ['the inner scope’s', 90, 70, 50, 50],
  ])('is the nearest of all deadlines: %s', async (_, timeoutMs, outer, inner, expected) => {
    const clock = manualClock({ startMs: 1_000 });
    const guarded = chain(timeLimit(clock, outer), again(2), recordingGate(), timeLimit(clock, inner, false));
    await guarded.execute((ctx) => expect(ctx.remainingMs()).toBe(expected), { timeoutMs });
  });

  it('counts down, and never below 0', async () => {
    const clock = manualClock();
    const guarded = chain(timeLimit(clock, 50, false));
    const contexts: ExecutionContext[] = [];
    watch(
      guarded.execute((ctx) => {
        contexts.push(ctx);
        return hang();
      }),
    );
    const left: unknown[] = [];
    for (let i = 0; i < 4; i++) {
      left.push(contexts[0]?.remainingMs());
      await clock.advance(20);
    }
    expect(left).toEqual([50, 30, 10, 0]);
  });

  it('starts again with the limit of each attempt, but not with the limit around them', async () => {
    const clock = manualClock();
    const left: unknown[] = [];
    const guarded = chain(timeLimit(clock, 100), again(3, { clock, delayMs: 30 }), timeLimit(clock, 50));
    const call = guarded.execute((ctx) => {
      left.push(ctx.remainingMs());
      throw new Error('down');
    });
    await Promise.all([call.catch(Boolean), clock.run()]);
    expect(left).toEqual([50, 50, 40]);
  });
});

describe('the attributes and the cost', () => {
  it('are those that the caller gave, at every depth', async () => {
    const seen: unknown[] = [];
    const gate = recordingGate('gate', [], (permit, call) => {
      seen.push(call.attributes, call.cost);
      return permit;
    });
    const attributes = { host: 'a.example' };
    const guarded = chain(gate, again(2), hedged(manualClock(), 5, 1), gate);
    const ctx = await contextOf(guarded, { attributes, cost: 7 });
    expect(seen).toEqual([attributes, 7, attributes, 7]);
    expect(ctx.attributes).toBe(attributes);
  });

  it('are empty and 1 by default', async () => {
    const ctx = (await contextOf(chain(recordingGate()))) as Call;
    expect(ctx.attributes).toEqual({});
    expect(Object.isFrozen(ctx.attributes)).toBe(true);
    expect(ctx.cost).toBe(1);
  });
});

describe('a call within another', () => {
  const within = async (outer: object, inner: object, act: (ctx: ExecutionContext) => unknown) => {
    const clock = manualClock();
    const guarded = pipeline(chain(timeLimit(clock, 1_000)), chain(recordingGate()));
    const call = watch(
      guarded.execute((ctx) => guarded.execute(act as Operation<unknown>, { ...inner, within: ctx }), outer),
      clock,
    );
    await clock.run();
    return call;
  };

  it.each([
    [{ timeoutMs: 50 }, {}, 50],
    [{ timeoutMs: 50 }, { timeoutMs: 80 }, 50],
    [{ timeoutMs: 80 }, { timeoutMs: 50 }, 50],
    [{}, {}, 1_000],
  ])('inherits the deadline: %j around %j', async (outer, inner, expected) => {
    let left: number | undefined;
    const call = await within(outer, inner, (ctx) => {
      left = ctx.remainingMs();
      return hang();
    });
    expect(left).toBe(expected);
    expect(call).toMatchObject({ atMs: expected, error: { code: 'ERR_TIMEOUT', timeoutMs: expected } });
  });

  it('inherits the attributes, unless it has its own', async () => {
    const outer = { attributes: { tenant: 'a' } };
    expect((await within(outer, {}, (ctx) => ctx.attributes)).value).toEqual({ tenant: 'a' });
    const own = { attributes: { tenant: 'b' } };
    expect((await within(outer, own, (ctx) => ctx.attributes)).value).toEqual({ tenant: 'b' });
  });

  it('ends with it, with the caller’s reason and without being counted', async () => {
    const gate = recordingGate();
    const inner = chain(gate);
    const abort = new AbortController();
    const signals: AbortSignal[] = [];
    const call = watch(
      chain(again(2)).execute(
        (within) =>
          inner.execute(
            (ctx) => {
              signals.push(ctx.signal);
              return hang();
            },
            { within },
          ),
        { signal: abort.signal },
      ),
    );
    abort.abort('left');
    await manualClock().advance(0);
    expect(call.error).toBe('left');
    expect(signals[0]?.reason).toBe('left');
    expect(gate.outcomes).toEqual(['ignored']);
  });

  it('leaves no listener on the signals that it followed', async () => {
    const { signal } = new AbortController();
    const outer = await contextOf(chain(recordingGate()), { signal });
    await contextOf(chain(recordingGate()), { signal, within: outer, timeoutMs: 5 });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(getEventListeners(outer.signal, 'abort')).toEqual([]);
  });
});
