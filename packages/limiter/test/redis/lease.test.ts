import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Lease, type AskForLease, type Grant } from '../../src/redis/lease.ts';

const granted = (cost: number, endsInMs = 100): Grant => ({ cost, endsInMs, waitMs: 0 });
const refused = (waitMs: number): Grant => ({ cost: 0, endsInMs: 100, waitMs });

function leased(answers: Grant[], size = 20) {
  const clock = manualClock();
  const ask = vi.fn<AskForLease>(() => Promise.resolve(answers.shift() ?? refused(1_000)));
  return { clock, ask, lease: new Lease(clock, size, ask) };
}

describe('a lease', () => {
  it('is asked for once, and answers at once until it is used up', async () => {
    const { ask, lease } = leased([granted(20), granted(20)]);
    expect(await lease.take(1)).toBe(0);
    for (let call = 0; call < 19; call++) expect(lease.take(1)).toBe(0);
    expect(await lease.take(1)).toBe(0);
    expect(ask.mock.calls).toEqual([
      [1, 20],
      [1, 20],
    ]);
  });

  it('is asked for once by all who come at the same time', async () => {
    const { ask, lease } = leased([granted(20)]);
    const answers = await Promise.all(Array.from({ length: 20 }, async () => lease.take(1)));
    expect(answers.every((waitMs) => waitMs === 0)).toBe(true);
    expect(ask).toHaveBeenCalledOnce();
  });

  it('dies with its slot, counted from when it was asked for', async () => {
    const { clock, ask, lease } = leased([granted(20, 50), granted(20, 50)]);
    await lease.take(1);
    await clock.advance(49);
    expect(lease.take(1)).toBe(0);
    await clock.advance(1);
    expect(await lease.take(1)).toBe(0);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('gives its asker what Redis counted, however late the answer is', async () => {
    const clock = manualClock();
    let answer: (grant: Grant) => void = () => undefined;
    const ask = vi.fn<AskForLease>(() => new Promise((resolve) => (answer = resolve)));
    const lease = new Lease(clock, 20, ask);
    const first = Promise.resolve(lease.take(1));
    await clock.advance(500);
    answer(granted(20, 50));
    expect(await first).toBe(0);
    void lease.take(1);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('refuses at once while Redis has nothing, but asks for a cost that is smaller', async () => {
    const { clock, ask, lease } = leased([refused(200), refused(50), granted(1)]);
    expect(await lease.take(5)).toBe(200);
    await clock.advance(150);
    expect(lease.take(5)).toBe(50);
    expect(lease.take(9)).toBe(50);
    expect(await lease.take(2)).toBe(50);
    expect(ask).toHaveBeenCalledTimes(2);
    await clock.advance(50);
    expect(await lease.take(1)).toBe(0);
  });

  it('remembers no refusal for ever', async () => {
    const { clock, lease } = leased([refused(Infinity), granted(1)]);
    expect(await lease.take(500)).toBe(Infinity);
    expect(lease.isOver(clock.now())).toBe(true);
    expect(await lease.take(1)).toBe(0);
  });

  it('fails for its asker when Redis does; those who waited ask for themselves', async () => {
    const down = new Error('down');
    const clock = manualClock();
    let calls = 0;
    const lease = new Lease(clock, 20, () =>
      calls++ === 0 ? Promise.reject(down) : Promise.resolve(granted(20)),
    );
    const answers = await Promise.allSettled([lease.take(1), lease.take(1), lease.take(1)]);
    expect(answers).toEqual([
      { status: 'rejected', reason: down },
      { status: 'fulfilled', value: 0 },
      { status: 'fulfilled', value: 0 },
    ]);
    expect(calls).toBe(2);
  });

  it('never lets more pass than was granted, in its time, whatever the order', async () => {
    const step = fc.record({ cost: fc.integer({ min: 1, max: 5 }), afterMs: fc.nat(40), grant: fc.nat(8) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 50 }), async (steps) => {
        const clock = manualClock();
        let allowed = 0;
        let grant = 0;
        const lease = new Lease(clock, 6, (least, wished) => {
          const cost = grant < least ? 0 : Math.min(wished, grant);
          allowed += cost;
          return Promise.resolve(cost === 0 ? refused(25) : granted(cost, 30));
        });
        let passed = 0;
        const count = (cost: number) => (waitMs: number) => {
          if (waitMs === 0) passed += cost;
        };
        for (const { cost, afterMs, grant: next } of steps) {
          grant = next;
          void Promise.resolve(lease.take(cost)).then(count(cost));
          if (afterMs > 20) await clock.advance(afterMs);
        }
        await clock.advance(1_000);
        expect(passed).toBeLessThanOrEqual(allowed);
      }),
    );
  });
});
