import { costBudget, isBudgetExhausted } from '@holdfast/http/models';
import { manualClock, recordEvents } from '@holdfast/pipeline/testing';
import { rateLimit, tokenBucket } from '@holdfast/limiter';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

const costOf = (result: unknown) => (result as { cost?: number }).cost;
const make = (more: object = {}) => {
  const clock = manualClock();
  return {
    clock,
    budget: costBudget({ limit: 100, windowMs: 60_000, costOf, clock, name: 'tokens', ...more }),
  };
};

describe('a budget', () => {
  it('lets calls pass until it is used up, and again when they are forgotten', async () => {
    const { clock, budget } = make();
    await budget.execute(() => ({ cost: 60 }));
    await clock.advance(10_000);
    await budget.execute(() => ({ cost: 40 }));
    const refusal = await budget.execute(() => 1).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      name: 'BudgetExhaustedError',
      code: 'ERR_BUDGET_EXHAUSTED',
      strategy: 'tokens',
    });
    if (!isBudgetExhausted(refusal)) throw new Error('no refusal');
    await clock.advance(refusal.retryAfterMs ?? 0);
    expect((await budget.try(() => ({ cost: 1 }))).ok).toBe(true);
    expect(budget.stats()).toEqual({ spent: 41, reserved: 0, remaining: 59, refused: 1 });
  });

  it('reserves the estimate while a call runs, and charges what it cost', async () => {
    const { budget } = make({ estimate: 60 });
    const { promise, resolve } = deferred<{ cost: number }>();
    const call = budget.execute(() => promise);
    expect((await budget.try(() => 1)).ok).toBe(false);
    expect(budget.stats()).toMatchObject({ reserved: 60, remaining: 40 });
    resolve({ cost: 10 });
    await call;
    expect(budget.stats()).toMatchObject({ spent: 10, reserved: 0 });
    await budget.execute(() => ({}));
    expect(budget.stats().spent).toBe(70);
  });

  it('reserves and charges what each call says that it costs, where it is told to', async () => {
    const { budget } = make({ estimate: 'cost' });
    const { promise, resolve } = deferred<{ cost?: number }>();
    const call = budget.execute(() => promise, { cost: 70 });
    expect(budget.stats()).toMatchObject({ reserved: 70, remaining: 30 });
    expect((await budget.try(() => 1, { cost: 31 })).ok).toBe(false);
    expect((await budget.try(() => ({ cost: 5 }), { cost: 30 })).ok).toBe(true);
    resolve({});
    await call;
    expect(budget.stats()).toMatchObject({ spent: 75, reserved: 0 });
    expect((await budget.try(() => 1)).ok).toBe(true);
    expect(budget.stats().spent).toBe(76);
  });

  it('holds nothing back for calls that are over, whatever fractions they cost', async () => {
    const { budget } = make({ estimate: 'cost' });
    const calls = [0.1, 0.2, 0.3].map((cost) => budget.execute(() => ({ cost: 0 }), { cost }));
    await Promise.all(calls);
    expect(budget.stats()).toMatchObject({ reserved: 0, remaining: 100 });
  });

  it('charges failures what their errors say, and nothing else', async () => {
    const { budget } = make({ estimate: 5 });
    await budget.try(() => Promise.reject(Object.assign(new Error('x'), { cost: 7 })));
    await budget.try(() => Promise.reject(new Error('x')));
    expect(budget.stats().spent).toBe(7);
  });

  it('never gives back what a call says to have cost less than nothing', async () => {
    const { budget } = make();
    budget.spend(10);
    await budget.execute(() => ({ cost: -5 }));
    expect(budget.stats().spent).toBe(10);
  });

  it('does not say when to come again where nothing is there to be forgotten', async () => {
    const { budget } = make({ estimate: 'cost' });
    const result = await budget.try(() => 1, { cost: 101 });
    expect(result).toMatchObject({ ok: false, error: { retryAfterMs: undefined } });
  });

  it('is charged by hand, and tells when it refuses', async () => {
    const { budget } = make();
    const recorder = recordEvents(budget);
    budget.spend(100);
    await budget.try(() => 1);
    expect(recorder.events).toEqual([
      { type: 'budget.exhausted', strategy: 'tokens', spent: 100, limit: 100 },
    ]);
    expect(() => budget.spend(-1)).toThrow(RangeError);
  });

  it('reports a costOf that throws, and lets the call be', async () => {
    const onListenerError = vi.fn();
    const costOf = () => {
      throw new Error('no');
    };
    const { budget } = make({ costOf, onListenerError });
    expect(await budget.execute(() => 1)).toBe(1);
    expect(onListenerError).toHaveBeenCalledOnce();
  });

  it('tells rate limits what calls have cost', async () => {
    const { budget, clock } = make();
    const { actualCost } = budget;
    const limit = rateLimit({ rule: tokenBucket({ limit: 10, windowMs: 60_000 }), actualCost, clock });
    await limit.execute(() => ({ cost: 10 }));
    expect((await limit.try(() => 1)).ok).toBe(false);
  });

  it('refuses options that make no sense', () => {
    expect(() => costBudget({ limit: 0, windowMs: 60 })).toThrow('costBudget: limit');
    expect(() => costBudget({ limit: 1 } as never)).toThrow('costBudget: windowMs');
    expect(() => costBudget({ limit: 1, windowMs: 60, estimate: 'dear' as never })).toThrow(
      'costBudget: estimate must be a number >= 0 or one of "cost", got "dear"',
    );
  });
});

it('never admits a call while the limit is spent in the window, and is exact when all is forgotten', async () => {
  const steps = fc.array(fc.tuple(fc.nat(40), fc.nat(20_000)), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const { clock, budget } = make();
      const spent: { cost: number; atMs: number }[] = [];
      for (const [cost, waitMs] of all) {
        await clock.advance(waitMs);
        // The window forgets in steps of a second: at the latest after its length, at the earliest one step before.
        const atLeast = spent
          .filter(({ atMs }) => clock.now() - atMs < 59_000)
          .reduce((sum, it) => sum + it.cost, 0);
        const { ok } = await budget.try(() => ({ cost }));
        if (atLeast >= 100) expect(ok).toBe(false);
        if (ok) spent.push({ cost, atMs: clock.now() });
      }
      await clock.advance(60_000);
      expect(budget.stats()).toMatchObject({ spent: 0, remaining: 100 });
    }),
  );
});

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}
