import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AuditEngine } from '../../src/log/engine.ts';
import type { SinkOptions } from '../../src/sinks/options.ts';
import { runSink, type SinkSource } from '../../src/sinks/run-sink.ts';
import type { AuditSink, SinkBatch } from '../../src/sinks/sink.ts';
import { faultyFiles, systemError } from '../log/faulty-files.ts';
import { openTestEngine, tempFolder } from '../rig.ts';

const leaf = Buffer.from('{}');
const settled = () => new Promise((resolve) => setImmediate(resolve));

async function fill(engine: AuditEngine, count: number, tenant = 'acme'): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => engine.append(tenant, leaf)));
}

/** A sink that remembers what it took, and fails as often as it is told to. */
function memorySink(name = 'memory') {
  const taken: string[] = [];
  const state = { failures: 0, attempts: 0, closed: 0, stuck: false };
  const sink: AuditSink = {
    name,
    async write({ tenant, entries }: SinkBatch, signal) {
      state.attempts++;
      if (state.stuck)
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      if (state.failures-- > 0) throw new Error('receiver down');
      for (const { index } of entries) taken.push(`${tenant}/${index}`);
    },
    close: async () => void state.closed++,
  };
  return { sink, taken, state };
}

async function run(engine: SinkSource, sink: AuditSink, options: SinkOptions = {}) {
  const running = await runSink(engine, sink, { baseDelayMs: 0, ...options });
  onTestFinished(() => running.close());
  return running;
}

const expected = (count: number, tenant = 'acme') =>
  Array.from({ length: count }, (_, n) => `${tenant}/${n}`);

describe('a sink', () => {
  it('gets every entry once and in order, what there is and what comes', async () => {
    const engine = await openTestEngine();
    await fill(engine, 600);
    const { sink, taken } = memorySink();
    const running = await run(engine, sink);
    await running.caughtUp();
    await fill(engine, 10);
    await fill(engine, 5, 'other');
    await running.caughtUp();
    expect(taken.filter((entry) => entry.startsWith('acme'))).toEqual(expected(610));
    expect(taken.filter((entry) => entry.startsWith('other'))).toEqual(expected(5, 'other'));
    expect(running.stats()).toMatchObject({
      name: 'memory',
      lag: 0,
      delivered: 615,
      failures: 0,
      circuit: 'closed',
    });
  });

  it('gets the same entries again when it failed', async () => {
    const engine = await openTestEngine();
    await fill(engine, 3);
    const { sink, taken, state } = memorySink();
    state.failures = 4;
    const errors: unknown[] = [];
    const running = await run(engine, sink, { onError: (error) => errors.push(error) });
    await running.caughtUp();
    expect(taken).toEqual(expected(3));
    expect(running.stats()).toMatchObject({ failures: 4, error: undefined });
    expect(errors).toHaveLength(4);
  });

  it('goes on where it stopped after a restart', async () => {
    const dir = await tempFolder();
    const before = await openTestEngine(dir);
    await fill(before, 300);
    const first = memorySink();
    const running = await run(before, first.sink);
    await running.caughtUp();
    await running.close();
    await fill(before, 5);
    await before.close();
    const after = await openTestEngine(dir);
    const second = memorySink();
    await (await run(after, second.sink)).caughtUp();
    expect(second.taken).toEqual(expected(305).slice(300));
  });

  it('gets everything again rather than nothing when what it has is not known', async () => {
    const engine = await openTestEngine();
    await fill(engine, 3);
    const first = memorySink();
    const running = await run(engine, first.sink);
    await running.caughtUp();
    await running.close();
    const file = path.join(engine.dir, 'sinks', 'memory.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ acme: 3 });
    for (const text of ['{"acme":', '{"acme":-1}', '{"acme":"3"}', '{"acme":99}', 'null']) {
      await writeFile(file, text);
      const again = memorySink();
      const rerun = await run(engine, again.sink);
      await rerun.caughtUp();
      await rerun.close();
      expect(again.taken, text).toEqual(expected(3));
    }
  });

  it('that hangs is given up after its time and tried again; the circuit opens and closes', async () => {
    const clock = manualClock();
    const engine = await openTestEngine();
    const { sink, taken, state } = memorySink();
    state.stuck = true;
    const options = { clock, random: () => 0, timeoutMs: 100, failures: 2, openMs: 1000 };
    const running = await run(engine, sink, options);
    await fill(engine, 1);
    for (let tries = 0; tries < 200 && state.attempts === 0; tries++) await settled();
    await clock.advance(100);
    expect(running.stats()).toMatchObject({ failures: 1, circuit: 'closed', lag: 1 });
    await clock.advance(100);
    expect(running.stats()).toMatchObject({ failures: 2, circuit: 'open' });
    expect(running.stats().error).toMatchObject({ code: 'ERR_TIMEOUT' });
    await clock.advance(999);
    expect(state.attempts).toBe(2);
    state.stuck = false;
    await clock.advance(2);
    await running.caughtUp();
    expect(taken).toEqual(expected(1));
    expect(running.stats()).toMatchObject({ circuit: 'closed', error: undefined });
  });

  it('that is stuck delays neither the log nor another sink, and costs no memory', async () => {
    const engine = await openTestEngine();
    const stuck = memorySink('stuck');
    stuck.state.stuck = true;
    const free = memorySink('free');
    const blocked = await run(engine, stuck.sink, { timeoutMs: 3_600_000 });
    const running = await run(engine, free.sink);
    await fill(engine, 2000);
    await running.caughtUp();
    expect(free.taken).toHaveLength(2000);
    expect(blocked.stats()).toMatchObject({ lag: 2000, delivered: 0, running: true });
    await blocked.close();
    expect(blocked.stats()).toMatchObject({ running: false, failures: 0 });
  });

  it('is closed once, and takes nothing afterwards', async () => {
    const engine = await openTestEngine();
    const { sink, taken, state } = memorySink();
    const running = await run(engine, sink);
    await Promise.all([running.close(), running.close()]);
    await fill(engine, 3);
    await running.caughtUp();
    expect([taken, state.closed]).toEqual([[], 1]);
  });

  it('says so when the log cannot be read, and tries again after a pause', async () => {
    const engine = await openTestEngine();
    const clock = manualClock();
    const cause = new Error('EIO');
    let broken = true;
    const follow: AuditEngine['follow'] = (cursor, signal) =>
      broken ? failing(cause) : engine.follow(cursor, signal);
    await fill(engine, 1);
    const { sink, taken } = memorySink();
    const running = await run({ ...within(engine), follow }, sink, { clock, maxDelayMs: 1000 });
    while (running.stats().failures === 0) await settled();
    expect(running.stats()).toMatchObject({ running: true, error: cause, lag: 1 });
    broken = false;
    await clock.advance(1000);
    await running.caughtUp();
    expect(taken).toEqual(expected(1));
    expect(running.stats()).toMatchObject({ error: undefined });
  });

  it('goes on when it cannot be remembered how far it has come, says so, and remembers later', async () => {
    const engine = await openTestEngine();
    const faulty = faultyFiles();
    const full = systemError('ENOSPC');
    faulty.inject = ({ call, path: file }) => {
      if (call === 'replace' && file.includes('sinks')) throw full;
    };
    const first = memorySink();
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const running = await run(engine, first.sink, { files: faulty.files, onError });
    for (const count of [3, 2]) {
      await fill(engine, count);
      await running.caughtUp();
      expect(running.stats()).toMatchObject({ running: true, lag: 0, error: full });
    }
    expect(first.taken).toEqual(expected(5));
    expect(errors.length).toBeGreaterThan(1);
    faulty.inject = undefined;
    await running.close();
    const again = memorySink();
    await (await run(engine, again.sink)).caughtUp();
    expect(again.taken).toEqual([]);
  });

  it('goes on when whoever hears of its errors throws', async () => {
    const engine = await openTestEngine();
    const faulty = faultyFiles();
    faulty.inject = ({ call, path: file }) => {
      if (call === 'replace' && file.includes('sinks')) throw systemError('ENOSPC');
    };
    const { sink, taken, state } = memorySink();
    state.failures = 1;
    const onError = () => {
      throw new Error('from the listener');
    };
    const running = await run(engine, sink, { files: faulty.files, onError });
    await fill(engine, 3);
    await running.caughtUp();
    expect(running.stats().running).toBe(true);
    expect(taken).toEqual(expected(3));
  });

  it.each(['', 'Upper', '../x', 'a/b', 7])('has a name that can name a file: %s', async (name) => {
    const engine = await openTestEngine();
    await expect(runSink(engine, { name: name as string, write: async () => {} })).rejects.toThrow(
      'sink: name must match ^[a-z0-9-]{1,64}$',
    );
  });

  it('takes no options that it does not know', async () => {
    const engine = await openTestEngine();
    const { sink } = memorySink();
    await expect(runSink(engine, sink, { timeoutMs: 0 })).rejects.toThrow(
      'sink: timeoutMs must be an integer >= 1, got 0',
    );
    await expect(runSink(engine, sink, { retries: 3 } as never)).rejects.toThrow(
      'sink has no option "retries"',
    );
  });
});

function within(engine: AuditEngine) {
  return {
    dir: engine.dir,
    tenants: () => engine.tenants(),
    size: (tenant: string) => engine.size(tenant),
    originOf: (tenant: string) => engine.originOf(tenant),
    entries: (tenant: string, from: number, to?: number) => engine.entries(tenant, from, to),
  };
}

async function* failing(error: Error): AsyncGenerator<never> {
  await settled();
  throw error;
}
