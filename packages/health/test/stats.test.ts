import { manualClock, recordEvents, seededRandom } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHealth, type CheckResult, type CheckStats } from '../src/index.ts';

/** What only grows, so that a counter can be pulled from it. */
const TOTALS = ['runs', 'failures', 'timeouts', 'lateResults', 'transitions', 'totalDurationMs'] as const;
const totalsOf = (stats: CheckStats) => TOTALS.map((name) => stats[name]);

const TIMEOUT_MS = 200;
const turn = fc.record({
  takesMs: fc.integer({ min: 0, max: 300 }),
  found: fc.constantFrom<CheckResult['state']>('up', 'degraded', 'down'),
});

describe('statistics', () => {
  test('are totals that only grow, and agree with the events', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(turn, { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 12 }),
        fc.nat(),
        async (turns, waits, seed) => {
          const clock = manualClock();
          let runs = 0;
          const run = () => {
            const { takesMs, found } = turns[runs++ % turns.length] as (typeof turns)[number];
            return new Promise<CheckResult>((resolve) =>
              clock.setTimer(() => resolve({ state: found }), takesMs),
            );
          };
          const check = { name: 'a', run, timeoutMs: TIMEOUT_MS, refreshMs: 500 };
          const health = createHealth({ clock, random: seededRandom(seed), alerts: [], checks: [check] });
          const events = recordEvents(health);
          const stats = () => health.stats()[0] as CheckStats;
          void health.start();
          let before = stats();
          for (const wait of waits) {
            await clock.advance(wait);
            const now = stats();
            totalsOf(now).forEach((total, index) =>
              expect(total).toBeGreaterThanOrEqual(totalsOf(before)[index] ?? 0),
            );
            const changes = events.events.filter((event) => event.type === 'health.check_changed');
            expect(now.transitions).toBe(Math.max(0, changes.length - 1));
            expect(now.state).toBe(changes.at(-1)?.to ?? 'unknown');
            const over = Array.from({ length: now.runs }, (_, index) => turns[index % turns.length]);
            const late = (each: (typeof over)[number]) => (each?.takesMs ?? 0) >= TIMEOUT_MS;
            expect(now.timeouts).toBe(over.filter(late).length);
            expect(now.failures).toBe(over.filter((each) => late(each) || each?.found === 'down').length);
            expect(now.timeouts).toBe(now.lateResults + now.abandoned);
            expect(now.maxDurationMs).toBeGreaterThanOrEqual(now.lastDurationMs ?? 0);
            expect(now.totalDurationMs).toBeLessThanOrEqual(now.runs * now.maxDurationMs);
            before = now;
          }
          health.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  test('are there for each check from the beginning, so that its metrics are as well', () => {
    const health = createHealth({ checks: ['a', 'b'].map((name) => ({ name, run: () => undefined })) });
    expect(health.stats()).toMatchObject(
      ['a', 'b'].map((name) => ({ name, state: 'unknown', runs: 0, totalDurationMs: 0, flapping: false })),
    );
    expect(health.groups.map((group) => health.state(group))).toEqual([
      'up',
      'unknown',
      'unknown',
      'unknown',
    ]);
    health.close();
  });

  test('and states of groups are read without running a check, or asking for figures about requests', async () => {
    const seen: string[] = [];
    const health = createHealth({
      checks: [{ name: 'a', run: () => void seen.push('run'), ttlMs: 0, staleMs: 0 }],
      requestStats: () => void seen.push('figures'),
    });
    await health.start();
    seen.length = 0;
    health.stats();
    for (const group of health.groups) health.state(group);
    expect(seen).toEqual([]);
    health.close();
  });
});
