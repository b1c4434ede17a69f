import type { Clock } from './clock.ts';
import type { Call } from './hook.ts';
import type { ExecutionContext } from './strategy.ts';

/**
 * What the operation of a stream is told about its attempt. Its signal also aborts when the source is given up although
 * the call goes on: an item is late, or the consumer has left. Asking the source to return would not do, since an async
 * generator listens only between items.
 */
export class SourceContext implements ExecutionContext {
  private readonly call: Call;
  private readonly clock: Clock;
  private controller: AbortController | undefined;
  private failure: { readonly reason: unknown } | undefined;
  /** When the first item has to be there, in monotonic milliseconds; `Infinity` once it is, or without a limit. */
  dueAtMs: number;

  constructor(call: Call, clock: Clock, firstItemMs: number | undefined) {
    this.call = call;
    this.clock = clock;
    this.dueAtMs = firstItemMs === undefined ? Infinity : clock.now() + firstItemMs;
  }

  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.failure !== undefined) this.controller.abort(this.failure.reason);
    return this.controller.signal;
  }

  get attempt(): number {
    return this.call.attempt;
  }

  get attributes(): Readonly<Record<string, string>> {
    return this.call.attributes;
  }

  /** That of the whole stream: a callee that is told of it must not end a long answer when its first item is due. */
  remainingMs(): number | undefined {
    return this.call.remainingMs();
  }

  /** How long the first item may still take. */
  firstItemLeftMs(): number | undefined {
    return this.dueAtMs === Infinity ? undefined : Math.max(0, this.dueAtMs - this.clock.now());
  }

  giveUp(reason: unknown): void {
    this.failure ??= { reason };
    this.controller?.abort(reason);
  }
}
