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
  private readonly bytes: AsyncIterator<number>;

  constructor(parts: TerminalParts) {
    this.parts = parts;
    this.bytes = bytesOf(parts.stdin);
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
    return this.interactive ? this.ask(question) : this.read(() => false);
  }

  private async read(endsWith: (byte: number) => boolean): Promise<Secret> {
    const bytes: number[] = [];
    for (;;) {
      const next = await this.bytes.next();
      if (next.done === true || endsWith(next.value)) break;
      if (this.interactive && next.value === INTERRUPT) throw new Interrupted('interrupted');
      if (this.interactive && next.value === END) break;
      if (this.interactive && BACKSPACE.has(next.value)) removeLast(bytes);
      else bytes.push(next.value);
    }
    if (!this.interactive && bytes.at(-1) === LINE_FEED) bytes.pop();
    if (!this.interactive && bytes.at(-1) === RETURN) bytes.pop();
    const secret = new Secret(Uint8Array.from(bytes));
    bytes.fill(0);
    return secret;
  }
}

/** Removes the last character of UTF-8: its first byte, and those that continue it. */
function removeLast(bytes: number[]): void {
  while (((bytes.pop() ?? 0) & 0xc0) === 0x80);
}

async function* bytesOf(input: SecretInput): AsyncGenerator<number, void> {
  for await (const chunk of input) yield* Buffer.from(chunk);
}
