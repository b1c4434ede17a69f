import type { Call, Clock, Permit, Rejection, Timer } from '@holdfast/pipeline';

/** Decides about waiting calls. */
export interface Door {
  /** Answers with a permit, a rejection, or nothing when the call has to go on waiting, which a `last` one cannot. */
  answer(call: Call, last: boolean): Permit | Rejection | undefined;
  /** What a call is told that leaves of its own accord. */
  refusal(): Rejection;
  /** Milliseconds until the answer may change although nothing happens. */
  changesInMs(): number;
}

/** How long and how many may wait. */
export interface WaitingLimits {
  readonly clock: Clock;
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
}

/** Timers count whole milliseconds and may fire that much early. */
const EARLY_MS = 1;

/**
 * Calls that wait for the circuit to take them, oldest first. A waiting call holds no permit: whenever the state
 * changes or a place gets free, it passes admission again.
 */
export class WaitingRoom {
  private readonly door: Door;
  private readonly limits: WaitingLimits;
  private readonly waiting = new Set<Waiter>();
  private serving = false;

  constructor(door: Door, limits: WaitingLimits) {
    this.door = door;
    this.limits = limits;
  }

  get size(): number {
    return this.waiting.size;
  }

  /** Lets a call wait, unless the room is full. */
  wait(call: Call): Promise<Permit | Rejection> | undefined {
    const { maxWaiting, maxWaitMs, clock } = this.limits;
    if (this.waiting.size >= maxWaiting || maxWaitMs === 0) return undefined;
    return new Promise((resolve) => {
      const waiter = new Waiter(call, clock.now() + maxWaitMs, resolve);
      this.waiting.add(waiter);
      this.sleep(waiter);
      // The engine tells the caller; what matters here is that the place is free at once.
      call.onEnd(() => this.send(waiter, this.door.refusal()));
    });
  }

  /** Answers those who wait, oldest first, as long as there is an answer. */
  serve(): void {
    // An answer may change the state, which calls here again: the same waiter would get a second permit, and lose it.
    if (this.serving) return;
    this.serving = true;
    for (const waiter of this.waiting) {
      const answer = this.door.answer(waiter.call, false);
      if (answer === undefined) break;
      this.send(waiter, answer);
    }
    this.serving = false;
  }

  private sleep(waiter: Waiter): void {
    const { clock } = this.limits;
    const leftMs = waiter.dueAtMs - clock.now();
    const delayMs = Math.min(leftMs, Math.max(EARLY_MS, this.door.changesInMs()));
    waiter.timer = clock.setTimer(() => this.wake(waiter), delayMs);
  }

  private wake(waiter: Waiter): void {
    this.serve();
    if (!this.waiting.has(waiter)) return;
    if (waiter.dueAtMs - this.limits.clock.now() >= EARLY_MS) return this.sleep(waiter);
    // Out of the room first: should its answer change the state, no other one may reach it.
    this.waiting.delete(waiter);
    this.send(waiter, this.door.answer(waiter.call, true) ?? this.door.refusal());
  }

  private send(waiter: Waiter, answer: Permit | Rejection): void {
    this.waiting.delete(waiter);
    waiter.timer?.cancel();
    waiter.resolve(answer);
  }
}

class Waiter {
  readonly call: Call;
  readonly dueAtMs: number;
  readonly resolve: (answer: Permit | Rejection) => void;
  timer: Timer | undefined = undefined;

  constructor(call: Call, dueAtMs: number, resolve: (answer: Permit | Rejection) => void) {
    this.call = call;
    this.dueAtMs = dueAtMs;
    this.resolve = resolve;
  }
}
