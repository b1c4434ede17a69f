import { stripVTControlCharacters, styleText } from 'node:util';
import type { CircuitState } from '@holdfast/circuit-breaker';
import type { Entry } from '../journal.ts';
import type { Status } from '../status.ts';
import type { OutcomeCounts } from '../traffic/outcome.ts';
import type { Percentiles } from '../traffic/latency-histogram.ts';
import type { Slot } from '../traffic/traffic.ts';
import { duration, elapsed, perSecond, times } from './format.ts';
import { sparkline } from './sparkline.ts';

/** What {@link renderLiveView} draws. */
export interface LiveView {
  readonly status: Status;
  /** Oldest first. */
  readonly history: readonly Slot[];
  /** Oldest first. */
  readonly journal: readonly Entry[];
  readonly columns: number;
  readonly rows: number;
}

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan' | 'magenta';

const paint = (style: Style | Style[], text: string) => styleText(style, text, { validateStream: false });

const CIRCUIT: Readonly<Record<CircuitState, { readonly mark: string; readonly style: Style }>> = {
  closed: { mark: '─', style: 'green' },
  'half-open': { mark: '◌', style: 'yellow' },
  open: { mark: '╳', style: 'red' },
  isolated: { mark: '╳', style: 'red' },
  disabled: { mark: ' ', style: 'dim' },
  'metrics-only': { mark: ' ', style: 'dim' },
};

const HEALTH: Readonly<Record<Status['health'], Style>> = {
  up: 'green',
  degraded: 'yellow',
  down: 'red',
  unknown: 'dim',
  draining: 'yellow',
};

const LABEL = 11;
const NUMBERS = 20;
const SUM = 8;

/** Draws the view as lines no longer than the terminal is wide, with colours. */
export function renderLiveView({ status, history, journal, columns, rows }: LiveView): readonly string[] {
  const width = Math.max(10, columns - LABEL - NUMBERS - 1);
  const lines = [
    ...heading(status, columns),
    '',
    ...strips(status, history.slice(-width), width),
    '',
    ...journal.slice(-Math.max(0, Math.min(6, rows - 17))).map(entryLine),
    '',
    paint('dim', `Try: curl -i ${status.proxy}    Look: /status /metrics    Ctrl-C ends it`),
  ];
  return lines.slice(0, rows - 1).map((line) => clip(line, columns - 1));
}

function heading(status: Status, columns: number): string[] {
  const { proxy, upstream, elapsedMs, circuit, health, ready, schedule } = status;
  const { style } = CIRCUIT[circuit.state];
  const wait = circuit.retryAfterMs > 0 ? `  tries again in ${duration(circuit.retryAfterMs)}` : '';
  const openings = `opened ${times(circuit.openings)}, closed ${times(circuit.closings)}`;
  const title = `${paint('bold', 'Holdfast quickstart')}  ${proxy} → ${upstream}`;
  return [
    title + elapsed(elapsedMs).padStart(columns - 1 - width(title)),
    '',
    `${'Circuit'.padEnd(LABEL)}${paint([style, 'bold'], circuit.state.toUpperCase())}${wait}  ${paint('dim', openings)}`,
    `${'Health'.padEnd(LABEL)}${paint([HEALTH[health], 'bold'], health)}  ${paint('dim', ready ? 'ready' : 'not ready')}`,
    ...(schedule === null
      ? []
      : [
          `${'Upstream'.padEnd(LABEL)}${paint('bold', schedule.phase)}` +
            paint('dim', `  for ${duration(schedule.endsInMs)}, then ${schedule.next}`),
        ]),
  ];
}

/** The last minutes, one character a slot, with the numbers of now beside them. */
function strips(status: Status, slots: readonly Slot[], width: number): string[] {
  const { totals, perSecond: rates, latencyMs } = status;
  const gap = ' '.repeat(Math.max(0, width - slots.length));
  const busiest = Math.max(1, ...slots.map(({ counts, retries }) => total(counts) + retries));
  const slowest = Math.max(1, ...slots.map(({ latency }) => latency.percentiles().p99 ?? 0));

  const row = (label: string, strip: string, now: string, sum = '') =>
    label.padEnd(LABEL) + gap + strip + now.padStart(NUMBERS - SUM) + paint('dim', sum.padStart(SUM));
  const bars = (style: Style, max: number, of: (slot: Slot) => number) =>
    paint(style, sparkline(slots.map(of), max));
  const counted = (label: string, style: Style, of: (counts: OutcomeCounts) => number) => {
    const strip = bars(style, busiest, ({ counts }) => of(counts));
    return row(label, strip, perSecond(of(rates)), String(of(totals)));
  };
  const percentile = (name: keyof Percentiles) => {
    const strip = bars('magenta', slowest, ({ latency }) => latency.percentiles()[name] ?? 0);
    return row(name, strip, duration(latencyMs[name]));
  };
  return [
    row('circuit', circuitStrip(slots), paint('dim', 'now'.padStart(NUMBERS - SUM)), 'total'),
    ...(status.schedule === null ? [] : [row('upstream', paint('dim', phaseStrip(slots)), '')]),
    counted('answered', 'green', (counts) => counts.answered),
    counted('failed', 'red', ({ error, unreachable, broken }) => error + unreachable + broken),
    counted('timed out', 'red', ({ timeout }) => timeout),
    counted('rejected', 'yellow', ({ rejected }) => rejected),
    row(
      'retries',
      bars('cyan', busiest, ({ retries }) => retries),
      perSecond(rates.retries),
      String(totals.retries),
    ),
    percentile('p99'),
    percentile('p50'),
  ];
}

function circuitStrip(slots: readonly Slot[]): string {
  return runs(slots, ({ circuit }) => circuit)
    .map(([state, length]) => paint(CIRCUIT[state].style, CIRCUIT[state].mark.repeat(length)))
    .join('');
}

/** The names of the phases, each where it began. */
function phaseStrip(slots: readonly Slot[]): string {
  return runs(slots, ({ phase }) => phase ?? '')
    .map(([name, length]) => `│${name}`.slice(0, length).padEnd(length))
    .join('');
}

/** Equal neighbours as one, with their number. */
function runs<K>(slots: readonly Slot[], of: (slot: Slot) => K): readonly (readonly [K, number])[] {
  const found: [K, number][] = [];
  for (const slot of slots) {
    const last = found.at(-1);
    if (last !== undefined && last[0] === of(slot)) last[1]++;
    else found.push([of(slot), 1]);
  }
  return found;
}

const entryLine = ({ atMs, text }: Entry) => `${paint('dim', elapsed(atMs).padStart(6))}  ${text}`;

const total = (counts: OutcomeCounts) => Object.values(counts).reduce((sum, count) => sum + count, 0);

const width = (text: string) => stripVTControlCharacters(text).length;

/** Cuts a line to a width, colours left whole. */
function clip(line: string, columns: number): string {
  if (width(line) <= columns) return line;
  return `${stripVTControlCharacters(line).slice(0, columns - 1)}…`;
}
