import { defineStrategy, explain, pipeline, type ExecutionContext, type Hook } from '@holdfast/pipeline';
import { ambient, currentContext, runWithin } from '@holdfast/pipeline/node';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { again } from './again.ts';
import { recordingGate } from './recording-gate.ts';
import { collect, items, source } from './stream/source.ts';
import { timeLimit } from './time-limit.ts';
import { watch } from './watch.ts';

const hang = () => new Promise<never>(() => undefined);
const limited = (clock: ReturnType<typeof manualClock>, ms: number) =>
  defineStrategy('limit', timeLimit(clock, ms));

describe('currentContext', () => {
  it('is undefined outside of every ambient call', async () => {
    expect(currentContext()).toBeUndefined();
    const plain = defineStrategy('gate', recordingGate());
    expect(await plain.execute(() => currentContext())).toBeUndefined();
  });

  it('is the context that the operation got, also behind awaits', async () => {
    const strategy = ambient(limited(manualClock(), 50));
    const seen = await strategy.execute(async (ctx) => {
      const before = currentContext() === ctx;
      await new Promise(setImmediate);
      return [before, currentContext() === ctx];
    });
    expect(seen).toEqual([true, true]);
    expect(currentContext()).toBeUndefined();
  });

  it('is given by runWithin', async () => {
    const ctx = await defineStrategy('gate', recordingGate()).execute((ctx) => ctx);
    expect(runWithin(ctx, currentContext)).toBe(ctx);
  });

  it('is told apart between calls that run at the same time', async () => {
    const strategy = ambient(defineStrategy('gate', recordingGate()));
    const names = ['a', 'b', 'c'].map((tenant) =>
      strategy.execute(
        async () => {
          await new Promise(setImmediate);
          return currentContext()?.attributes['tenant'];
        },
        { attributes: { tenant } },
      ),
    );
    expect(await Promise.all(names)).toEqual(['a', 'b', 'c']);
  });
});

describe('an ambient strategy', () => {
  const methods = {
    execute: (strategy: ReturnType<typeof ambient>, operation: (ctx: ExecutionContext) => Promise<unknown>) =>
      strategy.execute(operation),
    try: (strategy: ReturnType<typeof ambient>, operation: (ctx: ExecutionContext) => Promise<unknown>) =>
      strategy.try(operation),
    define: (strategy: ReturnType<typeof ambient>, operation: (ctx: ExecutionContext) => Promise<unknown>) =>
      strategy.define(operation)(),
    wrap: (strategy: ReturnType<typeof ambient>, operation: (ctx: ExecutionContext) => Promise<unknown>) =>
      strategy.wrap(() => operation(currentContext() as ExecutionContext))(),
  };

  it.each(Object.entries(methods))('inherits the deadline of the call around it: %s', async (_, run) => {
    const clock = manualClock();
    const left: (number | undefined)[] = [];
    const request = ambient(limited(clock, 2_000));
    const query = ambient(limited(clock, 5_000));
    const call = watch(
      request.execute(() =>
        run(query, (ctx) => {
          left.push(ctx.remainingMs());
          return hang();
        }),
      ),
      clock,
    );
    await clock.run();
    expect(left).toEqual([2_000]);
    expect(call).toMatchObject({ error: { timeoutMs: 2_000 }, atMs: 2_000 });
  });

  it('lets an explicit `within` win, but not an undefined one', async () => {
    const clock = manualClock();
    const request = ambient(limited(clock, 2_000));
    const other = await limited(clock, 300).execute((ctx) => ctx);
    const inner = ambient(defineStrategy('gate', Object.assign(recordingGate(), { clock })));
    const left = (within: ExecutionContext | undefined) =>
      request.execute(() => inner.execute((ctx) => ctx.remainingMs(), { within }));
    expect(await left(other)).toBe(300);
    expect(await left(undefined)).toBe(2_000);
  });

  it('streams within the call around it', async () => {
    const clock = manualClock();
    const request = ambient(limited(clock, 2_000));
    const gate = Object.assign(recordingGate(), { clock });
    const left: (number | undefined)[] = [];
    const stream = await request.execute(async () => {
      const stream = ambient(defineStrategy('gate', gate)).stream((ctx) => {
        left.push(ctx.remainingMs());
        return source(clock, items(1, 2));
      });
      return [await stream.next(), await collect(stream)];
    });
    expect(stream).toEqual([{ done: false, value: 1 }, [2]]);
    expect(left).toEqual([2_000]);
    expect(gate.outcomes).toEqual(['success']);
  });

  describe('as a part of a pipeline', () => {
    const fallback: Hook = {
      kind: 'recovery',
      name: 'fallback',
      recover: async (_settled, call) => {
        call.degrade();
        return 'spare';
      },
    };

    it('keeps its steps, and is still ambient for what is inside', async () => {
      const clock = manualClock();
      const guarded = pipeline(ambient(limited(clock, 50)), defineStrategy('again', again(2)));
      expect(explain(guarded).steps.map(({ name }) => name)).toEqual(['limit 50', 'ambient', 'again']);
      const query = ambient(limited(clock, 5_000));
      expect(await guarded.execute(() => query.execute((ctx) => ctx.remainingMs()))).toBe(50);
    });

    it('hands on cost, attributes, and that a value is a substitute', async () => {
      const guarded = pipeline(
        ambient(defineStrategy('fallback', fallback)),
        defineStrategy('gate', recordingGate()),
      );
      const options = { cost: 7, attributes: { tenant: 'a' } };
      const seen = await guarded.execute(
        (ctx) => [(ctx as never as { cost: number }).cost, ctx.attributes],
        options,
      );
      expect(seen).toEqual([7, { tenant: 'a' }]);
      const result = await guarded.try(() => {
        throw new Error('down');
      });
      expect(result).toEqual({ ok: true, value: 'spare', degraded: true });
    });

    it('does not start a stream again after its first item', async () => {
      const clock = manualClock();
      let opened = 0;
      const guarded = pipeline(
        ambient(defineStrategy('again', again(3))),
        defineStrategy('gate', recordingGate()),
      );
      const stream = guarded.stream(() => {
        opened++;
        return source<number>(clock, [{ item: 1 }, { error: new Error('down') }]);
      });
      await expect(collect(stream)).rejects.toThrow('down');
      expect(opened).toBe(1);
    });
  });
});
