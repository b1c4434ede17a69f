import { manualClock, script } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { keyedBudget, retry, retryBudget } from '../../src/index.ts';
import { watch } from '../watch.ts';

const create = () => retryBudget({ ratio: 0, minPerSecond: 0, burst: 1, clock: manualClock() });
const keyBy = ({ host }: Readonly<Record<string, string>>) => host;

describe('keyedBudget', () => {
  it('gives each key a budget of its own', () => {
    const budget = keyedBudget({ keyBy, create });
    expect(budget.withdraw(undefined, { host: 'a' })).toBe(1);
    expect(budget.withdraw(undefined, { host: 'a' })).toBe(0);
    expect(budget.withdraw(undefined, { host: 'b' })).toBe(1);
  });

  it('lets calls without a key share one', () => {
    const budget = keyedBudget({ keyBy, create });
    expect(budget.withdraw(undefined, {})).toBe(1);
    expect(budget.withdraw(undefined, { tenant: 'x' })).toBe(0);
  });

  it('forgets the key unused for longest, and no other', () => {
    let made = 0;
    const budget = keyedBudget({ keyBy, create: () => (made++, create()), maxKeys: 2 });
    for (const host of ['a', 'b', 'a', 'c', 'a']) budget.record(true, 0, { host });
    expect(made).toBe(3);
    budget.record(true, 0, { host: 'b' });
    expect(made).toBe(4);
  });

  it('keeps a failing host from using up the retries of another', async () => {
    const clock = manualClock();
    const strategy = retry({ maxAttempts: 2, budget: keyedBudget({ keyBy, create }), clock });
    const attempts = async (host: string) => {
      const operation = script(clock, { error: new Error('down') });
      watch(strategy.execute(operation, { attributes: { host } }));
      await clock.run();
      return operation.calls.length;
    };
    expect(await attempts('bad')).toBe(2);
    expect(await attempts('bad')).toBe(1);
    expect(await attempts('good')).toBe(2);
  });

  it('refuses impossible options', () => {
    expect(() => keyedBudget({ keyBy, create, maxKeys: 0 })).toThrow(
      'keyedBudget: maxKeys must be an integer >= 1',
    );
    expect(() => keyedBudget({ create } as never)).toThrow(
      'keyedBudget: keyBy must be a function, got undefined',
    );
    expect(() => keyedBudget({ keyBy } as never)).toThrow(
      'keyedBudget: create must be a function, got undefined',
    );
  });
});
