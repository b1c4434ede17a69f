import { TimeoutError, type Outcome, type Timer } from '@holdfast/pipeline';
import type { FetchSettings } from './options.ts';

/** Hears once how a body went; `error` is what its reader got. */
export type OnOver = (outcome: Outcome, error?: unknown) => void;

/** What a body is watched with. */
export interface WatchOptions {
  readonly settings: FetchSettings;
  /** The caller's own signal, which `fetch` no longer hears of once the attempt has succeeded. */
  readonly signal: AbortSignal | undefined;
  readonly onOver: OnOver;
}

/** Watches over the body of a response until it ends; nothing is made of it before somebody reads it. */
export class BodyWatch {
  private readonly response: Response;
  private readonly source: ReadableStream<Uint8Array>;
  private readonly options: WatchOptions;
  private readonly startedAtMs: number;
  private reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  private guarded: Response | undefined;
  private drained = false;
  private first = true;
  private over = false;
  private failure: { readonly error: unknown } | undefined;
  private timer: Timer | undefined;
  /** Fails the read that is under way. */
  private interrupt: ((error: unknown) => void) | undefined;

  constructor(response: Response, source: ReadableStream<Uint8Array>, options: WatchOptions) {
    this.response = response;
    this.source = source;
    this.options = options;
    this.startedAtMs = options.settings.bodyMs === Infinity ? 0 : options.settings.clock.now();
    this.rest();
    const { signal } = options;
    if (signal?.aborted === true) this.onAbort();
    else signal?.addEventListener('abort', this.onAbort, { once: true });
  }

  /** Whether reading has begun. */
  get used(): boolean {
    return this.drained || (this.guarded?.bodyUsed ?? false);
  }

  /** Reads all of it, without the stream that a copy would need. */
  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    if (this.used || this.guarded !== undefined) return this.copy.bytes();
    this.drained = true;
    const chunks: Uint8Array[] = [];
    for (let chunk = await this.take(); chunk !== undefined; chunk = await this.take()) chunks.push(chunk);
    return joined(chunks);
  }

  /** The body: one that fails when it stalls, or what is left of one that was read. */
  get body(): ReadableStream<Uint8Array> | null {
    return this.drained ? this.source : this.copy.body;
  }

  /**
   * The response once more, with a body that fails when it stalls.
   *
   * @throws {@link TypeError} when it was read already
   */
  get copy(): Response {
    if (this.drained) throw new TypeError('Body is unusable: it has already been read');
    return (this.guarded ??= this.rebuild());
  }

  private rebuild(): Response {
    const { status, statusText, headers, url, redirected } = this.response;
    const body = new ReadableStream<Uint8Array>(
      { pull: (controller) => this.pull(controller), cancel: (reason) => this.cancel(reason) },
      { highWaterMark: 0 },
    );
    const copy = new Response(body, { status, statusText, headers });
    return Object.defineProperties(copy, { url: { value: url }, redirected: { value: redirected } });
  }

  private async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const chunk = await this.take();
    if (chunk === undefined) controller.close();
    else {
      this.rest();
      controller.enqueue(chunk);
    }
  }

  /** The next bytes, or nothing at the end. */
  private async take(): Promise<Uint8Array | undefined> {
    this.timer?.cancel();
    try {
      const { done, value } = await this.read();
      if (done) this.finish('success');
      return value;
    } catch (error) {
      this.fail(error, 'failure');
      throw this.failure?.error ?? error;
    }
  }

  private read(): Promise<ReadableStreamReadResult<Uint8Array>> {
    if (this.failure !== undefined) return Promise.reject(this.failure.error);
    this.reader ??= this.source.getReader();
    const reading = this.reader.read();
    let timer: Timer | undefined;
    return new Promise<ReadableStreamReadResult<Uint8Array>>((resolve, reject) => {
      this.interrupt = reject;
      timer = this.limit(reject);
      reading.then(resolve, reject);
    }).finally(() => {
      this.interrupt = undefined;
      this.first = false;
      timer?.cancel();
    });
  }

  /** Ends a read that takes too long. */
  private limit(reject: (error: unknown) => void): Timer | undefined {
    const { firstByteMs, idleMs, bodyMs, clock, name } = this.options.settings;
    const waitMs = this.first ? firstByteMs : idleMs;
    const leftMs = bodyMs === Infinity ? Infinity : this.startedAtMs + bodyMs - clock.now();
    const ms = Math.min(waitMs, leftMs);
    if (ms === Infinity) return undefined;
    const what = leftMs < waitMs ? 'body' : this.first ? 'first byte' : 'next bytes';
    const givenMs = leftMs < waitMs ? bodyMs : waitMs;
    return clock.setTimer(() => reject(new TimeoutError(givenMs, { strategy: `${name}: ${what}` })), ms);
  }

  private cancel(reason: unknown): Promise<void> {
    this.finish('success');
    return this.reader === undefined ? this.source.cancel(reason) : this.reader.cancel(reason);
  }

  private readonly onAbort = (): void => {
    this.fail(this.options.signal?.reason, 'ignored');
  };

  /** Ends the body before its time, and lets go of its connection. */
  private fail(error: unknown, outcome: Outcome): void {
    if (this.failure !== undefined) return;
    this.failure = { error };
    this.finish(outcome, error);
    this.interrupt?.(error);
    const cancelled = this.reader === undefined ? this.source.cancel(error) : this.reader.cancel(error);
    cancelled.catch(() => {});
  }

  /** A body that nobody goes on reading is no failure of the server; its outcome is not waited for any longer. */
  private rest(): void {
    const { idleMs, clock } = this.options.settings;
    if (this.over) return;
    this.timer = clock.setTimer(() => this.tell('success'), idleMs);
    this.timer.unref();
  }

  private finish(outcome: Outcome, error?: unknown): void {
    this.timer?.cancel();
    this.options.signal?.removeEventListener('abort', this.onAbort);
    this.tell(outcome, error);
  }

  private tell(outcome: Outcome, error?: unknown): void {
    if (this.over) return;
    this.over = true;
    this.options.onOver(outcome, error);
  }
}

function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(chunks.reduce((size, { length }) => size + length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return all;
}
