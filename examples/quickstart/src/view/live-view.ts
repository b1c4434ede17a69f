import { stripVTControlCharacters } from 'node:util';
import type { Entry } from '../journal.ts';
import type { Status } from '../status.ts';
import type { Slot } from '../traffic/traffic.ts';
import { CIRCUIT } from './circuit-marks.ts';
import { duration, elapsed, times } from './format.ts';
import { paint, width, type Style } from './paint.ts';
import { strategyLine } from './strategy-line.ts';
import { comparedStrips, LABEL, NUMBERS, strips } from './strips.ts';

/** What {@link renderLiveView} draws. */
export interface LiveView {
  readonly status: Status;
  /** Oldest first. */
  readonly history: readonly Slot[];
  /** The same without the strategy. */
  readonly historyWithout?: readonly Slot[] | undefined;
  /** Oldest first. */
  readonly journal: readonly Entry[];
  readonly columns: number;
  readonly rows: number;
}

const HEALTH: Readonly<Record<Status['health'], Style>> = {
  up: 'green',
  degraded: 'yellow',
  down: 'red',
  unknown: 'dim',
  draining: 'yellow',
};

/** Draws the view as lines no longer than the terminal is wide, with colours. */
export function renderLiveView(view: LiveView): readonly string[] {
  const { status, journal, columns, rows } = view;
  const above = [...heading(status, columns), '', ...stripsOf(view), ''];
  const below = [
    '',
    paint('dim', `Try: curl -i ${status.proxy}    Look: /status /metrics    Ctrl-C ends it`),
  ];
  const room = Math.max(0, Math.min(6, rows - 1 - above.length - below.length));
  const lines = [...above, ...(room === 0 ? [] : journal.slice(-room).map(entryLine)), ...below];
  return lines.slice(0, rows - 1).map((line) => clip(line, columns - 1));
}

function stripsOf({ status, history, historyWithout = [], columns }: LiveView): string[] {
  const room = Math.max(10, columns - LABEL - NUMBERS - 1);
  const slots = history.slice(-room);
  if (status.without === null) return strips(status, slots, room);
  return comparedStrips(status, status.without, slots, historyWithout.slice(-room), room);
}

function heading(status: Status, columns: number): string[] {
  const { proxy, upstream, elapsedMs, circuit, health, ready, schedule, scenario, without } = status;
  const title = `${paint('bold', 'Holdfast quickstart')}  ${proxy} → ${upstream}`;
  return [
    title + elapsed(elapsedMs).padStart(columns - 1 - width(title)),
    '',
    ...(without === null ? [] : [...wrap(scenario.lookFor, columns - 1), '', strategyLine(status)]),
    ...(circuit === null ? [] : [circuitLine(circuit)]),
    `${'Health'.padEnd(LABEL)}${paint([HEALTH[health], 'bold'], health)}  ${paint('dim', ready ? 'ready' : 'not ready')}`,
    ...(schedule === null
      ? []
      : [
          `${'Upstream'.padEnd(LABEL)}${paint('bold', schedule.phase)}` +
            paint('dim', `  for ${duration(schedule.endsInMs)}, then ${schedule.next}`),
        ]),
  ];
}

function circuitLine({ state, retryAfterMs, openings, closings }: NonNullable<Status['circuit']>): string {
  const wait = retryAfterMs > 0 ? `  tries again in ${duration(retryAfterMs)}` : '';
  const changes = paint('dim', `opened ${times(openings)}, closed ${times(closings)}`);
  return `${'Circuit'.padEnd(LABEL)}${paint([CIRCUIT[state].style, 'bold'], state.toUpperCase())}${wait}  ${changes}`;
}

/** Breaks a text into lines of whole words. */
function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) lines.push(`${lines.pop()} ${word}`);
    else lines.push(word);
  }
  return lines;
}

const entryLine = ({ atMs, text }: Entry) => `${paint('dim', elapsed(atMs).padStart(6))}  ${text}`;

/** Cuts a line to a width, colours left whole. */
function clip(line: string, columns: number): string {
  if (width(line) <= columns) return line;
  return `${stripVTControlCharacters(line).slice(0, columns - 1)}…`;
}
