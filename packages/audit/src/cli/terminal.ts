import { once } from 'node:events';
import { styleText } from 'node:util';
import type { Clock } from '@holdfast/pipeline';

/** A stream of the process. */
export interface TextStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean | undefined;
}

/** What a command talks to. */
export interface TerminalParts {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly clock: Clock;
  /** Aborts when the user interrupts. */
  readonly signal: AbortSignal;
  /** Aborts when results cannot be written any more, with the error of the write. */
  readonly unread: AbortSignal;
}

export type Style = 'green' | 'red' | 'yellow' | 'bold' | 'dim';

/** Milliseconds between two states of a progress line. */
const PROGRESS_EVERY_MS = 100;

/** Results on one stream, remarks and progress on the other; colour only for eyes. */
export class Terminal {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly unread: AbortSignal;
  readonly stdin: TerminalParts['stdin'];
  private readonly stdout: TerminalParts['stdout'];
  private readonly stderr: TerminalParts['stderr'];
  private shownAtMs = -Infinity;
  private progressShown = false;

  constructor({ stdout, stderr, stdin, clock, signal, unread }: TerminalParts) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.stdin = stdin;
    this.clock = clock;
    this.signal = signal;
    this.unread = unread;
  }

  /**
   * For what does nothing but show: makes a condition throw once the user interrupted or nothing can be shown any more,
   * for it is asked of every entry, also while none is found.
   */
  untilOver<T>(condition: (item: T) => boolean): (item: T) => boolean {
    return (item) => {
      this.signal.throwIfAborted();
      this.unread.throwIfAborted();
      return condition(item);
    };
  }

  /** A line of the result. */
  line(text: string): void {
    this.clearProgress();
    this.stdout.write(`${text}\n`);
  }

  /** Text as it is; resolves when there is room for more, so that a slow reader is not run over. */
  async write(text: string): Promise<void> {
    this.clearProgress();
    if (!this.stdout.write(text)) await once(this.stdout, 'drain', { signal: this.signal });
  }

  /** A remark that is not part of the result. */
  remark(text: string): void {
    this.clearProgress();
    this.stderr.write(`${text}\n`);
  }

  /** A result for programs. */
  json(value: unknown): void {
    this.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** Text in a style; plain for pipes and where NO_COLOR asks for it. */
  style(style: Style, text: string): string {
    return styleText(style, text, { stream: this.stdout });
  }

  /** Shows how far something has come, on one line that is written over; nothing where nobody looks. */
  progress(text: () => string): void {
    const nowMs = this.clock.now();
    if (this.stderr.isTTY !== true || nowMs - this.shownAtMs < PROGRESS_EVERY_MS) return;
    this.shownAtMs = nowMs;
    this.progressShown = true;
    this.stderr.write(`\r\u001b[K${text()}`);
  }

  /** Removes the progress line. */
  clearProgress(): void {
    if (this.progressShown) this.stderr.write('\r\u001b[K');
    this.progressShown = false;
  }
}

/** A number for reading: with commas. */
export const count = (value: number): string => value.toLocaleString('en-US');

/** A number of things for reading. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;
