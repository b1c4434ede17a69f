import type { Clock, Timer } from './clock.ts';
import type { Call, ScopeHandle } from './hook.ts';

/** A call's place in an {@link ExpiryQueue}. */
export interface Expiry extends ScopeHandle {
  readonly call: Call;
  /** The position of the scope that waits for the call. */
  readonly scope: number;
  readonly dueAtMs: number;
}

/** The running calls of one scope, which all have the same time to live. */
export interface ExpiryQueue {
  /** Starts the time of a call. */
  add(call: Call, scope: number): Expiry;
  /** Takes a call out, expired or not. */
  remove(expiry: Expiry): void;
}

class Entry implements Expiry {
  readonly call: Call;
  readonly scope: number;
  dueAtMs: number;
  previous: Entry | undefined = undefined;
  next: Entry | undefined = undefined;

  constructor(call: Call, scope: number, dueAtMs: number) {
    this.call = call;
    this.scope = scope;
    this.dueAtMs = dueAtMs;
  }
}

/** Timers count whole milliseconds and may fire that much early. */
const EARLY_MS = 1;

/** A linked list in order of expiry with one timer for its head, which is ref'ed only while a call is waiting. */
class SharedTimerQueue implements ExpiryQueue {
  private readonly clock: Clock;
  private readonly delayMs: number;
  private readonly expire: (expiry: Expiry) => void;
  private head: Entry | undefined;
  private tail: Entry | undefined;
  private timer: Timer | undefined;

  constructor(clock: Clock, delayMs: number, expire: (expiry: Expiry) => void) {
    this.clock = clock;
    this.delayMs = delayMs;
    this.expire = expire;
  }

  add(call: Call, scope: number): Expiry {
    // Rounded up, because a small integer takes no space of its own.
    const entry = new Entry(call, scope, Math.ceil(this.clock.now()) + this.delayMs);
    if (this.tail === undefined) {
      this.head = entry;
      if (this.timer === undefined) this.arm(this.delayMs);
      else this.timer.ref();
    } else {
      this.tail.next = entry;
      entry.previous = this.tail;
    }
    this.tail = entry;
    return entry;
  }

  remove(entry: Entry): void {
    const { previous, next } = entry;
    if (previous === undefined && this.head !== entry) return;
    if (previous === undefined) this.head = next;
    else previous.next = next;
    if (next === undefined) this.tail = previous;
    else next.previous = previous;
    entry.previous = entry.next = undefined;
    if (this.head === undefined) this.timer?.unref();
  }

  private arm(delayMs: number): void {
    this.timer = this.clock.setTimer(() => this.fire(), delayMs);
  }

  private fire(): void {
    this.timer = undefined;
    const now = this.clock.now();
    while (this.head !== undefined && this.head.dueAtMs - now < EARLY_MS) {
      const entry = this.head;
      this.remove(entry);
      this.expire(entry);
    }
    // An expired call may have started another one, and with it the timer.
    const { head } = this;
    if (head === undefined || this.timer !== undefined) return;
    // Later than that only if the clock has jumped back: the call gets at most its whole time again.
    head.dueAtMs = Math.min(head.dueAtMs, Math.ceil(now) + this.delayMs);
    this.arm(head.dueAtMs - now);
  }
}

interface LoneExpiry extends Expiry {
  timer?: Timer;
}

/**
 * Makes a queue in which a call costs no timer of its own, or, where timers cannot be shared between requests, one
 * timer a call.
 *
 * @param delayMs - time to live of every call, in milliseconds
 * @param expire - called for each call that is still in the queue when its time is up
 *
 * @example
 * ```ts
 * import { createExpiryQueue, systemClock, TimeoutError } from '@holdfast/pipeline';
 *
 * const error = new TimeoutError(500, { strategy: 'mine' });
 * const queue = createExpiryQueue(systemClock, 500, ({ call, scope }) => call.end(scope, error, true));
 * ```
 */
export function createExpiryQueue(
  clock: Clock,
  delayMs: number,
  expire: (expiry: Expiry) => void,
): ExpiryQueue {
  if (clock.sharedTimers) return new SharedTimerQueue(clock, delayMs, expire);
  return {
    add(call, scope) {
      const expiry: LoneExpiry = { call, scope, dueAtMs: clock.now() + delayMs };
      expiry.timer = clock.setTimer(() => expire(expiry), delayMs);
      return expiry;
    },
    remove(expiry: LoneExpiry) {
      expiry.timer?.cancel();
    },
  };
}
