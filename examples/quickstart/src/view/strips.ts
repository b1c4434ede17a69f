import type { Fared, Status } from '../status.ts';
import type { Percentiles } from '../traffic/latency-histogram.ts';
import { unserved, type OutcomeCounts } from '../traffic/outcome.ts';
import type { Slot } from '../traffic/traffic.ts';
import { CIRCUIT } from './circuit-marks.ts';
import { duration, perSecond } from './format.ts';
import { paint, type Style } from './paint.ts';
import { sparkline } from './sparkline.ts';

/** The columns of the labels at the left. */
export const LABEL = 11;
/** The columns of the numbers at the right. */
export const NUMBERS = 20;
const SUM = 8;
const NOW = paint('dim', 'now'.padStart(NUMBERS - SUM));

/** The last minutes, one character a slot, with the numbers of now beside them. */
export function strips(status: Status, slots: readonly Slot[], width: number): string[] {
  const { row, counted, percentile } = stripsOf(width, slots);
  return [
    row('circuit', slots.length, circuitStrip(slots), NOW, 'total'),
    ...upstreamStrip(status, slots, width),
    counted('answered', 'green', status, ({ answered }) => answered),
    counted('failed', 'red', status, ({ error, unreachable, broken }) => error + unreachable + broken),
    counted('timed out', 'red', status, ({ timeout }) => timeout),
    counted('rejected', 'yellow', status, ({ rejected }) => rejected),
    counted('retries', 'cyan', status, (_counts, { retries }) => retries),
    percentile('p99', 'p99', status),
    percentile('p50', 'p50', status),
  ];
}

/** The same with the strategy and without it: each figure of the one below that of the other. */
export function comparedStrips(
  status: Status,
  without: Fared,
  slots: readonly Slot[],
  slotsWithout: readonly Slot[],
  width: number,
): string[] {
  const guarded = stripsOf(width, slots, slotsWithout);
  const bare = stripsOf(width, slotsWithout, slots);
  const both = (label: string, style: Style, of: (counts: OutcomeCounts) => number) => [
    guarded.counted(label, style, status, of),
    bare.counted('  without', style, without, of),
  ];
  const { degraded, rejected, retries } = status.totals;
  return [
    guarded.row('', 0, '', NOW, 'total'),
    ...upstreamStrip(status, slots, width),
    ...both('answered', 'green', (counts) => counts.answered),
    ...both('failed', 'red', unserved),
    guarded.percentile('p99', 'p99', status),
    bare.percentile('  without', 'p99', without),
    ...(degraded > 0 ? [guarded.counted('degraded', 'yellow', status, (counts) => counts.degraded)] : []),
    ...(rejected > 0 ? [guarded.counted('rejected', 'yellow', status, (counts) => counts.rejected)] : []),
    ...(retries > 0 ? [guarded.counted('attempts', 'cyan', status, (_counts, more) => more.retries)] : []),
  ];
}

/** @param others - slots to which the bars have to compare */
function stripsOf(width: number, slots: readonly Slot[], others: readonly Slot[] = []) {
  const all = [...slots, ...others];
  const busiest = Math.max(1, ...all.map(({ counts, retries }) => total(counts) + retries));
  const slowest = Math.max(1, ...all.map(({ latency }) => latency.percentiles().p99 ?? 0));
  const row = (label: string, length: number, strip: string, now: string, sum = '') =>
    label.padEnd(LABEL) +
    ' '.repeat(Math.max(0, width - length)) +
    strip +
    now.padStart(NUMBERS - SUM) +
    paint('dim', sum.padStart(SUM));
  return {
    row,
    counted: (
      label: string,
      style: Style,
      { totals, perSecond: rates }: Fared,
      of: (counts: OutcomeCounts, more: { readonly retries: number }) => number,
    ): string => {
      const strip = sparkline(
        slots.map((slot) => of(slot.counts, slot)),
        busiest,
      );
      return row(
        label,
        slots.length,
        paint(style, strip),
        perSecond(of(rates, rates)),
        String(of(totals, totals)),
      );
    },
    percentile: (label: string, name: keyof Percentiles, { latencyMs }: Fared): string => {
      const strip = sparkline(
        slots.map(({ latency }) => latency.percentiles()[name] ?? 0),
        slowest,
      );
      return row(label, slots.length, paint('magenta', strip), duration(latencyMs[name]));
    },
  };
}

function upstreamStrip({ schedule }: Status, slots: readonly Slot[], width: number): string[] {
  if (schedule === null) return [];
  return [stripsOf(width, slots).row('upstream', slots.length, paint('dim', phaseStrip(slots)), '')];
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

const total = (counts: OutcomeCounts) => Object.values(counts).reduce((sum, count) => sum + count, 0);
