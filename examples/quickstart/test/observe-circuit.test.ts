import { circuitBreaker, type CircuitBreaker } from '@holdfast/circuit-breaker';
import { manualClock, type ManualClock } from '@holdfast/pipeline/testing';
import { beforeEach, expect, it } from 'vitest';
import { createJournal, type Journal } from '../src/journal.ts';
import { observeCircuit } from '../src/observe-circuit.ts';
import type { Status } from '../src/status.ts';
import { Traffic } from '../src/traffic/traffic.ts';

let clock: ManualClock;
let breaker: CircuitBreaker;
let traffic: Traffic;
let journal: Journal;
let circuit: () => NonNullable<Status['circuit']>;

beforeEach(() => {
  clock = manualClock();
  breaker = circuitBreaker({ name: 'tea', openMs: 2_000, clock });
  traffic = new Traffic({
    slotMs: 1_000,
    now: () => clock.now(),
    surroundings: () => ({ circuit: breaker.state, phase: undefined }),
  });
  journal = createJournal(
    () => traffic.elapsedMs(),
    () => undefined,
  );
  circuit = observeCircuit(breaker, traffic, journal);
});

const told = () => journal.entries.map(({ text }) => text);

it('shows a circuit that has never opened', () => {
  expect(circuit()).toEqual({ state: 'closed', retryAfterMs: 0, openings: 0, closings: 0 });
  expect(told()).toEqual([]);
});

it('counts down to the next probe', async () => {
  breaker.trip();
  expect(circuit()).toMatchObject({ state: 'open', retryAfterMs: 2_000, openings: 1 });
  await clock.advance(500);
  expect(circuit().retryAfterMs).toBe(1_500);
  await clock.advance(5_000);
  expect(circuit().retryAfterMs).toBe(0);
});

it('writes down how it opens, and how it closes again', async () => {
  breaker.trip();
  await clock.advance(2_000);
  for (let i = 0; i < 3; i++) await breaker.try(() => Promise.resolve('tea'));
  expect(circuit()).toMatchObject({ state: 'closed', openings: 1, closings: 1, retryAfterMs: 0 });
  expect(told()).toEqual([
    expect.stringMatching(/^circuit opened for 2\.0 s: /),
    'circuit half-open: a few requests may try the upstream',
    'circuit closed: the upstream has recovered',
  ]);
});

it('marks the slot of time in which the circuit was open, however short', async () => {
  breaker.trip();
  breaker.reset();
  expect(traffic.history().at(-1)?.circuit).toBe('open');
  await clock.advance(1_000);
  expect(traffic.history().at(-1)?.circuit).toBe('closed');
});
