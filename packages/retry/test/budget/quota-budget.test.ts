import { TimeoutError } from '@holdfast/pipeline';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quotaBudget } from '../../src/index.ts';

const none = {};
const late = new TimeoutError(5, { strategy: 'x' });

describe('quotaBudget', () => {
  it('pays 100 retries, or 50 after timeouts, out of 500 tokens', () => {
    const count = (cause: unknown) => {
      const budget = quotaBudget();
      let retries = 0;
      while (budget.withdraw(cause, none) > 0) retries++;
      return retries;
    };
    expect(count(new Error('down'))).toBe(100);
    expect(count(late)).toBe(50);
  });

  it('gives back what a successful retry has cost', () => {
    const budget = quotaBudget({ tokens: 10, retryCost: 5, timeoutCost: 10 });
    const price = budget.withdraw(late, none);
    expect(price).toBe(10);
    expect(budget.withdraw(undefined, none)).toBe(0);
    budget.record(true, price, none);
    expect(budget.withdraw(late, none)).toBe(10);
  });

  it('earns one token from a call that succeeds at once, and nothing from a failure', () => {
    const budget = quotaBudget({ tokens: 5, retryCost: 5 });
    budget.withdraw(undefined, none);
    for (let i = 0; i < 4; i++) budget.record(true, 0, none);
    for (let i = 0; i < 10; i++) budget.record(false, 0, none);
    expect(budget.withdraw(undefined, none)).toBe(0);
    budget.record(true, 0, none);
    expect(budget.withdraw(undefined, none)).toBe(5);
  });

  it('never spends more than it had and earned, nor saves more than its quota', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.constantFrom('retry', 'retry after timeout', 'first success', 'retry success'), {
          maxLength: 200,
        }),
        (tokens, steps) => {
          const budget = quotaBudget({ tokens });
          const paid: number[] = [];
          let left = tokens;
          for (const step of steps) {
            if (step.endsWith('success')) {
              const price = step === 'first success' ? 0 : (paid.pop() ?? 0);
              budget.record(true, price, none);
              left = Math.min(tokens, left + (price || 1));
            } else {
              const price = budget.withdraw(step === 'retry' ? undefined : late, none);
              const wanted = step === 'retry' ? 5 : 10;
              expect(price).toBe(left >= wanted ? wanted : 0);
              if (price > 0) paid.push(price);
              left -= price;
            }
          }
        },
      ),
    );
  });

  it('refuses impossible options', () => {
    expect(() => quotaBudget({ tokens: 0 })).toThrow('quotaBudget: tokens must be an integer >= 1, got 0');
    expect(() => quotaBudget({ retryCost: 0 })).toThrow(RangeError);
    expect(() => quotaBudget({ timeoutCost: 0.5 })).toThrow(RangeError);
  });
});
