import type { CircuitState } from '@holdfast/circuit-breaker';
import { expect, it } from 'vitest';
import { Traffic } from '../../src/traffic/traffic.ts';

function setUp() {
  const world = { nowMs: 5_000, circuit: 'closed' as CircuitState, phase: 'healthy' };
  const traffic = new Traffic({ slotMs: 1_000, now: () => world.nowMs, surroundings: () => world });
  return { world, traffic };
}

it('counts in total and by slot', () => {
  const { world, traffic } = setUp();
  traffic.began();
  traffic.began();
  traffic.retried();
  expect(traffic.inFlight).toBe(2);
  traffic.ended('answered', 5);
  world.nowMs += 1_000;
  traffic.ended('timeout', 900);
  expect(traffic).toMatchObject({ inFlight: 0, retries: 1, totals: { answered: 1, timeout: 1, broken: 0 } });
  expect(traffic.history()).toMatchObject([
    { retries: 1, counts: { answered: 1, timeout: 0 } },
    { retries: 0, counts: { answered: 0, timeout: 1 } },
  ]);
  expect(traffic.percentiles()).toEqual({ p50: 5.5, p99: 941.2 });
});

it('has a slot for every second, in which something happened or not', () => {
  const { world, traffic } = setUp();
  traffic.ended('answered', 5);
  world.nowMs += 3_999;
  expect(traffic.history().map(({ counts }) => counts.answered)).toEqual([1, 0, 0, 0]);
  world.nowMs += 1;
  expect(traffic.history()).toHaveLength(5);
});

it('remembers a few minutes, however long it slept', () => {
  const { world, traffic } = setUp();
  traffic.ended('answered', 5);
  world.nowMs += 1e12;
  traffic.ended('answered', 5);
  const history = traffic.history();
  expect(history).toHaveLength(240);
  expect(history.at(-1)?.counts.answered).toBe(1);
  expect(history[0]?.counts.answered).toBe(0);
  expect(traffic.totals.answered).toBe(2);
});

it('keeps the worst state of the circuit in a slot, and the phase that it began in', () => {
  const { world, traffic } = setUp();
  traffic.history();
  for (const state of ['open', 'half-open', 'closed'] as const) traffic.circuitChanged(state);
  world.phase = 'outage';
  world.nowMs += 1_000;
  traffic.circuitChanged('half-open');
  expect(traffic.history()).toMatchObject([
    { circuit: 'open', phase: 'healthy' },
    { circuit: 'half-open', phase: 'outage' },
  ]);
});

it('counts nothing that ends once it is stopped', () => {
  const { traffic } = setUp();
  traffic.began();
  traffic.stop();
  traffic.ended('broken', 5);
  expect(traffic).toMatchObject({ inFlight: 0, totals: { broken: 0 } });
});
