import { TimeoutError } from './errors.ts';
import type { Call, Permit, ScopeHandle } from './hook.ts';
import { Interrupt, NOT_ENDED } from './interrupt.ts';
import { check, number } from './options.ts';
import type { Segment } from './segment.ts';
import type { CallOptions, Operation } from './strategy.ts';

const AT_LEAST_0 = number(0);
const NO_ATTRIBUTES: Readonly<Record<string, string>> = Object.freeze({});

/** Says that a driver started a frame and waits for its result. */
export interface Started {
  readonly attempt: number;
  readonly onCommit: (() => void) | undefined;
}

/** Bits of {@link Frame.marks}. */
const COMMITTED = 1;
const DEGRADED = 2;
const PLAIN = 4;

/** One passage of a call through one segment; the operation gets the innermost one as its context. */
export class Frame implements Call {
  readonly segment: Segment;
  readonly parent: Frame | undefined;
  readonly operation: Operation<unknown>;
  readonly options: CallOptions | undefined;
  readonly started: Started | undefined;
  interrupt: Interrupt | undefined;
  /** How many steps of the segment have been entered. */
  depth = 0;
  // What the steps returned on entry. The first has a field to itself: most segments have one step, and an array more
  // would cost more than the frame.
  private slot: unknown;
  private slots: unknown[] | undefined;
  private marks = 0;

  constructor(
    segment: Segment,
    parent: Frame | undefined,
    operation: Operation<unknown>,
    options: CallOptions | undefined,
    started: Started | undefined,
  ) {
    this.segment = segment;
    this.parent = parent;
    this.operation = operation;
    this.options = options;
    this.started = started;
    this.interrupt = undefined;
    this.slot = undefined;
    this.slots = undefined;
    // A cooperative scope gets by without an interrupt until somebody reads the signal or time runs out.
    const around = parent !== undefined && (parent.segment.scoped || parent.interrupt !== undefined);
    if (around) this.follow(parent.interruptible());
    else if (segment.strict || started !== undefined) this.interrupt = new Interrupt(true);
  }

  private interruptible(): Interrupt {
    return (this.interrupt ??= new Interrupt(this.segment.strict));
  }

  /** Ends with the frame around this one. */
  private follow(outer: Interrupt): void {
    const interrupt = new Interrupt(outer.racing || this.segment.strict || this.started !== undefined);
    this.interrupt = interrupt;
    interrupt.release = outer.onEnd((reason, strict) => interrupt.end(-1, reason, strict));
  }

  get signal(): AbortSignal {
    const interrupt = this.interruptible();
    if (interrupt.controller === undefined) {
      interrupt.controller = new AbortController();
      if (this.ended) interrupt.controller.abort(interrupt.reason);
    }
    return interrupt.controller.signal;
  }

  get attempt(): number {
    return this.started?.attempt ?? this.parent?.attempt ?? 1;
  }

  get attributes(): Readonly<Record<string, string>> {
    return this.options?.attributes ?? this.options?.within?.attributes ?? NO_ATTRIBUTES;
  }

  get cost(): number {
    return this.options?.cost ?? 1;
  }

  get ended(): boolean {
    return this.interrupt !== undefined && this.interrupt.endedAt !== NOT_ENDED;
  }

  get committed(): boolean {
    return (this.marks & COMMITTED) !== 0;
  }

  get degraded(): boolean {
    return (this.marks & DEGRADED) !== 0;
  }

  /** Whether admission rejections leave as plain objects, without the price of an Error. */
  get plain(): boolean {
    return (this.marks & PLAIN) !== 0 || this.parent?.plain === true;
  }

  keepRejectionsPlain(): void {
    this.marks |= PLAIN;
  }

  remainingMs(): number | undefined {
    const dueAtMs = this.dueAtMs();
    return dueAtMs === Infinity ? undefined : Math.max(0, dueAtMs - this.segment.clock.now());
  }

  /** The nearest of the deadlines of the caller, of the scopes entered so far, and of the frames around this one. */
  private dueAtMs(): number {
    let dueAtMs = Math.min(this.interrupt?.dueAtMs ?? Infinity, this.parent?.dueAtMs() ?? Infinity);
    for (let i = 0; i < this.depth; i++) {
      if (this.segment.steps[i]?.scope !== undefined)
        dueAtMs = Math.min(dueAtMs, this.handle(i)?.dueAtMs ?? Infinity);
    }
    return dueAtMs;
  }

  /** Remembers what the next step returned on entry. */
  push(slot: unknown): void {
    if (this.depth === 0) this.slot = slot;
    else if (this.slots === undefined) this.slots = [slot];
    else this.slots.push(slot);
    this.depth++;
  }

  permit(index: number): Permit {
    return (index === 0 ? this.slot : this.slots?.[index - 1]) as Permit;
  }

  handle(index: number): ScopeHandle | undefined {
    return (index === 0 ? this.slot : this.slots?.[index - 1]) as ScopeHandle | undefined;
  }

  end(scope: number, reason: unknown, strict: boolean): void {
    this.interruptible().end(scope, reason, strict);
  }

  onEnd(listener: (reason: unknown) => void): () => void {
    let heard = false;
    return this.interruptible().onEnd((reason) => {
      if (heard) return;
      heard = true;
      listener(reason);
    });
  }

  get respondedAtMs(): number | undefined {
    return this.interrupt?.respondedAtMs;
  }

  commit(resumable: boolean): void {
    if (!resumable) this.marks |= COMMITTED;
    if (this.interrupt !== undefined) this.interrupt.respondedAtMs ??= this.segment.clock.now();
    this.started?.onCommit?.();
    this.parent?.commit(resumable);
  }

  degrade(): void {
    this.marks |= DEGRADED;
    this.parent?.degrade();
  }

  /**
   * Takes over the deadline and the abort of the caller.
   *
   * @returns whether the call may start
   */
  open(options: CallOptions): boolean {
    const { signal, timeoutMs, within, cost } = options;
    if (cost !== undefined) check('call: cost', cost, AT_LEAST_0);
    if (signal === undefined && timeoutMs === undefined && within === undefined) return true;
    if (timeoutMs !== undefined) check('call: timeoutMs', timeoutMs, AT_LEAST_0);
    const interrupt = new Interrupt(true);
    this.interrupt = interrupt;
    const { clock } = this.segment;
    const inheritedMs = within?.remainingMs() ?? Infinity;
    const ownMs = timeoutMs ?? Infinity;
    const limitMs = Math.min(ownMs, inheritedMs);
    interrupt.dueAtMs = clock.now() + limitMs;
    const expire = (ms: number) => interrupt.end(-1, new TimeoutError(ms, { strategy: 'deadline' }), true);
    const releases = [signal, within?.signal].map((source) => follow(source, interrupt));
    if (limitMs === 0) expire(0);
    // An inherited deadline needs no timer: when it passes, the signal of `within` aborts, unless that call is over.
    const timer = ownMs > 0 && ownMs < Infinity ? clock.setTimer(() => expire(ownMs), ownMs) : undefined;
    interrupt.release = () => {
      timer?.cancel();
      for (const release of releases) release?.();
    };
    return interrupt.endedAt === NOT_ENDED;
  }
}

/** Ends a call when a signal aborts. */
function follow(signal: AbortSignal | undefined, interrupt: Interrupt): (() => void) | undefined {
  if (signal === undefined) return undefined;
  const abort = () => interrupt.end(-1, signal.reason, true);
  if (signal.aborted) {
    abort();
    return undefined;
  }
  signal.addEventListener('abort', abort, { once: true });
  return () => signal.removeEventListener('abort', abort);
}
