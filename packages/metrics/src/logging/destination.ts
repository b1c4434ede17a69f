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
    close: () => {
      for (const { close } of opened) close();
    },
  };
}

function open(target: LogDestination): OpenDestination {
  if (target === 'console') return { stream: destination({ fd: 1, sync: true }), close: () => undefined };
  if ('write' in target) {
    return { stream: { write: (line) => void target.write(line) }, close: () => undefined };
  }
  // Synchronous, because lines that wait in memory are lost with the process, and they are the ones that say why.
  const stream = destination({ dest: target.file, mkdir: true, append: true, sync: true });
  return { stream, close: () => stream.end() };
}
