import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HealthState } from '../src/index.ts';
import { Timeline } from '../src/timeline.ts';

const WINDOW_MS = 1_000;
const state = fc.constantFrom<HealthState>('up', 'degraded', 'down');
const step = fc.record({ waitMs: fc.integer({ min: 0, max: 600 }), to: state });

test('flapping and availability are what a look at the whole history says, and the memory is bounded', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 2, max: 6 }),
      fc.integer({ min: 0, max: 4 }),
      async (steps, flapTransitions, spare) => {
        const clock = manualClock();
        const size = flapTransitions + spare;
        const timeline = new Timeline(clock, size);
        const whole: { at: number; to: HealthState }[] = [];
        for (const { waitMs, to } of steps) {
          await clock.advance(waitMs);
          if (to !== timeline.state) {
            timeline.enter(to, undefined);
            whole.push({ at: clock.now(), to });
          }
          const changes = whole.slice(1).filter(({ at }) => clock.now() - at < WINDOW_MS);
          // One that remembers too little to see them all still remembers enough to call it flapping.
          expect(timeline.flapping({ flapTransitions, flapWindowMs: WINDOW_MS })).toBe(
            changes.length >= flapTransitions,
          );
          expect(timeline.history().map(({ to: each }) => each)).toEqual(
            whole.slice(-size).map(({ to: each }) => each),
          );
          expect(timeline.transitions).toBe(Math.max(0, whole.length - 1));
        }
        const spent = { passing: 0, known: 0 };
        whole.forEach(({ at, to }, index) => {
          const ms = (whole[index + 1]?.at ?? clock.now()) - at;
          spent.known += ms;
          if (to !== 'down') spent.passing += ms;
        });
        expect(timeline.availabilityRatio()).toBe(spent.known > 0 ? spent.passing / spent.known : undefined);
      },
    ),
    { numRuns: 100 },
  );
});
