import type { CallOptions } from '@holdfast/pipeline';
import { manualClock, type ManualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectNoUnhandledRejections } from '../unhandled.ts';
import { watch, type Watched } from '../watch.ts';
import { behaviours, play, type Behaviour, type Run } from './arbitrary-operation.ts';
import { build, layers, type Built, type Layer } from './arbitrary-pipeline.ts';

expectNoUnhandledRejections();

/** How the caller ends the call, if it does. */
type End =
  | { readonly how: 'none' }
  | { readonly how: 'before' }
  | { readonly how: 'within the operation' }
  | { readonly how: 'microtasks'; readonly count: number }
  | { readonly how: 'abort'; readonly atMs: number }
  | { readonly how: 'deadline'; readonly timeoutMs: number };

const ends: fc.Arbitrary<End> = fc.oneof(
  fc.constantFrom<End[]>({ how: 'none' }, { how: 'before' }, { how: 'within the operation' }),
  fc.record({ how: fc.constant('microtasks'), count: fc.nat(12) }),
  fc.record({ how: fc.constant('abort'), atMs: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ how: fc.constant('deadline'), timeoutMs: fc.integer({ min: 0, max: 200 }) }),
);

interface Scenario {
  readonly layers: readonly Layer[];
  readonly behaviours: readonly Behaviour[];
  readonly end: End;
  readonly asResult: boolean;
}

const scenarios: fc.Arbitrary<Scenario> = fc.record({
  layers,
  behaviours,
  end: ends,
  asResult: fc.boolean(),
});

interface Played {
  readonly clock: ManualClock;
  readonly built: Built;
  readonly runs: readonly Run[];
  readonly call: Watched;
  readonly reason: object;
  /** When the abort came, and what it found. */
  readonly abort: { readonly atMs: number; readonly settledBefore: boolean } | undefined;
  /** Where each gate's list of outcomes ended at that time. */
  readonly heardBefore: readonly number[];
  /** The signals that aborted after the call had settled. */
  readonly lateAborts: readonly AbortSignal[];
}

async function played(scenario: Scenario): Promise<Played> {
  const { end, asResult } = scenario;
  const clock = manualClock();
  const built = build(scenario.layers, clock);
  const runs: Run[] = [];
  const lateAborts: AbortSignal[] = [];
  const controller = new AbortController();
  const reason = { why: 'the caller has left' };
  let abort: Played['abort'];
  let heardBefore: readonly number[] = [];
  const calls: Watched[] = [];
  const settled = () => calls[0]?.settled === 1;
  const leave = () => {
    if (controller.signal.aborted) return;
    abort = { atMs: clock.now(), settledBefore: settled() };
    heardBefore = built.gates.map((gate) => gate.settled.length);
    controller.abort(reason);
  };
  const operation = play(scenario.behaviours, clock, runs);
  if (end.how === 'before') leave();
  const options: CallOptions = {
    signal: controller.signal,
    ...(end.how === 'deadline' && { timeoutMs: end.timeoutMs }),
  };
  const act: typeof operation = (ctx) => {
    const result = operation(ctx);
    const signal = runs.at(-1)?.signal;
    signal?.addEventListener('abort', () => settled() && lateAborts.push(signal));
    if (end.how === 'within the operation') leave();
    return result;
  };
  const { strategy } = built;
  const call = watch(asResult ? strategy.try(act, options) : strategy.execute(act, options), clock);
  calls.push(call);
  if (end.how === 'abort') clock.setTimer(leave, end.atMs);
  if (end.how === 'microtasks') {
    for (let i = 0; i < end.count; i++) await Promise.resolve();
    leave();
  }
  await clock.run();
  // What hangs still hangs; its caller gives up.
  leave();
  await clock.run();
  return { clock, built, runs, call, reason, abort, heardBefore, lateAborts };
}

/** What the caller learnt, whichever method it used. */
function learnt({ call }: Played, asResult: boolean): { ok: boolean; value?: unknown; error?: unknown } {
  if (!asResult) return { ...call, ok: !('error' in call) };
  expect(call).not.toHaveProperty('error');
  expect(Object.keys(call.value as object).sort()).toEqual(
    (call.value as { ok: boolean }).ok ? ['degraded', 'ok', 'value'] : ['error', 'ok'],
  );
  return call.value as { ok: boolean };
}

const property = (check: (all: Played, scenario: Scenario) => void) =>
  fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => check(await played(scenario), scenario)),
    { numRuns: fc.readConfigureGlobal().numRuns ?? 250 },
  );

it('every call settles once, every permit is settled once, every scope that is entered is exited once', () =>
  property(({ call, built, clock }) => {
    expect(call.settled).toBe(1);
    for (const gate of [...built.gates, ...built.foreignGates]) {
      expect(gate.settled.map(({ permit }) => permit).sort()).toEqual([...gate.admitted].sort());
    }
    for (const limit of built.limits) expect(limit.exited).toBe(limit.entered);
    expect(clock.refedTimers).toBe(0);
  }));

it('a caller that aborts is answered in the same instant with its own reason, and no gate counts it', () =>
  property((all, { end, asResult }) => {
    const { abort, call, built, reason, heardBefore } = all;
    // In the turns in which the call starts or ends, either may come first.
    if (abort === undefined || abort.settledBefore || end.how === 'microtasks') return;
    if (end.how === 'deadline' && call.atMs === end.timeoutMs) return;
    expect(call.atMs).toBe(abort.atMs);
    expect(learnt(all, asResult)).toMatchObject({ ok: false, error: reason });
    built.gates.forEach((gate, index) => {
      for (const outcome of gate.outcomes.slice(heardBefore[index])) expect(outcome).toBe('ignored');
    });
    if (end.how === 'before') expect(built.gates.flatMap((gate) => gate.admitted)).toEqual([]);
  }));

it('nothing outlives the deadline of the call, and remainingMs never exceeds it', () =>
  property(({ call, runs }, { end }) => {
    for (const { remainingMs, ctx } of runs) {
      expect(remainingMs ?? 0).toBeGreaterThanOrEqual(0);
      expect(ctx.remainingMs() ?? 0).toBeGreaterThanOrEqual(0);
    }
    if (end.how !== 'deadline') return;
    expect(call.atMs).toBeLessThanOrEqual(end.timeoutMs);
    for (const { remainingMs, startedAtMs } of runs) {
      expect(startedAtMs).toBeLessThan(end.timeoutMs);
      // A foreign policy does not hand deadlines on.
      if (remainingMs !== undefined) expect(remainingMs).toBeLessThanOrEqual(end.timeoutMs - startedAtMs);
    }
  }));

it('a signal never aborts after the success of its run has reached the caller', () =>
  property((all, { asResult }) => {
    const { ok, value } = learnt(all, asResult);
    const winner = all.runs.find((run) => run.value === value);
    if (ok) expect(all.lateAborts).not.toContain(winner?.signal);
  }));
