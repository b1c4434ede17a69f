import {
  createMetrics,
  type DistributionSnapshot,
  type Metrics,
  type ValueSnapshot,
} from '@holdfast/metrics';
import { explain } from '@holdfast/pipeline';
import { beforeEach, describe, expect, it } from 'vitest';
import { createGuard, type CircuitGuard } from '../src/guard.ts';
import { BodyTooLargeError, UpstreamUnreachableError } from '../src/proxy/errors.ts';

let metrics: Metrics;
let guard: CircuitGuard;

beforeEach(() => {
  metrics = createMetrics();
  guard = createGuard({
    metrics,
    totalMs: 1_000,
    firstItemMs: 500,
    idleMs: 500,
    openMs: 60_000,
    backoffMs: 1,
  });
});

/** The numbers of a metric, by the values of its labels. */
function numbersOf(name: string): Record<string, number> {
  const found = metrics.snapshot().find((each) => each.name === name);
  if (found === undefined) return {};
  const series: readonly (ValueSnapshot | DistributionSnapshot)[] = found.series;
  return Object.fromEntries(
    series.map((each) => [
      Object.values(each.labels).slice(1).join(' '),
      'count' in each ? each.count : each.value,
    ]),
  );
}

const works = () => Promise.resolve('tea');
const lost = () => Promise.reject(new UpstreamUnreachableError(true, new Error('reset')));
const refused = () => Promise.reject(new UpstreamUnreachableError(false, new Error('refused')));
const tooLarge = () => Promise.reject(new BodyTooLargeError(1));
const repeatable = { attributes: { repeatable: 'yes' } };

describe('a call that works', () => {
  it('counts once everywhere', async () => {
    expect(await guard.strategy.execute(works)).toBe('tea');
    expect(numbersOf('resilience_circuit_calls_total')).toMatchObject({
      success: 1,
      failure: 0,
      rejected: 0,
    });
    expect(numbersOf('resilience_call_duration_seconds')).toMatchObject({ success: 1, failure: 0 });
    expect(numbersOf('resilience_retries_total')).toEqual({ '': 0 });
    expect(numbersOf('resilience_timeout_calls_total')).toEqual({ '': 1 });
  });
});

describe('a call that fails', () => {
  it('is tried three times when it may be repeated, and is one failure to the client', async () => {
    await expect(guard.strategy.execute(lost, repeatable)).rejects.toThrow('closed the connection');
    expect(numbersOf('resilience_circuit_calls_total')).toMatchObject({ failure: 3 });
    expect(numbersOf('resilience_retries_total')).toEqual({ '': 2 });
    expect(numbersOf('resilience_budget_withdrawals_total')).toMatchObject({ granted: 2 });
    expect(numbersOf('resilience_call_duration_seconds')).toMatchObject({ failure: 1 });
  });

  it('is not tried again when something may have been sent that must not be sent twice', async () => {
    await expect(guard.strategy.execute(lost, { attributes: { repeatable: 'no' } })).rejects.toThrow();
    expect(numbersOf('resilience_circuit_calls_total')).toMatchObject({ failure: 1 });
  });

  it('is tried again even so when nothing was sent', async () => {
    await expect(guard.strategy.execute(refused, { attributes: { repeatable: 'no' } })).rejects.toThrow();
    expect(numbersOf('resilience_circuit_calls_total')).toMatchObject({ failure: 3 });
  });

  it('says nothing about the upstream when the client is at fault', async () => {
    for (let i = 0; i < 10; i++) await expect(guard.strategy.execute(tooLarge)).rejects.toThrow('larger');
    expect(guard.breaker.state).toBe('closed');
    expect(numbersOf('resilience_circuit_calls_total')).toMatchObject({ ignored: 10, failure: 0 });
  });
});

describe('an open circuit', () => {
  it('shows in the metrics at once', async () => {
    for (let i = 0; i < 5; i++) await expect(guard.strategy.execute(lost)).rejects.toThrow();
    expect(numbersOf('resilience_circuit_state')).toMatchObject({ open: 1, closed: 0 });
    expect(numbersOf('resilience_circuit_openings_total')).toEqual({ '': 1 });
    expect(numbersOf('resilience_circuit_transitions_total')).toEqual({ opened: 1 });
  });

  it('rejects without an attempt, which is no failure of the call', async () => {
    guard.breaker.trip();
    await expect(guard.strategy.execute(works, repeatable)).rejects.toMatchObject({
      code: 'ERR_CIRCUIT_OPEN',
    });
    expect(numbersOf('resilience_circuit_calls_total')).toMatchObject({ success: 0, rejected: 1 });
    expect(numbersOf('resilience_call_duration_seconds')).toMatchObject({ failure: 0, ignored: 1 });
  });
});

it('refuses retries when the budget is used up', async () => {
  for (let i = 0; i < 40; i++) {
    guard.breaker.reset();
    await expect(guard.strategy.execute(lost, repeatable)).rejects.toThrow();
  }
  const { granted = 0, refused: denied = 0 } = numbersOf('resilience_budget_withdrawals_total');
  expect(denied).toBeGreaterThan(granted);
  expect(numbersOf('resilience_retry_ends_total')['budget_exhausted']).toBe(denied);
});

it('shares nothing between two guards', async () => {
  const other = createMetrics();
  const limits = { totalMs: 1_000, firstItemMs: 500, idleMs: 500, openMs: 60_000, backoffMs: 1 };
  createGuard({ metrics: other, ...limits }).breaker.trip();
  expect(guard.breaker.state).toBe('closed');
  expect(numbersOf('resilience_circuit_openings_total')).toEqual({ '': 0 });
});

it('has the deadline around everything, and the circuit around each attempt', () => {
  const { steps } = explain(guard.strategy);
  expect(steps.map(({ type }) => type)).toEqual(['call-metrics', 'timeout', 'retry', 'circuit-breaker']);
});
