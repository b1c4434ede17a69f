import type { Clock } from './clock.ts';
import type { Call } from './hook.ts';
import { check, number } from './options.ts';
import { Patience } from './patience.ts';
import { SourceContext } from './source-context.ts';
import type { CallOptions, ExecutionContext, Operation, StreamOptions, StreamSource } from './strategy.ts';

/** Runs one operation under protection, for the whole life of the stream. */
type Execute = (operation: Operation<symbol>, options: CallOptions) => Promise<unknown>;

/** Stops an attempt whose consumer has enough; the stream counts as a success. */
const ENOUGH = Symbol('enough');

/** What an attempt answers that has delivered its items. Anything else is the substitute of a strategy. */
const DELIVERED = Symbol('delivered');

/** What the source is aborted with when the consumer leaves; before the first item, the call too. */
const left = () => new DOMException('The consumer has left', 'AbortError');

/**
 * A stream under protection: the whole stream is one protected operation, which pulls an item whenever the consumer
 * asks for one, so that the outcome is known, and counted, when the stream ends.
 */
export class GuardedStream<T> implements AsyncIterableIterator<T> {
  private readonly execute: Execute;
  private readonly operation: Operation<StreamSource<T>>;
  private readonly options: StreamOptions<T>;
  private readonly clock: Clock;
  /** What the consumer is waiting for, oldest first. */
  private readonly requests: ((answer: Promise<IteratorResult<T, undefined>>) => void)[] = [];
  private cancel: AbortController | undefined;
  /** Settles, always well, when the operation has. */
  private running: Promise<void> | undefined;
  private done = false;
  private failure: { readonly error: unknown } | undefined;
  private delivered = 0;
  private last: T | undefined;
  /** Wakes the running attempt when the consumer asks for an item. */
  private onRequest: (() => void) | undefined;
  /** What the attempt waits with whose items are being delivered. */
  private serving: Patience | undefined;

  constructor(
    execute: Execute,
    clock: Clock,
    operation: Operation<StreamSource<T>>,
    options: StreamOptions<T>,
  ) {
    for (const name of ['firstItemMs', 'idleMs'] as const) {
      if (options[name] !== undefined) check(`stream: ${name}`, options[name], number(0));
    }
    this.execute = execute;
    this.clock = clock;
    this.operation = operation;
    this.options = options;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.done) return this.afterEnd();
    const answer = new Promise<IteratorResult<T, undefined>>((resolve) => this.requests.push(resolve));
    if (this.cancel === undefined) this.start();
    else this.onRequest?.();
    return answer;
  }

  /** Lets go of the stream; settles when its outcome has been counted. */
  async return(): Promise<IteratorResult<T, undefined>> {
    if (!this.done) {
      if (this.serving === undefined) this.cancel?.abort(left());
      else this.serving.stop(ENOUGH);
      this.finish();
    }
    this.failure = undefined;
    await this.running;
    return { done: true, value: undefined };
  }

  private start(): void {
    const { firstItemMs: _first, idleMs: _idle, resume: _resume, signal, ...options } = this.options;
    const cancel = new AbortController();
    this.cancel = cancel;
    const forward = () => cancel.abort(signal?.reason);
    if (signal?.aborted) forward();
    signal?.addEventListener('abort', forward, { once: true });
    const settled = (failure?: { readonly error: unknown }) => {
      signal?.removeEventListener('abort', forward);
      if (!this.done) this.finish(failure);
    };
    this.running = this.execute((ctx) => this.pump(ctx as Call), { ...options, signal: cancel.signal })
      .then((value) => (value === DELIVERED ? undefined : this.substitute(value, cancel.signal)))
      .then(
        () => settled(),
        (error: unknown) => settled({ error }),
      );
  }

  /** Answers the consumer for the last time: the oldest request gets the failure, the others see the end. */
  private finish(failure?: { readonly error: unknown }): void {
    this.done = true;
    this.failure = failure;
    for (const answer of this.requests.splice(0)) answer(this.afterEnd());
  }

  private afterEnd(): Promise<IteratorResult<T, undefined>> {
    const { failure } = this;
    this.failure = undefined;
    return failure === undefined
      ? Promise.resolve({ done: true, value: undefined })
      : Promise.reject(failure.error);
  }

  /** One attempt: opens the stream and hands over its items until it ends. */
  private async pump(call: Call): Promise<symbol> {
    const { firstItemMs, idleMs, resume } = this.options;
    const patience = new Patience(this.clock);
    const source = new SourceContext(call, this.clock, firstItemMs);
    const stopListening = call.onEnd((reason) => {
      source.giveUp(reason);
      patience.stop(reason);
    });
    const opening = this.open(source).then(iterate);
    try {
      const items = await patience.wait(opening, source.firstItemLeftMs(), firstItemMs, 'first item');
      const item = await patience.wait(items.next(), source.firstItemLeftMs(), firstItemMs, 'first item');
      // Another attempt may have delivered while this one's item was on its way here.
      if (call.ended) {
        void discard(opening);
        return DELIVERED;
      }
      source.dueAtMs = Infinity;
      call.commit(resume !== undefined);
      await this.serve(items, item, patience, idleMs);
    } catch (error) {
      source.giveUp(error === ENOUGH ? left() : error);
      void discard(opening);
      if (error !== ENOUGH) throw error;
    } finally {
      stopListening();
      if (this.serving === patience) this.serving = undefined;
    }
    return DELIVERED;
  }

  /** Hands over the items of what a strategy, such as a fallback, answered instead of an attempt. */
  private async substitute(value: unknown, signal: AbortSignal): Promise<void> {
    const items = iterate(value as StreamSource<T>);
    const patience = new Patience(this.clock);
    const stop = () => patience.stop(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      await this.serve(items, await patience.wait(items.next()), patience, this.options.idleMs);
    } catch (error) {
      void discard(Promise.resolve(items));
      if (error !== ENOUGH) throw error;
    } finally {
      signal.removeEventListener('abort', stop);
      this.serving = undefined;
    }
  }

  private async serve(
    items: AsyncIterator<T>,
    first: IteratorResult<T>,
    patience: Patience,
    idleMs: number | undefined,
  ): Promise<void> {
    this.serving = patience;
    for (let item = first; item.done !== true;) {
      this.deliver(item.value);
      if (this.requests.length === 0) await patience.wait(this.request());
      item = await patience.wait(items.next(), idleMs, idleMs, 'next item');
    }
  }

  private async open(ctx: ExecutionContext): Promise<StreamSource<T>> {
    const { resume } = this.options;
    if (resume === undefined || this.delivered === 0) return this.operation(ctx);
    return resume({ delivered: this.delivered, last: this.last as T }, ctx);
  }

  /** Settles when the consumer asks for an item. */
  private request(): Promise<void> {
    return new Promise((wake) => (this.onRequest = wake));
  }

  private deliver(value: T): void {
    this.delivered++;
    this.last = value;
    this.requests.shift()?.(Promise.resolve({ done: false, value }));
  }
}

/** Closes a stream that is not wanted any more, even one that is still being opened; nobody waits for it. */
async function discard<T>(opening: Promise<AsyncIterator<T>>): Promise<void> {
  try {
    await (await opening).return?.();
  } catch {
    // What it throws concerns nobody any more.
  }
}

/**
 * Reads a `ReadableStream` or any async iterable. Not every platform makes the former one (Safari), and where it is,
 * its `return` waits for the pending read, which in a stream that stalls never comes; `cancel` does not wait.
 */
function iterate<T>(source: StreamSource<T>): AsyncIterator<T> {
  if (typeof source === 'object' && source !== null) {
    if ('getReader' in source) {
      const reader = source.getReader();
      return {
        next: () => reader.read() as Promise<IteratorResult<T>>,
        return: async () => {
          await reader.cancel();
          return { done: true, value: undefined };
        },
      };
    }
    if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
  }
  throw new TypeError(
    `stream: the operation must return an AsyncIterable or a ReadableStream, got ${typeof source}`,
  );
}
