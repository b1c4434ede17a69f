import { chaos } from '@holdfast/chaos';
import { bulkhead, rateLimit, tokenBucket } from '@holdfast/limiter';
import { manualClock } from '@holdfast/pipeline/testing';
import { retry, type RetryBudget } from '@holdfast/retry';
import { describe, expect, it } from 'vitest';
import { budgetMetrics, createMetrics, observe } from '../../src/index.ts';
import { hasPromtool, lint } from '../promtool.ts';
import { scrape } from '../scrape.ts';
import { valuesOf } from './values.ts';

const works = () => Promise.resolve(1);
const fails = () => Promise.reject(new Error('down'));

describe('observing a bulkhead', () => {
  it('shows what runs, what waits, and what became of the calls', async () => {
    const metrics = createMetrics();
    const reports = bulkhead({ name: 'reports', maxConcurrent: 1, maxQueue: 1 });
    observe(metrics, reports);
    let finish = (_: number): void => undefined;
    const first = reports.try(() => new Promise<number>((resolve) => (finish = resolve)));
    const second = reports.try(works);
    await reports.try(works);
    expect(await valuesOf(metrics, 'resilience_limit_calls_running')).toEqual({ 'reports bulkhead': 1 });
    expect(await valuesOf(metrics, 'resilience_limit_calls_waiting')).toEqual({ 'reports bulkhead': 1 });
    finish(1);
    await Promise.all([first, second]);
    expect(await valuesOf(metrics, 'resilience_limit_calls_total')).toEqual({
      'reports admitted bulkhead': 2,
      'reports full bulkhead': 1,
    });
    expect(await valuesOf(metrics, 'resilience_limit_waits_total')).toEqual({ 'reports bulkhead': 1 });
    expect(await valuesOf(metrics, 'resilience_limit_calls_waiting')).toEqual({});
    expect(await valuesOf(metrics, 'resilience_limit_capacity')).toEqual({ 'reports bulkhead': 1 });
  });
});

describe('observing a rate limit', () => {
  it('shows what became of the calls, apart from a bulkhead of the same name', async () => {
    const clock = manualClock();
    const metrics = createMetrics({ clock });
    const calls = rateLimit({
      name: 'reports',
      rule: tokenBucket({ limit: 2, windowMs: 1_000 }),
      clock,
    });
    observe(metrics, calls);
    observe(metrics, bulkhead({ name: 'reports', maxConcurrent: 1 }));
    for (let i = 0; i < 3; i++) await calls.try(works);
    const counted = await valuesOf(metrics, 'resilience_limit_calls_total');
    expect(counted['reports admitted rate']).toBe(2);
    expect(Object.values(counted).reduce((all, each) => all + each)).toBe(3);
    expect(await valuesOf(metrics, 'resilience_limit_capacity')).toEqual({ 'reports bulkhead': 1 });
  });
});

describe('observing chaos', () => {
  it('shows the faults that were injected', async () => {
    const metrics = createMetrics();
    const unruly = chaos({
      name: 'bank',
      faults: [{ kind: 'error', ratio: 1, error: () => new Error('chaos') }],
    });
    observe(metrics, unruly);
    await unruly.try(works);
    unruly.enable();
    await unruly.try(works);
    expect(await valuesOf(metrics, 'resilience_chaos_calls_total')).toEqual({ bank: 2 });
    expect(await valuesOf(metrics, 'resilience_chaos_faults_total')).toEqual({ 'bank error': 1 });
  });
});

describe('a budget that is counted', () => {
  const twice = (): RetryBudget => {
    let left = 2;
    return { withdraw: () => (left > 0 ? left-- && 1 : 0), record: () => undefined };
  };

  it('shows what it granted and what it refused', async () => {
    const clock = manualClock();
    const metrics = createMetrics({ clock });
    const budget = budgetMetrics(metrics, 'stripe', twice());
    const patient = retry({ maxAttempts: 5, baseDelayMs: 0, budget, clock });
    const call = patient.try(fails);
    await clock.run();
    await call;
    expect(await valuesOf(metrics, 'resilience_budget_withdrawals_total')).toEqual({
      'stripe granted': 2,
      'stripe refused': 1,
    });
  });

  it('hands on what it is told', () => {
    const told: unknown[] = [];
    const budget = budgetMetrics(createMetrics(), 'x', {
      withdraw: () => 1,
      record: (...all) => void told.push(all),
    });
    budget.record(false, 3, { host: 'a' });
    expect(told).toEqual([[false, 3, { host: 'a' }]]);
  });

  it('must be a budget', () => {
    expect(() => budgetMetrics(createMetrics(), 'x', {} as never)).toThrow(/^budgetMetrics: budget must be/);
    expect(() => budgetMetrics(createMetrics(), 1 as never, twice())).toThrow('budgetMetrics: name');
  });
});

describe.skipIf(!hasPromtool)('the names of limits', () => {
  it('please promtool', async () => {
    const metrics = createMetrics();
    observe(metrics, bulkhead({ name: 'b', maxConcurrent: 1 }));
    observe(metrics, rateLimit({ name: 'r' }));
    observe(metrics, chaos({ name: 'c', faults: [] }));
    budgetMetrics(metrics, 'b', twiceNothing);
    expect(lint(await scrape(metrics))).toBe('');
  });
});

const twiceNothing: RetryBudget = { withdraw: () => 0, record: () => undefined };
