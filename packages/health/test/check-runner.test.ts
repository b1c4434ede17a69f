import fc from 'fast-check';
import { manualClock, seededRandom, type ManualClock } from '@holdfast/pipeline/testing';
import { describe, expect, test, vi } from 'vitest';
import { createHealth, type CheckResult, type HealthCheck } from '../src/index.ts';

/** What one run of a check does. */
interface Turn {
  readonly afterMs: number;
  readonly found: 'up' | 'degraded' | 'down' | 'throws';
  /** Whether it stops when it is told to. */
  readonly heeds: boolean;
}

const TIMEOUT_MS = 100;
const turn = fc.record({
  afterMs: fc.integer({ min: 0, max: 3 * TIMEOUT_MS }),
  found: fc.constantFrom('up' as const, 'degraded' as const, 'down' as const, 'throws' as const),
  heeds: fc.boolean(),
});
const action = fc.oneof(
  fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 2_000 }) }),
  fc.record({ kind: fc.constant('probe' as const), probes: fc.integer({ min: 1, max: 5 }) }),
);

/** A check that plays its turns again and again, and remembers how many runs were going on that were still wanted. */
function played(clock: ManualClock, turns: readonly Turn[], more: Partial<HealthCheck>) {
  const seen = { runs: 0, wanted: 0, mostWanted: 0, inTime: [] as string[] };
  const run: HealthCheck['run'] = ({ signal }) =>
    new Promise<CheckResult>((resolve, reject) => {
      const { afterMs, found, heeds } = turns[seen.runs++ % turns.length] as Turn;
      seen.mostWanted = Math.max(seen.mostWanted, ++seen.wanted);
      let open = true;
      const leave = () => {
        if (open) seen.wanted--;
        open = false;
      };
      signal.addEventListener('abort', () => {
        leave();
        if (heeds) reject(signal.reason as Error);
      });
      clock.setTimer(() => {
        if (open) seen.inTime.push(found);
        leave();
        if (found === 'throws') reject(new Error('x'));
        else resolve({ state: found });
      }, afterMs);
    });
  return {
    seen,
    check: { name: 'a', timeoutMs: TIMEOUT_MS, ttlMs: 50, staleMs: 50, refreshMs: 500, ...more, run },
  };
}

describe('whatever a check does and whoever asks', () => {
  const property = (
    verify: (found: {
      turns: readonly Turn[];
      actions: readonly { kind: string; ms?: number; probes?: number }[];
      seed: number;
    }) => Promise<void>,
  ) =>
    fc.assert(
      fc.asyncProperty(
        fc.record({
          turns: fc.array(turn, { minLength: 1, maxLength: 6 }),
          actions: fc.array(action, { maxLength: 15 }),
          seed: fc.nat(),
        }),
        verify,
      ),
      { numRuns: 60 },
    );

  test('one wanted run goes on at a time, every late result is dropped, and nothing is left behind', async () => {
    await property(async ({ turns, actions, seed }) => {
      const clock = manualClock();
      const { seen, check } = played(clock, turns, {});
      const health = createHealth({ clock, random: seededRandom(seed), checks: [check], alerts: [] });
      void health.start();
      for (const { kind, ms = 0, probes = 0 } of actions) {
        if (kind === 'advance') await clock.advance(ms);
        else for (let i = 0; i < probes; i++) void health.check('readiness', { waitMs: 50 });
        const [stats] = health.stats();
        expect(seen.mostWanted).toBeLessThanOrEqual(1);
        expect(stats?.abandoned).toBeGreaterThanOrEqual(0);
        expect(stats?.abandoned).toBeLessThanOrEqual(3);
        expect(stats?.failures).toBeLessThanOrEqual(stats?.runs ?? 0);
      }
      health.close();
      await clock.advance(10 * TIMEOUT_MS);
      expect(clock.pendingTimers).toBe(0);
      const [stats] = health.stats();
      expect(stats?.abandoned).toBe(0);
    });
  });

  test('the state is that of the last run that counts', async () => {
    await property(async ({ turns, actions, seed }) => {
      const clock = manualClock();
      const { seen, check } = played(clock, turns, {});
      const health = createHealth({ clock, random: seededRandom(seed), checks: [check], alerts: [] });
      void health.start();
      for (const { ms = 0 } of actions) await clock.advance(ms);
      const [stats] = health.stats();
      const report = health.report().checks[0];
      const last = seen.inTime.at(-1);
      if (stats?.runs === 0) expect(report?.state).toBe('unknown');
      else if (report?.reason === 'timeout') expect(report.state).toBe('down');
      else expect(report?.state).toBe(last === 'throws' ? 'down' : last);
      health.close();
    });
  });
});

describe('closing', () => {
  test('a check whose close throws does not keep the others open', async () => {
    const onListenerError = vi.fn();
    const closed = vi.fn();
    const broken = () => {
      throw new Error('close');
    };
    const health = createHealth({
      onListenerError,
      checks: [
        { name: 'a', run: () => undefined, close: broken },
        { name: 'b', run: () => undefined, close: closed },
      ],
    });
    health.close();
    expect(closed).toHaveBeenCalledTimes(1);
    expect(onListenerError).toHaveBeenCalledWith(expect.objectContaining({ message: 'close' }));
  });

  test('a closed health answers with what it knew, and runs nothing more', async () => {
    const run = vi.fn();
    const health = createHealth({ checks: [{ name: 'a', run, ttlMs: 0, staleMs: 0 }] });
    await health.start();
    health.close();
    expect((await health.check('readiness')).state).toBe('up');
    expect(run).toHaveBeenCalledTimes(1);
  });
});
