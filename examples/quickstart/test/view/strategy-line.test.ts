import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { bulkhead } from '../../src/scenarios/bulkhead.ts';
import { strategyLine } from '../../src/view/strategy-line.ts';

const line = (...stats: readonly object[]) =>
  stripVTControlCharacters(
    strategyLine({ scenario: bulkhead, strategies: stats.map((each) => ({ name: 'orders', stats: each })) }),
  );

it('shows the numbers that are not 0', () => {
  expect(line({ inFlight: 8, limit: 8, queued: 0, state: 'closed', hitRatio: 0.12345 })).toBe(
    'bulkhead   inFlight 8  limit 8  hitRatio 0.12',
  );
});

it('shows numbers of one kind each with its name', () => {
  expect(line({ rejected: { full: 3, shed: 0 } })).toBe('bulkhead   rejected.full 3');
});

it('adds up strategies of the same kind', () => {
  expect(line({ failures: 2 }, { failures: 3 })).toBe('bulkhead   failures 5');
});
