import type { Terminal } from './terminal.ts';

interface Named {
  readonly id?: unknown;
  readonly type?: unknown;
}

interface Shown {
  readonly time?: unknown;
  readonly action?: unknown;
  readonly outcome?: unknown;
  readonly actor?: Named;
  readonly resource?: Named;
  readonly reason?: unknown;
}

// What is in a log may come from anybody: nothing of it may steer the terminal.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

const text = (value: unknown) =>
  value === undefined || value === null
    ? '-'
    : (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(CONTROL, '·');

function parse(entry: Uint8Array): Shown | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(entry).toString());
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** An entry on one line: index, time, action, outcome, who, on what. */
export function entryLine(index: number, entry: Uint8Array, terminal: Pick<Terminal, 'style'>): string {
  const event = parse(entry);
  const number = terminal.style('dim', String(index).padStart(8));
  if (event === undefined) return `${number}  (${entry.length} bytes that are no event)`;
  const outcome = text(event.outcome);
  const shown = outcome === 'success' || outcome === 'pending' ? outcome : terminal.style('red', outcome);
  const resource = event.resource && `${text(event.resource.type)} ${text(event.resource.id)}`;
  const reason = event.reason === undefined ? '' : `  ${text(event.reason)}`;
  const who = text(event.actor?.id);
  return `${number}  ${text(event.time)}  ${terminal.style('bold', text(event.action))}  ${shown}  ${who}  ${resource ?? '-'}${reason}`;
}

/** An entry for programs: as it is where it is JSON, in base64 where it is not. */
export function entryValue(index: number, entry: Uint8Array): object {
  const event = parse(entry);
  return event === undefined ? { index, base64: Buffer.from(entry).toString('base64') } : { index, event };
}
