import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { bulkhead } from '../../src/scenarios/bulkhead.ts';
import { renderLiveView, type LiveView } from '../../src/view/live-view.ts';
import { sampleMinute } from '../support/status.ts';

const { status, history } = sampleMinute();
const journal = [
  { atMs: 48_000, text: 'circuit opened for 2.0 s: The upstream closed the connection' },
  { atMs: 55_000, text: 'circuit closed: the upstream has recovered' },
];
const sample = { status, history, journal, columns: 100, rows: 40 };
const plain = (view: LiveView = sample) => renderLiveView(view).map(stripVTControlCharacters);
const lineOf = (label: string, lines = plain()) => lines.find((line) => line.startsWith(label)) ?? '';

it('shows circuit and upstream in words', () => {
  expect(lineOf('Circuit')).toBe('Circuit    OPEN  tries again in 1.2 s  opened 2 times, closed once');
  expect(lineOf('Upstream')).toBe('Upstream   healthy  for 500 ms, then healthy');
});

it('shows whether all is well, and whether it is ready', () => {
  expect(lineOf('Health')).toBe('Health     degraded  ready');
  const draining = plain({ ...sample, status: { ...status, health: 'draining', ready: false } });
  expect(lineOf('Health', draining)).toBe('Health     draining  not ready');
});

it('draws the history of circuit and upstream, the newest at the right', () => {
  const circuit = lineOf('circuit').slice(11, 11 + 68);
  const upstream = lineOf('upstream').slice(11, 11 + 68);
  expect(circuit).toBe(`${' '.repeat(8)}${'─'.repeat(48)}${'╳'.repeat(6)}${'─'.repeat(6)}`);
  expect(upstream).toContain('│hangi│healthy│broke│healthy│outag│healt');
});

it('shows rates and totals beside the bars', () => {
  expect(lineOf('answered')).toMatch(/█+ +█+ +11\.4\/s +1080$/);
  expect(lineOf('rejected')).toMatch(/ █{6} +9\.5\/s +120$/);
  expect(lineOf('retries')).toMatch(/▁{8} +0\.0\/s +8$/);
  expect(lineOf('p99')).toMatch(/█ +\d+ ms +$/);
});

it('tells what happened last', () => {
  expect(plain()).toContain('  0:48  circuit opened for 2.0 s: The upstream closed the connection');
});

it.each([20, 40, 80, 120, 200])('fits into %i columns', (columns) => {
  for (const line of plain({ ...sample, columns })) expect(line.length).toBeLessThan(columns);
});

it('puts everything into 80 columns and 24 rows', () => {
  const lines = plain({ ...sample, columns: 80, rows: 24 });
  expect(lines.length).toBeLessThan(24);
  expect(lines.filter((line) => line.includes('…'))).toEqual([]);
  expect(lines.at(-1)).toContain('Ctrl-C ends it');
});

it.each([1, 5, 12, 24])('never scrolls a terminal of %i rows', (rows) => {
  expect(plain({ ...sample, rows }).length).toBeLessThan(rows);
});

it('does without a schedule', () => {
  const lines = plain({ ...sample, status: { ...status, schedule: null } });
  expect(lineOf('Upstream', lines) + lineOf('upstream', lines)).toBe('');
});

it('uses colours', () => {
  expect(renderLiveView(sample).join('\n')).toContain('\x1b[31m');
});

const compared = {
  ...sample,
  status: {
    ...status,
    circuit: null,
    scenario: bulkhead,
    without: { ...status, totals: { ...status.totals, answered: 7 } },
    strategies: [{ name: 'orders', stats: { inFlight: 8 } }],
  },
  historyWithout: history,
};

it('puts each figure with a strategy above the one without it', () => {
  const lines = plain(compared);
  const answered = lines.findIndex((line) => line.startsWith('answered'));
  expect(lines[answered]).toMatch(/1080$/);
  expect(lines[answered + 1]).toMatch(/^ {2}without .+ 7$/);
  expect(lines.filter((line) => line.startsWith('  without'))).toHaveLength(3);
});

it('tells what to look for, and what the strategy has counted', () => {
  const lines = plain({ ...compared, columns: 60 });
  expect(lines.join(' ')).toContain(bulkhead.lookFor);
  expect(lines).toContain('bulkhead   inFlight 8');
  expect(lines.join('\n')).not.toMatch(/^circuit/im);
});

it('puts a comparison into 80 columns and 24 rows', () => {
  const lines = plain({ ...compared, columns: 80, rows: 24 });
  expect(lines.length).toBeLessThan(24);
  expect(lines.at(-1)).toContain('Ctrl-C ends it');
});
