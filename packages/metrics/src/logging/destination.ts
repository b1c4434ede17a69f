import { closeSync, openSync } from 'node:fs';
import type { Rule } from '@holdfast/pipeline';
import { destination, multistream, type DestinationStream, type Level } from 'pino';

/** A file that lines are appended to; its folder is made where there is none. */
export interface LogFile {
  /** The path of the file. */
  readonly file: string;
}

/** Anything that takes lines: a stream, or what sends them elsewhere. */
export interface LogSink {
  /** Takes one line of JSON, with its line break. */
  write(line: string): unknown;
}

/** Where lines go: standard output, a file, or elsewhere. */
export type LogDestination = 'console' | LogFile | LogSink;

export const destinationsRule: Rule = (value) =>
  Array.isArray(value) && value.length > 0 && value.every(isDestination)
    ? undefined
    : "must be an array of 'console', { file } and { write }";

function isDestination(value: unknown): value is LogDestination {
  if (typeof value !== 'object' || value === null) return value === 'console';
  if ('file' in value) return typeof value.file === 'string' && value.file !== '';
  return 'write' in value && typeof value.write === 'function';
}

/** Where lines are written to, and how to be done with it. */
export interface OpenDestination {
  readonly stream: DestinationStream;
  /** Opens files again by their names. */
  readonly reopen: () => void;
  /** Ends what was opened here. Files are synchronous: nothing is left to be written. */
  readonly close: () => void;
}

/** The most verbose level: which lines there are is for the logger to say, not for a destination. */
const EVERY: Level = 'trace';

export function openDestinations(list: readonly LogDestination[]): OpenDestination {
  const opened = list.map(open);
  const [first, ...more] = opened.map(({ stream }) => stream);
  const stream =
    first !== undefined && more.length === 0
      ? first
      : multistream(opened.map((each) => ({ level: EVERY, stream: each.stream })));
  return {
    stream,
    reopen: () => {
      for (const { reopen } of opened) reopen();
    },
    close: () => {
      for (const { close } of opened) close();
    },
  };
}

const NOTHING = (): void => undefined;

function open(target: LogDestination): OpenDestination {
  if (target === 'console') {
    return { stream: destination({ fd: 1, sync: true }), reopen: NOTHING, close: NOTHING };
  }
  if ('write' in target) {
    return { stream: { write: (line) => void target.write(line) }, reopen: NOTHING, close: NOTHING };
  }
  // Synchronous, because lines that wait in memory are lost with the process, and they are the ones that say why.
  const stream = destination({ dest: target.file, mkdir: true, append: true, sync: true });
  // A full disk must not end a service that has nothing wrong but that nobody can read what it says.
  stream.on('error', (error: unknown) => console.error(error));
  const reopen = (): void => {
    // The stream would lose its old file over one that cannot be opened.
    closeSync(openSync(target.file, 'a'));
    stream.reopen();
  };
  const close = (): void => {
    stream.end();
    // A stream that has ended throws, and whoever logs while the process stops must not fail for it.
    stream.write = () => false;
  };
  return { stream, reopen, close };
}
