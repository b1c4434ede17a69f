import { createExpiryQueue, type Call, type Expiry } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const call = (id: number) => ({ id }) as unknown as Call;
const idOf = (expiry: Expiry) => (expiry.call as unknown as { id: number }).id;

type Action =
  | { readonly do: 'add' }
  | { readonly do: 'remove'; readonly which: number }
  | { readonly do: 'wait'; readonly ms: number };

const actions: fc.Arbitrary<readonly Action[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('add' as const) }),
    fc.record({ do: fc.constant('remove' as const), which: fc.nat(50) }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 40 }) }),
  ),
  { maxLength: 60 },
);

describe.each([true, false])('an expiry queue (shared timers: %s)', (sharedTimers) => {
  it('expires each call at its time, in order, unless it was removed before: a model', async () => {
    await fc.assert(
      fc.asyncProperty(actions, fc.integer({ min: 0, max: 100 }), async (all, delayMs) => {
        const clock = manualClock({ sharedTimers });
        const expired: [number, number][] = [];
        const queue = createExpiryQueue(clock, delayMs, (expiry) =>
          expired.push([idOf(expiry), clock.now()]),
        );
        const added: Expiry[] = [];
        const model: { readonly id: number; readonly atMs: number; removed: boolean }[] = [];
        for (const action of all) {
          if (action.do === 'wait') await clock.advance(action.ms);
          else if (action.do === 'add') {
            model.push({ id: added.length, atMs: clock.now() + delayMs, removed: false });
            added.push(queue.add(call(added.length), 0));
          } else {
            const index = action.which % Math.max(1, added.length);
            const [entry, expected] = [added[index], model[index]];
            if (entry === undefined || expected === undefined) continue;
            queue.remove(entry);
            // Removing what has expired changes nothing.
            if (!expired.some(([id]) => id === index)) expected.removed = true;
          }
          // Where timers are shared there is at most one, and it is ref'ed while a call waits.
          const waiting = model.filter(
            ({ id, removed }) => !removed && !expired.some(([other]) => other === id),
          ).length;
          if (sharedTimers) expect(clock.pendingTimers).toBeLessThanOrEqual(1);
          expect(clock.refedTimers).toBe(sharedTimers ? Math.min(1, waiting) : waiting);
        }
        await clock.run();
        expect(expired).toEqual(model.filter(({ removed }) => !removed).map(({ id, atMs }) => [id, atMs]));
        expect(clock.pendingTimers).toBe(0);
      }),
      { numRuns: fc.readConfigureGlobal().numRuns ?? 200 },
    );
  });

  it('tells which scope waits for the call, and until when', () => {
    const queue = createExpiryQueue(manualClock({ startMs: 1_000, sharedTimers }), 50, () => undefined);
    const waiting = call(1);
    expect(queue.add(waiting, 3)).toMatchObject({ call: waiting, scope: 3, dueAtMs: 1_050 });
  });

  it('lets expiring calls add and remove others', async () => {
    const clock = manualClock({ sharedTimers });
    const expired: [number, number][] = [];
    const entries: Expiry[] = [];
    const add = (id: number) => (entries[id] = queue.add(call(id), 0));
    const queue = createExpiryQueue(clock, 50, (expiry) => {
      const id = idOf(expiry);
      expired.push([id, clock.now()]);
      queue.remove(expiry);
      if (id === 1) queue.remove(entries[2] as Expiry);
      if (id === 3) add(4);
    });
    add(1);
    add(2);
    add(3);
    await clock.advance(50);
    expect(clock.pendingTimers).toBe(1);
    await clock.run();
    expect(expired).toEqual([
      [1, 50],
      [3, 50],
      [4, 100],
    ]);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a shared timer', () => {
  it('that fires early expires nobody early, and is armed again', async () => {
    const clock = manualClock();
    let early: () => void = () => undefined;
    const hasty = Object.assign(Object.create(clock) as typeof clock, {
      setTimer: (callback: () => void, delayMs: number) => {
        early = callback;
        return clock.setTimer(callback, delayMs);
      },
    });
    const expired: number[] = [];
    const queue = createExpiryQueue(hasty, 50, () => expired.push(clock.now()));
    queue.add(call(1), 0);
    await clock.advance(48);
    early();
    expect(expired).toEqual([]);
    await clock.advance(2);
    expect(expired).toEqual([50]);
  });

  it('expires what is due within a millisecond, since timers may be that early', async () => {
    const clock = manualClock({ startMs: 0.4 });
    const expired: number[] = [];
    const queue = createExpiryQueue(clock, 50, () => expired.push(clock.now()));
    expect(queue.add(call(1), 0).dueAtMs).toBe(51);
    await clock.run();
    expect(expired).toEqual([50.4]);
  });

  it('stands still, unref’ed, while no call waits', async () => {
    const clock = manualClock();
    const queue = createExpiryQueue(clock, 50, () => undefined);
    for (let i = 0; i < 1_000; i++) queue.remove(queue.add(call(i), 0));
    expect([clock.pendingTimers, clock.refedTimers]).toEqual([1, 0]);
    await clock.run();
    expect(clock.pendingTimers).toBe(0);
  });
});
