import type { Clock } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';

interface Plan {
  readonly delayMs: number;
  /** Which timer of the plan this one cancels when it fires. */
  readonly cancels: number;
  /** After how many milliseconds it arms another one when it fires; 0 for never. */
  readonly againMs: number;
}

/** What fires when, on a clock. */
function watch(clock: Clock, plans: readonly Plan[]): string[] {
  const seen: string[] = [];
  const timers = plans.map(({ delayMs, cancels, againMs }, index) =>
    clock.setTimer(() => {
      seen.push(`${index} at ${clock.now()}`);
      timers[cancels]?.cancel();
      // Three promises later, which is still the same instant.
      void Promise.resolve()
        .then(() => {})
        .then(() => {})
        .then(() => seen.push(`then ${index} at ${clock.now()}`));
      if (againMs > 0) clock.setTimer(() => seen.push(`again ${index} at ${clock.now()}`), againMs);
    }, delayMs),
  );
  return seen;
}

describe('VirtualClock', () => {
  it('fires what a manual clock fires, at the same instants and in the same order', async () => {
    const plan = fc.record({
      delayMs: fc.integer({ min: -5, max: 50 }),
      cancels: fc.nat(30),
      againMs: fc.integer({ min: 0, max: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(plan, { maxLength: 30 }), async (plans) => {
        const [virtual, manual] = [new VirtualClock(), manualClock()];
        const [ours, reference] = [watch(virtual, plans), watch(manual, plans)];
        await virtual.run(40);
        await manual.advance(40);
        expect(ours).toEqual(reference);
        expect(virtual.now()).toBe(40);
        await virtual.run(100);
        await manual.advance(60);
        expect(ours).toEqual(reference);
      }),
    );
  });

  it('never fires a timer that is cancelled, or of endless delay', async () => {
    const clock = new VirtualClock();
    let fired = 0;
    const timer = clock.setTimer(() => fired++, 10);
    clock.setTimer(() => fired++, Infinity);
    timer.cancel();
    timer.cancel();
    await clock.run(1e9);
    expect(fired).toBe(0);
    expect(clock.wallNow()).toBe(1e9);
  });

  it('lets promises settle before the first timer', async () => {
    const clock = new VirtualClock();
    let atMs = -1;
    clock.setTimer(() => {}, 10);
    void Promise.resolve().then(() => (atMs = clock.now()));
    await clock.run(20);
    expect(atMs).toBe(0);
  });
});
