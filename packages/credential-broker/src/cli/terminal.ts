import { UsageError } from '@holdfast/pipeline/cli';
import { styleText } from 'node:util';
import { Secret } from '../secret/secret.ts';

/** Where secrets are typed, or come from. */
export interface SecretInput extends AsyncIterable<Uint8Array | string> {
  readonly isTTY?: boolean | undefined;
  /** Of a terminal: whether keys arrive one by one, and are not shown. */
  setRawMode?(raw: boolean): unknown;
}

/** What a command talks to. */
export interface TerminalParts {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly stdin: SecretInput;
}

const [LINE_FEED, RETURN] = [10, 13];
const BACKSPACE = new Set([8, 127]);
const [INTERRUPT, END] = [3, 4];

/** Somebody pressed Ctrl-C. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Results on one stream, remarks and questions on the other; secrets come in and are never shown. */
export class Terminal {
  private readonly parts: TerminalParts;
  private readonly chunks: AsyncIterator<Uint8Array | string>;
  /** What came last of the input, and how much of it was read. */
  private chunk: Uint8Array = new Uint8Array(0);
  private at = 0;

  constructor(parts: TerminalParts) {
    this.parts = parts;
    this.chunks = parts.stdin[Symbol.asyncIterator]();
  }

  /** A line of the result. */
  line(text: string): void {
    this.parts.stdout.write(`${text}\n`);
  }

  /** A result for programs. */
  json(value: unknown): void {
    this.line(JSON.stringify(value));
  }

  /** A remark that is not part of the result. */
  remark(text: string): void {
    this.parts.stderr.write(`${text}\n`);
  }

  /** Text in bold; plain for pipes and where NO_COLOR asks for it. */
  bold(text: string): string {
    return styleText('bold', text, { stream: this.parts.stdout });
  }

  /** Whether somebody sits there and is asked. */
  get interactive(): boolean {
    return this.parts.stdin.isTTY === true;
  }

  /** Asks for a secret: what is typed is not shown; of a pipe it takes the next line. */
  async ask(question: string): Promise<Secret> {
    const { stdin, stderr } = this.parts;
    if (!this.interactive) return this.read((byte) => byte === LINE_FEED);
    // Before the question: who answers at once must not see it either.
    stdin.setRawMode?.(true);
    stderr.write(`${question}: `);
    try {
      return await this.read((byte) => byte === RETURN || byte === LINE_FEED);
    } finally {
      stdin.setRawMode?.(false);
      stderr.write('\n');
    }
  }

  /** Takes all that is left of a pipe, save for a line break at its end; asks where somebody sits. */
  async rest(question: string): Promise<Secret> {
    if (!this.interactive) return this.read(() => false);
    const secret = await this.ask(question);
    if (this.left().length > 0) throw new UsageError('more than a line was pasted: give it through a pipe');
    return secret;
  }

  /** What came together with the line that was read last, without the ends of lines around it. */
  private left(): Uint8Array {
    let [from, to] = [this.at, this.chunk.length];
    while (isLineEnd(this.chunk[from])) from++;
    while (to > from && isLineEnd(this.chunk[to - 1])) to--;
    return this.chunk.subarray(from, to);
  }

  private async read(endsWith: (byte: number) => boolean): Promise<Secret> {
    const bytes: number[] = [];
    for (;;) {
      const byte = await this.next();
      if (byte === undefined || endsWith(byte)) break;
      if (this.interactive && byte === INTERRUPT) throw new Interrupted('interrupted');
      if (this.interactive && byte === END) break;
      if (this.interactive && BACKSPACE.has(byte)) removeLast(bytes);
      else bytes.push(byte);
    }
    if (!this.interactive && bytes.at(-1) === LINE_FEED) bytes.pop();
    if (!this.interactive && bytes.at(-1) === RETURN) bytes.pop();
    const secret = new Secret(Uint8Array.from(bytes));
    bytes.fill(0);
    return secret;
  }

  private async next(): Promise<number | undefined> {
    while (this.at >= this.chunk.length) {
      const chunk = await this.chunks.next();
      if (chunk.done === true) return undefined;
      this.chunk = Buffer.from(chunk.value);
      this.at = 0;
    }
    return this.chunk[this.at++];
  }
}

/** Removes the last character of UTF-8: its first byte, and those that continue it. */
function removeLast(bytes: number[]): void {
  while (((bytes.pop() ?? 0) & 0xc0) === 0x80);
}

const isLineEnd = (byte: number | undefined) => byte === LINE_FEED || byte === RETURN;
