import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryBudget, type RetryBudgetOptions } from '../../src/index.ts';

const none = {};

function drain(budget: ReturnType<typeof retryBudget>): number {
  let count = 0;
  while (count < 10_000 && budget.withdraw(undefined, none) > 0) count++;
  return count;
}

describe('retryBudget', () => {
  it('starts with its burst', () => {
    expect(drain(retryBudget({ burst: 7, clock: manualClock() }))).toBe(7);
    expect(drain(retryBudget({ clock: manualClock() }))).toBe(10);
  });

  it.each([
    [9, 0],
    [10, 1],
    [19, 1],
    [20, 2],
  ])('earns from %i calls at a ratio of 0.1: %i retries', (calls, retries) => {
    const budget = retryBudget({ ratio: 0.1, clock: manualClock() });
    drain(budget);
    for (let i = 0; i < calls; i++) budget.record(i % 2 === 0, 0, none);
    expect(drain(budget)).toBe(retries);
  });

  it('adds less than a tenth to a thousand calls by default, its burst included', () => {
    const budget = retryBudget({ clock: manualClock() });
    let retries = 0;
    for (let i = 0; i < 1_000; i++) {
      retries += budget.withdraw(undefined, none);
      budget.record(false, 0, none);
    }
    expect(retries).toBeGreaterThan(80);
    expect(retries).toBeLessThan(100);
  });

  it('earns nothing from retries', () => {
    const budget = retryBudget({ clock: manualClock() });
    drain(budget);
    for (let i = 0; i < 100; i++) budget.record(true, 1, none);
    expect(drain(budget)).toBe(0);
  });

  it('saves no more than its burst', async () => {
    const clock = manualClock();
    const budget = retryBudget({ burst: 3, minPerSecond: 1, clock });
    for (let i = 0; i < 1_000; i++) budget.record(true, 0, none);
    await clock.advance(3_600_000);
    expect(drain(budget)).toBe(3);
  });

  it('lets a client without traffic retry now and then', async () => {
    const clock = manualClock();
    const budget = retryBudget({ clock });
    drain(budget);
    await clock.advance(9_999);
    expect(drain(budget)).toBe(0);
    await clock.advance(1);
    expect(drain(budget)).toBe(1);
  });

  it('respects 0', async () => {
    const clock = manualClock();
    const budget = retryBudget({ ratio: 0, minPerSecond: 0, burst: 1, clock });
    expect(drain(budget)).toBe(1);
    await clock.advance(1e9);
    for (let i = 0; i < 1_000; i++) budget.record(true, 0, none);
    expect(drain(budget)).toBe(0);
  });

  it('is not harmed by a clock that goes backwards', () => {
    let now = 1_000_000;
    const budget = retryBudget({ burst: 2, minPerSecond: 1, clock: { ...manualClock(), now: () => now } });
    expect(drain(budget)).toBe(2);
    now = 0;
    expect(drain(budget)).toBe(0);
    now = 1_000;
    expect(drain(budget)).toBe(1);
  });

  it('holds no timer', () => {
    const clock = manualClock();
    drain(retryBudget({ clock }));
    expect(clock.pendingTimers).toBe(0);
  });

  it('is never exceeded, over any stretch of any history', async () => {
    const step = fc.oneof(
      fc.constant('call' as const),
      fc.constant('retry' as const),
      fc.nat(2_000).map((ms) => ({ ms })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          ratio: fc.double({ min: 0, max: 1, noNaN: true }),
          minPerSecond: fc.double({ min: 0, max: 5, noNaN: true }),
          burst: fc.double({ min: 1, max: 8, noNaN: true }),
        }),
        fc.array(step, { maxLength: 80 }),
        async ({ ratio, minPerSecond, burst }, steps) => {
          const clock = manualClock();
          const budget = retryBudget({ ratio, minPerSecond, burst, clock });
          const history: { calls: number; retries: number; ms: number }[] = [];
          for (const step of steps) {
            const moment = { calls: 0, retries: 0, ms: 0 };
            if (step === 'call') {
              budget.record(false, 0, none);
              moment.calls = 1;
            } else if (step === 'retry') moment.retries = budget.withdraw(undefined, none);
            else {
              await clock.advance(step.ms);
              moment.ms = step.ms;
            }
            history.push(moment);
          }
          for (let from = 0; from < history.length; from++) {
            let [calls, retries, ms] = [0, 0, 0];
            for (const moment of history.slice(from)) {
              calls += moment.calls;
              retries += moment.retries;
              ms += moment.ms;
              const allowed = burst + ratio * calls + (minPerSecond * ms) / 1_000;
              if (retries > allowed + 1e-6) expect.fail(`${retries} retries where ${allowed} are allowed`);
            }
          }
        },
      ),
    );
  });

  it.each<[RetryBudgetOptions, string]>([
    [{ ratio: 1.1 }, 'retryBudget: ratio must be a number >= 0 and <= 1, got 1.1'],
    [{ ratio: -0.1 }, 'retryBudget: ratio must be a number >= 0 and <= 1, got -0.1'],
    [{ minPerSecond: -1 }, 'retryBudget: minPerSecond must be a number >= 0'],
    [{ burst: 0.5 }, 'retryBudget: burst must be a number >= 1'],
    [{ percent: 10 } as RetryBudgetOptions, 'retryBudget has no option "percent"'],
  ])('refuses %o', (options, message) => {
    expect(() => retryBudget(options)).toThrow(message);
  });
});
