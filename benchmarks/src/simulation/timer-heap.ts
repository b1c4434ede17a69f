import type { Timer } from '@holdfast/pipeline';

/** A timer of a virtual clock. One that is cancelled stays in the heap until its time has come. */
export class HeapTimer implements Timer {
  readonly dueAtMs: number;
  readonly order: number;
  callback: (() => void) | undefined;

  constructor(dueAtMs: number, order: number, callback: () => void) {
    this.dueAtMs = dueAtMs;
    this.order = order;
    this.callback = callback;
  }

  cancel(): void {
    this.callback = undefined;
  }

  ref(): void {}

  unref(): void {}
}

/** Timers in order of expiry, equal ones in order of creation: a binary heap, since a fleet has a hundred thousand. */
export class TimerHeap {
  private readonly timers: HeapTimer[] = [];

  get first(): HeapTimer | undefined {
    return this.timers[0];
  }

  push(timer: HeapTimer): void {
    const { timers } = this;
    let at = timers.length;
    while (at > 0) {
      const above = (at - 1) >>> 1;
      const parent = timers[above] as HeapTimer;
      if (isBefore(parent, timer)) break;
      timers[at] = parent;
      at = above;
    }
    timers[at] = timer;
  }

  pop(): HeapTimer | undefined {
    const { timers } = this;
    const [first] = timers;
    const last = timers.pop();
    if (last !== undefined && timers.length > 0) this.sink(last);
    return first;
  }

  /** Puts a timer where the first one was, and down from there to its place. */
  private sink(timer: HeapTimer): void {
    const { timers } = this;
    let at = 0;
    for (let below = 1; below < timers.length; below = 2 * at + 1) {
      const left = timers[below] as HeapTimer;
      const right = timers[below + 1];
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (isBefore(timer, child)) break;
      timers[at] = child;
      at = isRight ? below + 1 : below;
    }
    timers[at] = timer;
  }
}

const isBefore = (a: HeapTimer, b: HeapTimer): boolean =>
  a.dueAtMs < b.dueAtMs || (a.dueAtMs === b.dueAtMs && a.order < b.order);
