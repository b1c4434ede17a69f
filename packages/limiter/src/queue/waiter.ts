import type { Call, Permit, Rejection, Timer } from '@holdfast/pipeline';

/** A call that waits for its turn, and its place among the others of the same priority. */
export class Waiter {
  readonly call: Call;
  readonly cost: number;
  readonly priority: number;
  readonly resolve: (answer: Permit | Rejection) => void;
  previous: Waiter | undefined = undefined;
  next: Waiter | undefined = undefined;
  timer: Timer | undefined = undefined;
  stopListening: (() => void) | undefined = undefined;

  constructor(call: Call, cost: number, priority: number, resolve: (answer: Permit | Rejection) => void) {
    this.call = call;
    this.cost = cost;
    this.priority = priority;
    this.resolve = resolve;
  }
}

/** Waiters in the order in which they came. Whoever is in it can be taken out at once. */
export class WaiterList {
  first: Waiter | undefined = undefined;
  last: Waiter | undefined = undefined;

  append(waiter: Waiter): void {
    waiter.previous = this.last;
    if (this.last === undefined) this.first = waiter;
    else this.last.next = waiter;
    this.last = waiter;
  }

  remove(waiter: Waiter): void {
    const { previous, next } = waiter;
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next === undefined) this.last = previous;
    else next.previous = previous;
    waiter.previous = waiter.next = undefined;
  }
}
