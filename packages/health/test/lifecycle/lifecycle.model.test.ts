import { EventEmitter } from 'node:events';
import { manualClock, recordEvents, type ManualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createLifecycle, type PhaseReport, type ShutdownPhase } from '../../src/index.ts';

const ms = (max: number) => fc.integer({ min: 0, max });
const phase = fc.record({
  takesMs: fc.oneof(ms(400), fc.constant(Infinity)),
  budgetMs: ms(400),
  fails: fc.boolean(),
});
type Phase = typeof phase extends fc.Arbitrary<infer P> ? P : never;
const history = fc.record({
  phases: fc.array(phase, { maxLength: 5 }),
  budgetMs: fc.integer({ min: 500, max: 1_500 }),
  drainDelayMs: ms(500),
  signal: fc.constantFrom('SIGTERM', 'SIGINT'),
});

/** What becomes of the phases, by the words of the reference. */
function expected({
  phases,
  budgetMs,
  drainDelayMs,
  signal,
}: typeof history extends fc.Arbitrary<infer H> ? H : never) {
  let now = signal === 'SIGINT' ? 0 : drainDelayMs;
  const reports = phases.map(({ takesMs, budgetMs: own, fails }, index): Omit<PhaseReport, 'error'> => {
    const name = `p${index}`;
    const left = budgetMs - now;
    if (left <= 0) return { phase: name, outcome: 'skipped', durationMs: 0 };
    const mayTake = Math.min(own, left);
    // A phase that is done in the very millisecond in which its time is up was not done in time.
    const inTime = takesMs < mayTake || takesMs === 0;
    const durationMs = inTime ? takesMs : mayTake;
    now += durationMs;
    return { phase: name, outcome: !inTime ? 'timed-out' : fails ? 'failed' : 'done', durationMs };
  });
  return { reports, durationMs: now, code: reports.every(({ outcome }) => outcome === 'done') ? 0 : 1 };
}

class FakeProcess extends EventEmitter {
  readonly exit = vi.fn<(code: number) => void>();
}

function start(clock: ManualClock, made: typeof history extends fc.Arbitrary<infer H> ? H : never) {
  const running = { now: 0, most: 0 };
  const play = ({ takesMs, fails }: Phase): ShutdownPhase['run'] => {
    const end = (resolve: (value?: unknown) => void) => {
      running.now--;
      resolve(fails ? Promise.reject(new Error('x')) : undefined);
    };
    return ({ signal }) => {
      running.most = Math.max(running.most, ++running.now);
      signal.addEventListener('abort', () => running.now--, { once: true });
      if (takesMs === 0) return new Promise(end);
      return new Promise((resolve) => clock.setTimer(() => end(resolve), takesMs));
    };
  };
  const fake = new FakeProcess();
  const { budgetMs, drainDelayMs, phases } = made;
  const lifecycle = createLifecycle({
    clock,
    process: fake,
    budgetMs,
    drainDelayMs,
    phases: phases.map((each, index) => ({ name: `p${index}`, budgetMs: each.budgetMs, run: play(each) })),
  });
  lifecycle.listen();
  return { fake, lifecycle, running, events: recordEvents(lifecycle) };
}

test('phases run in order, within their budgets and that of the whole, and the exit code tells how it went', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (made) => {
      const clock = manualClock();
      const { fake, lifecycle, running, events } = start(clock, made);
      const { reports, durationMs, code } = expected(made);
      fake.emit(made.signal, made.signal);
      await clock.advance(made.budgetMs);
      expect(await lifecycle.shutdown()).toEqual({ cause: made.signal, code, durationMs, phases: reports });
      expect(durationMs).toBeLessThanOrEqual(made.budgetMs);
      expect(running.most).toBeLessThanOrEqual(1);
      expect(fake.exit.mock.calls).toEqual([[code]]);
      expect(events.types).toEqual([
        'shutdown.started',
        ...reports.map(() => 'shutdown.phase_ended'),
        'shutdown.ended',
      ]);
    }),
    { numRuns: 150 },
  );
});

test('a second signal ends the process at once, whatever goes on', async () => {
  await fc.assert(
    fc.asyncProperty(history, ms(1_500), async (made, afterMs) => {
      const clock = manualClock();
      const { fake, events } = start(clock, made);
      const { durationMs, code } = expected(made);
      fake.emit(made.signal, made.signal);
      await clock.advance(afterMs);
      fake.emit('SIGTERM', 'SIGTERM');
      const ended = afterMs >= durationMs;
      expect(fake.exit.mock.calls).toEqual(ended ? [[code], [143]] : [[143]]);
      expect(events.types.at(-1)).toBe('shutdown.forced');
    }),
    { numRuns: 80 },
  );
});
