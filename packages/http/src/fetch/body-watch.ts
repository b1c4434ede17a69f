import { TimeoutError, type Outcome } from '@holdfast/pipeline';
import { Countdown, type Countdowns } from './countdown.ts';
import type { FetchSettings } from './options.ts';

/** Hears once how a body went; `error` is what its reader got. */
export type OnOver = (outcome: Outcome, error?: unknown) => void;

/** What a body is watched with. */
export interface WatchOptions {
  readonly settings: FetchSettings;
  /** Measures how long is waited for the server, and for the reader. */
  readonly countdowns: Countdowns;
  /** The caller's own signal, which `fetch` no longer hears of once the attempt has succeeded. */
  readonly signal: AbortSignal | undefined;
  readonly onOver: OnOver;
}

/** What a body that is being read waits for. */
type Awaited = 'first byte' | 'next bytes' | 'body';

/** Watches over the body of a response until it ends; nothing is made of it before somebody reads it. */
export class BodyWatch {
  private readonly response: Response;
  private readonly source: ReadableStream<Uint8Array>;
  private readonly options: WatchOptions;
  private readonly countdown = new Countdown(() => this.late());
  private readonly endsAtMs: number;
  private reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  private stream: ReadableStream<Uint8Array> | undefined;
  private guarded: Response | undefined;
  /** Whether reading has begun. */
  private begun = false;
  private over = false;
  private failure: { readonly error: unknown } | undefined;
  private awaited: Awaited = 'first byte';
  /** Tells who is reading at once: a source that hangs may not even hear that it is cancelled. */
  private interrupt: ((error: unknown) => void) | undefined;

  constructor(response: Response, source: ReadableStream<Uint8Array>, options: WatchOptions) {
    const { clock, bodyMs } = options.settings;
    this.response = response;
    this.source = source;
    this.options = options;
    this.endsAtMs = bodyMs === Infinity ? Infinity : clock.now() + bodyMs;
    this.rest();
    const { signal } = options;
    if (signal?.aborted === true) this.onAbort();
    else signal?.addEventListener('abort', this.onAbort, { once: true });
  }

  get used(): boolean {
    return this.guarded?.bodyUsed ?? this.begun;
  }

  /** Reads all of it, without the stream that a copy would need. */
  bytes(): Promise<Uint8Array<ArrayBuffer>> {
    if (this.begun || this.stream !== undefined) return this.copy.bytes();
    return new Promise((resolve, reject) => {
      this.interrupt = reject;
      this.drain().then(resolve, reject);
    });
  }

  /** The body: one that fails when it stalls, or what is left of one that was read. */
  get body(): ReadableStream<Uint8Array> | null {
    if (this.guarded !== undefined) return this.guarded.body;
    if (this.begun && this.stream === undefined) return this.source;
    return (this.stream ??= this.guardedStream());
  }

  /**
   * The response once more, with a body that fails when it stalls.
   *
   * @throws {@link TypeError} when it was read already
   */
  get copy(): Response {
    if (this.guarded !== undefined) return this.guarded;
    if (this.begun) throw new TypeError('Body is unusable: it has already been read');
    const { status, statusText, headers, url, redirected } = this.response;
    const copy = new Response(this.body, { status, statusText, headers });
    Object.defineProperties(copy, { url: { value: url }, redirected: { value: redirected } });
    return (this.guarded = copy);
  }

  private guardedStream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      { pull: (controller) => this.pull(controller), cancel: (reason) => this.cancel(reason) },
      { highWaterMark: 0 },
    );
  }

  private async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    this.interrupt = (error) => controller.error(error);
    const ended = await this.read((chunk) => {
      this.rest();
      controller.enqueue(chunk);
      return false;
    });
    if (ended) controller.close();
  }

  private async drain(): Promise<Uint8Array<ArrayBuffer>> {
    const chunks: Uint8Array[] = [];
    await this.read((chunk) => chunks.push(chunk) > 0);
    return joined(chunks);
  }

  /**
   * Reads on and on.
   *
   * @param wantsMore - takes what was read
   * @returns whether the end was reached
   */
  private async read(wantsMore: (chunk: Uint8Array) => boolean): Promise<boolean> {
    this.begun = true;
    if (this.failure !== undefined) throw this.failure.error;
    this.reader ??= this.source.getReader();
    try {
      for (;;) {
        this.limit();
        const { done, value } = await this.reader.read();
        this.awaited = 'next bytes';
        if (done) {
          this.finish('success');
          return true;
        }
        if (!wantsMore(value)) return false;
      }
    } catch (error) {
      this.fail(error, 'failure');
      throw error;
    }
  }

  /** Bounds the time of a read. */
  private limit(): void {
    const { countdowns, settings } = this.options;
    const { firstByteMs, idleMs, clock } = settings;
    const waitMs = this.awaited === 'first byte' ? firstByteMs : idleMs;
    const leftMs = this.endsAtMs === Infinity ? Infinity : this.endsAtMs - clock.now();
    if (leftMs < waitMs) this.awaited = 'body';
    countdowns.start(this.countdown, Math.min(waitMs, leftMs), true);
  }

  private late(): void {
    // A body that nobody goes on reading is no failure of the server; its outcome is not waited for any longer.
    if (this.interrupt === undefined) return this.tell('success');
    const { firstByteMs, idleMs, bodyMs, name } = this.options.settings;
    const { awaited } = this;
    const ms = { 'first byte': firstByteMs, 'next bytes': idleMs, body: bodyMs }[awaited];
    this.fail(new TimeoutError(ms, { strategy: `${name}: ${awaited}` }), 'failure');
  }

  private cancel(reason: unknown): Promise<void> {
    this.begun = true;
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

  /** Waits for the reader. */
  private rest(): void {
    this.interrupt = undefined;
    const { countdowns, settings } = this.options;
    if (this.over) countdowns.stop(this.countdown);
    else countdowns.start(this.countdown, settings.idleMs, false);
  }

  private finish(outcome: Outcome, error?: unknown): void {
    this.options.countdowns.stop(this.countdown);
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
