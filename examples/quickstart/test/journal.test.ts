import type { CircuitEvent } from '@holdfast/circuit-breaker';
import { expect, it } from 'vitest';
import { createJournal, describe as inWords } from '../src/journal.ts';

const base = { strategy: 'upstream', atMs: 0 } as const;
const opened = {
  ...base,
  type: 'circuit.opened',
  from: 'closed',
  cause: 'failures',
  reading: { rule: 'consecutive-failures', calls: 5, hits: 5 },
  openMs: 2_000,
  openings: 1,
  error: new Error('The upstream closed the connection'),
} satisfies CircuitEvent;

it.each<[CircuitEvent, string]>([
  [opened, 'circuit opened for 2.0 s: The upstream closed the connection'],
  [{ ...opened, openings: 2 }, 'circuit opened again for 2.0 s: The upstream closed the connection'],
  [{ ...opened, cause: 'manual', error: undefined }, 'circuit opened for 2.0 s: manual'],
  [
    { ...base, type: 'circuit.half_opened', from: 'open' },
    'circuit half-open: a few requests may try the upstream',
  ],
  [
    { ...base, type: 'circuit.closed', from: 'half-open', cause: 'probes' },
    'circuit closed: the upstream has recovered',
  ],
  [{ ...base, type: 'circuit.isolated', from: 'closed' }, 'circuit.isolated'],
])('puts an event into words', (event, text) => {
  expect(inWords(event)).toBe(text);
});

it('dates its entries, tells of each, and remembers the last twenty', () => {
  let nowMs = 0;
  const told: string[] = [];
  const journal = createJournal(
    () => nowMs,
    ({ atMs, text }) => told.push(`${atMs} ${text}`),
  );
  for (; nowMs < 25; nowMs++) journal.write(`entry ${nowMs}`);
  expect(told).toHaveLength(25);
  expect(journal.entries).toHaveLength(20);
  expect(journal.entries[0]).toEqual({ atMs: 5, text: 'entry 5' });
});
