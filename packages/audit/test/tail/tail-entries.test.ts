import { systemClock, type Clock } from '@holdfast/pipeline';
import { describe, expect, it, vi } from 'vitest';
import { withContext } from '../../src/events/context.ts';
import { tailEntries as tailOn, type TailOptions } from '../../src/tail/tail-entries.ts';
import { openTestEngine } from '../rig.ts';

type Tail = typeof tailOn;
const tailEntries = (engine: Parameters<Tail>[0], options: TailOptions = {}): ReturnType<Tail> =>
  tailOn(engine, options, systemClock);
const leaf = (text: string) => Buffer.from(text);
const textOf = (entry: { readonly leaf: Uint8Array } | void) =>
  entry ? Buffer.from(entry.leaf).toString() : undefined;

describe('a tail', () => {
  it('has what there is and then what comes, in order', async () => {
    const engine = await openTestEngine();
    for (const text of ['a', 'b']) await engine.append('acme', leaf(text));
    const tail = tailEntries(engine, { tenant: 'acme', from: 1 });
    expect(textOf((await tail.next()).value)).toBe('b');
    const next = tail.next();
    await engine.append('other', leaf('not this'));
    await engine.append('acme', leaf('c'));
    expect((await next).value).toMatchObject({ tenant: 'acme', index: 2 });
    expect((await tail.return()).done).toBe(true);
  });

  it('begins with what comes unless told otherwise', async () => {
    const engine = await openTestEngine();
    await engine.append('default', leaf('old'));
    const tail = tailEntries(engine);
    await engine.append('default', leaf('new'));
    expect(textOf((await tail.next()).value)).toBe('new');
    await tail.return();
  });

  it('misses nothing however slowly it is read', async () => {
    const engine = await openTestEngine();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { index } of tailEntries(engine, { from: 0 })) {
        seen.push(index);
        if (seen.length % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
        if (seen.length === 1000) return;
      }
    })();
    for (let n = 0; n < 1000; n += 50) {
      await Promise.all(Array.from({ length: 50 }, () => engine.append('default', leaf('x'))));
    }
    await reading;
    expect(seen).toEqual(Array.from({ length: 1000 }, (_, n) => n));
  });

  it('ends with the reason of its signal, whether it waits or not', async () => {
    const engine = await openTestEngine();
    await engine.append('default', leaf('a'));
    const controller = new AbortController();
    const { signal } = controller;
    const [waiting, reading] = [tailEntries(engine, { signal }), tailEntries(engine, { signal, from: 0 })];
    await reading.next();
    const next = waiting.next();
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
    await expect(reading.next()).rejects.toBe(reason);
  });

  it('keeps the process alive while somebody waits, and no longer', async () => {
    const engine = await openTestEngine();
    // A timer keeps it alive unless somebody calls unref.
    let timers = 0;
    const setTimer = vi.fn<Clock['setTimer']>(() => {
      timers++;
      return { cancel: () => void timers--, ref: vi.fn(), unref: () => expect.unreachable() };
    });
    const tail = tailOn(engine, {}, { ...systemClock, setTimer });
    const next = tail.next();
    expect(timers).toBe(1);
    await engine.append('default', leaf('a'));
    await next;
    await tail.return();
    expect(timers).toBe(0);
    expect(setTimer).toHaveBeenCalledWith(expect.any(Function), Infinity);
  });

  it('ends when the log is closed', async () => {
    const engine = await openTestEngine();
    const next = tailEntries(engine).next();
    await engine.close();
    expect(await next).toMatchObject({ done: true });
  });

  it('has what was appended just before the log is closed', async () => {
    for (let turns = 0; turns < 20; turns++) {
      const engine = await openTestEngine();
      const seen: number[] = [];
      await engine.append('default', leaf('a'));
      const reading = (async () => {
        for await (const { index } of tailEntries(engine, { from: 0 })) seen.push(index);
      })();
      const last = engine.append('default', leaf('b'));
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      await Promise.all([engine.close(), last, reading]);
      expect(seen).toEqual([0, 1]);
    }
  });

  it('is of the tenant whose context it was made in, wherever it is read', async () => {
    const engine = await openTestEngine();
    await engine.append('acme', leaf('mine'));
    await engine.append('default', leaf('not mine'));
    const tail = withContext({ tenant: 'acme' }, () => tailEntries(engine, { from: 0 }));
    expect(textOf((await tail.next()).value)).toBe('mine');
    await tail.return();
    const foreign = () => tailEntries(engine, { tenant: 'evil' });
    expect(() => withContext({ tenant: 'acme' }, foreign)).toThrow('tenant must be that of the context');
  });

  it('takes no options that it does not know', async () => {
    const engine = await openTestEngine();
    expect(() => tailEntries(engine, { from: -1 })).toThrow('tail: from must be an integer >= 0, got -1');
    expect(() => tailEntries(engine, { since: 1 } as never)).toThrow('tail has no option "since"');
  });
});
