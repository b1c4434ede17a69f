import { jsonl } from '../export/jsonl.ts';
import type { AuditSink, SinkBatch } from './sink.ts';

/** Somewhere to write text to, such as `process.stdout`. */
export interface TextStream {
  write(text: string, done: (error?: Error | null) => void): unknown;
}

/**
 * Makes a sink that writes entries as JSON lines, by default to the standard output, for whatever collects it there.
 *
 * @example
 * ```ts
 * import { stdoutSink } from '@holdfast/audit/sinks';
 *
 * const sinks = [stdoutSink()];
 * ```
 */
export function stdoutSink(stream: TextStream = process.stdout): AuditSink {
  return {
    name: 'stdout',
    write: ({ entries, origin }: SinkBatch) =>
      new Promise((resolve, reject) => {
        const text = entries.map((entry) => jsonl.line(entry, origin)).join('');
        stream.write(text, (error) => (error === undefined || error === null ? resolve() : reject(error)));
      }),
  };
}
