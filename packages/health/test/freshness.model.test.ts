import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHealth } from '../src/index.ts';

const ms = (max: number) => fc.integer({ min: 0, max });

test('a result is served while it is fresh, served once more while stale, and waited for when it is too old', async () => {
  await fc.assert(
    fc.asyncProperty(
      ms(50),
      ms(50),
      fc.array(ms(130), { minLength: 1, maxLength: 25 }),
      async (ttlMs, staleMs, waits) => {
        const clock = manualClock();
        let runs = 0;
        const health = createHealth({
          clock,
          alerts: [],
          checks: [
            {
              name: 'a',
              run: () => ({ state: 'up', observedValue: ++runs }),
              ttlMs,
              staleMs,
              refreshMs: Infinity,
            },
          ],
        });
        const shown = async () => (await health.check()).checks[0]?.observedValue;
        // What the reference says, with no look at how it is done.
        let result = { number: 0, at: -Infinity };
        for (const wait of waits) {
          await clock.advance(wait);
          const age = clock.now() - result.at;
          const before = result.number;
          if (age >= ttlMs) result = { number: before + 1, at: clock.now() };
          expect(await shown()).toBe(age < ttlMs + staleMs ? before : result.number);
          await clock.advance(0);
          expect(runs).toBe(result.number);
        }
        health.close();
      },
    ),
    { numRuns: 120 },
  );
});

test('a health can be closed at any moment: nothing rejects, nothing runs on, no timer is left', async () => {
  const check = fc.record({ takesMs: fc.oneof(ms(300), fc.constant(Infinity)), heeds: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(check, { maxLength: 5 }),
      ms(2_000),
      fc.integer({ min: 1, max: 3 }),
      async (checks, closeAtMs, maxConcurrent) => {
        const clock = manualClock();
        let begun = 0;
        const health = createHealth({
          clock,
          random: () => 0.5,
          maxConcurrent,
          checks: checks.map(({ takesMs, heeds }, index) => ({
            name: `c${index}`,
            timeoutMs: 100,
            refreshMs: 150,
            ttlMs: 10,
            staleMs: 10,
            run: ({ signal }) => {
              begun++;
              return new Promise<void>((resolve, reject) => {
                if (heeds) signal.addEventListener('abort', () => reject(signal.reason as Error));
                if (takesMs < Infinity) clock.setTimer(resolve, takesMs);
              });
            },
          })),
        });
        const started = health.start();
        await clock.advance(closeAtMs);
        const waiting = health.check();
        health.close();
        const known = health.state();
        const total = begun;
        await Promise.all([started, waiting]);
        await clock.advance(10_000);
        expect(begun).toBe(total);
        expect(clock.pendingTimers).toBe(0);
        // What settles after the end changes nothing, but that the start is over.
        if (known !== 'unknown') expect(health.state()).toBe(known);
      },
    ),
    { numRuns: 80 },
  );
});
