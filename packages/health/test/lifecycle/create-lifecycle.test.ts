import { EventEmitter } from 'node:events';
import { manualClock, recordEvents, type ManualClock } from '@holdfast/pipeline/testing';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createHealth, createLifecycle, type LifecycleOptions, type ShutdownPhase } from '../../src/index.ts';

let clock: ManualClock;
beforeEach(() => {
  clock = manualClock();
});

const hangs = () => new Promise<never>(() => undefined);
const after = (ms: number) => () => new Promise<void>((resolve) => clock.setTimer(resolve, ms));
const lifecycleOf = (phases: readonly ShutdownPhase[], more: LifecycleOptions = {}) =>
  createLifecycle({ clock, phases, drainDelayMs: 0, ...more });

/** A process that only remembers how it was ended. */
class FakeProcess extends EventEmitter {
  readonly exits: number[] = [];

  exit(code: number): void {
    this.exits.push(code);
  }
}

describe('a shutdown', () => {
  test('fails readiness at once, leaves liveness green, and runs phases after the drain delay', async () => {
    const health = createHealth({ clock, alerts: [] });
    await health.start();
    const run = vi.fn();
    const lifecycle = lifecycleOf([{ name: 'a', run }], { health, drainDelayMs: 5_000 });
    expect(lifecycle.state).toBe('running');
    const report = lifecycle.shutdown();
    expect([health.state('readiness'), health.state('liveness'), lifecycle.state]).toEqual([
      'down',
      'up',
      'draining',
    ]);
    await clock.advance(4_999);
    expect(run).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(await report).toEqual({
      cause: 'shutdown',
      code: 0,
      durationMs: 5_000,
      phases: [{ phase: 'a', outcome: 'done', durationMs: 0 }],
    });
    expect(lifecycle.state).toBe('stopped');
    expect(clock.pendingTimers).toBe(0);
  });

  test('runs one phase after the other, in order', async () => {
    const seen: string[] = [];
    const phase = (name: string): ShutdownPhase => ({
      name,
      run: async () => {
        seen.push(`${name} begins`);
        await after(10)();
        seen.push(`${name} ends`);
      },
    });
    const lifecycle = lifecycleOf([phase('a'), phase('b')]);
    lifecycle.add(phase('c'));
    void lifecycle.shutdown();
    await clock.advance(30);
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  test('tells every phase that the drain begins before any runs, and survives one that throws', async () => {
    const onListenerError = vi.fn();
    const told = vi.fn();
    const lifecycle = lifecycleOf(
      [
        { name: 'a', run: () => undefined, onDrain: () => { throw new Error('x'); } }, // prettier-ignore
        { name: 'b', run: () => undefined, onDrain: told },
      ],
      { onListenerError, drainDelayMs: 100 },
    );
    void lifecycle.shutdown();
    expect(told).toHaveBeenCalledTimes(1);
    expect(onListenerError).toHaveBeenCalledTimes(1);
    await clock.advance(100);
    expect(lifecycle.state).toBe('stopped');
  });

  test('a phase that fails does not keep the next from running, and makes the exit code 1', async () => {
    const error = new Error('x');
    const next = vi.fn();
    const lifecycle = lifecycleOf([
      { name: 'a', run: () => Promise.reject(error) },
      { name: 'b', run: next },
    ]);
    const report = await lifecycle.shutdown();
    expect(report.code).toBe(1);
    expect(report.phases.map(({ outcome }) => outcome)).toEqual(['failed', 'done']);
    expect(report.phases[0]?.error).toBe(error);
    expect(JSON.stringify(report)).not.toContain('"error"');
  });

  test('a phase that throws at once has failed as well', async () => {
    const lifecycle = lifecycleOf([{ name: 'a', run: () => { throw new Error('x'); } }]); // prettier-ignore
    expect((await lifecycle.shutdown()).phases[0]?.outcome).toBe('failed');
  });

  test('a phase that hangs is left behind when its budget is used up', async () => {
    const run = vi.fn(({ signal: _signal }: { signal: AbortSignal }) => hangs());
    const lifecycle = lifecycleOf([
      { name: 'a', run, budgetMs: 300 },
      { name: 'b', run: () => undefined },
    ]);
    const report = lifecycle.shutdown();
    await clock.advance(300);
    expect((await report).phases).toMatchObject([
      { phase: 'a', outcome: 'timed-out', durationMs: 300 },
      { phase: 'b', outcome: 'done' },
    ]);
    expect(run.mock.calls[0]?.[0].signal.reason).toMatchObject({ code: 'ERR_TIMEOUT', strategy: 'a' });
    expect((await report).code).toBe(1);
  });

  test('all phases together take no longer than the budget; what is left is skipped', async () => {
    const last = vi.fn();
    const phases = [
      { name: 'a', run: hangs, budgetMs: 600 },
      { name: 'b', run: hangs, budgetMs: 600 },
      { name: 'c', run: last },
    ];
    const lifecycle = lifecycleOf(phases, { budgetMs: 1_000, drainDelayMs: 200 });
    const report = lifecycle.shutdown();
    await clock.advance(1_000);
    expect(await report).toMatchObject({
      durationMs: 1_000,
      phases: [{ durationMs: 600 }, { outcome: 'timed-out', durationMs: 200 }, { outcome: 'skipped' }],
    });
    expect(last).not.toHaveBeenCalled();
  });

  test('happens once, however often it is asked for', async () => {
    const run = vi.fn();
    const lifecycle = lifecycleOf([{ name: 'a', run }]);
    const [first, second] = await Promise.all([lifecycle.shutdown('one'), lifecycle.shutdown('two')]);
    expect(second).toBe(first);
    expect(first.cause).toBe('one');
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('a phase can be added while it drains, but not later', async () => {
    const late = vi.fn();
    const lifecycle = lifecycleOf([], { drainDelayMs: 100 });
    void lifecycle.shutdown();
    lifecycle.add({ name: 'late', run: late });
    await clock.advance(100);
    expect(late).toHaveBeenCalledTimes(1);
    expect(() => lifecycle.add({ name: 'later', run: late })).toThrow(
      "phase 'later' comes too late: the process is stopped",
    );
  });

  test('closes its health at the very end', async () => {
    const seen: string[] = [];
    const health = { drain: () => seen.push('drain'), close: () => seen.push('close') };
    await lifecycleOf([{ name: 'a', run: () => seen.push('phase') }], { health: health }).shutdown();
    expect(seen).toEqual(['drain', 'phase', 'close']);
  });

  test('tells what happens', async () => {
    const lifecycle = lifecycleOf([{ name: 'a', run: () => Promise.reject(new Error('x')) }]);
    const events = recordEvents(lifecycle);
    await lifecycle.shutdown();
    expect(events.events).toMatchObject([
      { type: 'shutdown.started', cause: 'shutdown' },
      { type: 'shutdown.phase_ended', phase: 'a', outcome: 'failed' },
      { type: 'shutdown.ended', code: 1, durationMs: 0 },
    ]);
    expect(JSON.stringify(events.events)).not.toContain('"error"');
  });
});

describe('signals', () => {
  const start = (phases: readonly ShutdownPhase[], more: LifecycleOptions = {}) => {
    const fake = new FakeProcess();
    const lifecycle = lifecycleOf(phases, { process: fake, ...more });
    lifecycle.listen();
    return { fake, lifecycle };
  };

  test('stop the process, and end it with the exit code', async () => {
    const { fake } = start([{ name: 'a', run: after(50) }]);
    fake.emit('SIGTERM', 'SIGTERM');
    await clock.advance(49);
    expect(fake.exits).toEqual([]);
    await clock.advance(1);
    expect(fake.exits).toEqual([0]);
  });

  test('end it with 1 when something went wrong', async () => {
    const { fake } = start([{ name: 'a', run: () => Promise.reject(new Error('x')) }]);
    fake.emit('SIGTERM', 'SIGTERM');
    await clock.advance(0);
    expect(fake.exits).toEqual([1]);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ])('a second one, %s, ends it at once with %i', async (signal, code) => {
    const { fake, lifecycle } = start([{ name: 'a', run: hangs }]);
    const events = recordEvents(lifecycle);
    fake.emit('SIGTERM', 'SIGTERM');
    await clock.advance(10);
    fake.emit(signal, signal);
    expect(fake.exits).toEqual([code]);
    expect(events.events.at(-1)).toMatchObject({ type: 'shutdown.forced', cause: signal });
  });

  test('one after a shutdown that was asked for ends the process at once', () => {
    const { fake, lifecycle } = start([{ name: 'a', run: hangs }]);
    void lifecycle.shutdown();
    fake.emit('SIGTERM', 'SIGTERM');
    expect(fake.exits).toEqual([143]);
  });

  test('from a terminal need not wait for load balancers', async () => {
    const { fake } = start([], { drainDelayMs: 5_000 });
    fake.emit('SIGINT', 'SIGINT');
    await clock.advance(0);
    expect(fake.exits).toEqual([0]);
  });

  test('are listened to from listen to close, each once', () => {
    const { fake, lifecycle } = start([], { signals: ['SIGTERM', 'SIGHUP'] });
    lifecycle.listen();
    expect(fake.eventNames()).toEqual(['SIGTERM', 'SIGHUP']);
    expect(fake.listenerCount('SIGTERM')).toBe(1);
    lifecycle.close();
    expect(fake.eventNames()).toEqual([]);
  });
});

test.each<[LifecycleOptions, string]>([
  [{ drainDelayMs: 30_000 }, 'createLifecycle: drainDelayMs must be a number >= 0 and <= 25000, got 30000'],
  [{ budgetMs: 0 }, 'createLifecycle: budgetMs must be a number >= 1, got 0'],
  [
    { phases: [{ name: 'a', run: hangs, budgetMs: -1 }] },
    'createLifecycle: a phase: budgetMs must be a number >= 0, got -1',
  ],
  [{ phases: [{ name: 'a' } as ShutdownPhase] }, 'createLifecycle: a phase: run'],
  [{ signals: ['SIGKILL' as 'SIGTERM'] }, 'signals must be an array; each element must be one of'],
])('%j is refused', (options, message) => {
  expect(() => createLifecycle(options)).toThrow(message);
});

test('a phase that comes while it drains is told so at once', async () => {
  const lifecycle = lifecycleOf([], { drainDelayMs: 100 });
  void lifecycle.shutdown();
  const onDrain = vi.fn();
  lifecycle.add({ name: 'late', run: () => undefined, onDrain });
  expect(onDrain).toHaveBeenCalledTimes(1);
  await clock.advance(100);
});

test('a health whose drain or close throws keeps no phase from running', async () => {
  const broken = () => {
    throw new Error('x');
  };
  const onListenerError = vi.fn();
  const run = vi.fn();
  const health = { drain: broken, close: broken };
  expect((await lifecycleOf([{ name: 'a', run }], { health, onListenerError }).shutdown()).code).toBe(0);
  expect(run).toHaveBeenCalledTimes(1);
  expect(onListenerError).toHaveBeenCalledTimes(2);
});

test('a handler of errors that throws does not stop the shutdown', async () => {
  const broken = () => {
    throw new Error('x');
  };
  const lifecycle = lifecycleOf([{ name: 'a', run: () => undefined, onDrain: broken }], {
    onListenerError: broken,
  });
  expect((await lifecycle.shutdown()).code).toBe(0);
});
