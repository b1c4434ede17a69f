import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenBudget } from '../../src/index.ts';

const none = {};

describe('tokenBudget', () => {
  it.each([
    [4, true],
    [5, false],
    [6, false],
  ])('with 10 tokens after %i failures allows a retry: %s', (failures, allowed) => {
    const budget = tokenBudget({ maxTokens: 10 });
    for (let i = 0; i < failures; i++) budget.record(false, 0, none);
    expect(budget.withdraw(undefined, none) > 0).toBe(allowed);
  });

  it('recovers through successes, a part of a token each', () => {
    const budget = tokenBudget({ maxTokens: 10, tokenRatio: 0.5 });
    for (let i = 0; i < 20; i++) budget.record(false, 0, none);
    for (let i = 0; i < 10; i++) budget.record(true, 0, none);
    expect(budget.withdraw(undefined, none)).toBe(0);
    budget.record(true, 0, none);
    expect(budget.withdraw(undefined, none)).toBe(1);
  });

  it('saves no more than its maximum', () => {
    const budget = tokenBudget({ maxTokens: 4, tokenRatio: 1 });
    for (let i = 0; i < 100; i++) budget.record(true, 0, none);
    budget.record(false, 0, none);
    expect(budget.withdraw(undefined, none)).toBe(1);
    budget.record(false, 0, none);
    expect(budget.withdraw(undefined, none)).toBe(0);
  });

  it('behaves as gRFC A6 describes, over any history', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom(0.125, 0.25, 0.5, 1),
        fc.array(fc.constantFrom('ok', 'failed', 'ask'), { maxLength: 200 }),
        (maxTokens, tokenRatio, steps) => {
          const budget = tokenBudget({ maxTokens, tokenRatio });
          let thousandths = maxTokens * 1_000;
          for (const step of steps) {
            if (step === 'ask') {
              expect(budget.withdraw(undefined, none) > 0).toBe(thousandths > (maxTokens * 1_000) / 2);
            } else {
              budget.record(step === 'ok', 0, none);
              const change = step === 'ok' ? tokenRatio * 1_000 : -1_000;
              thousandths = Math.min(Math.max(0, thousandths + change), maxTokens * 1_000);
            }
          }
        },
      ),
    );
  });

  it('refuses impossible options', () => {
    expect(() => tokenBudget({ maxTokens: 0 })).toThrow('tokenBudget: maxTokens must be a number');
    expect(() => tokenBudget({ maxTokens: 1_001 })).toThrow(RangeError);
    expect(() => tokenBudget({ tokenRatio: 0 })).toThrow(RangeError);
  });
});
