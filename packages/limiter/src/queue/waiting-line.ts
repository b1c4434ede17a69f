import type { Call, Clock, Permit, Rejection } from '@holdfast/pipeline';
import { Waiter, WaiterList } from './waiter.ts';

/** The highest priority a call can have; the lowest is 0. */
export const MAX_PRIORITY = 9;

/** Why a waiting call is sent away: its time is up, or its place went to a more important one. */
export type Dismissal = 'queue-timeout' | 'shed';

/** How many may wait, for how long, and who goes first. */
export interface LineOptions {
  readonly clock: Clock;
  readonly maxQueue: number;
  readonly maxQueueMs: number;
  readonly order: 'fifo' | 'lifo';
  /** Makes what a call is told that is sent away. */
  readonly dismiss: (why: Dismissal) => Rejection;
  /** Hears that a call left of its own accord, or was sent away. */
  readonly onLeave?: () => void;
}

/**
 * Calls that wait for their turn: those of the highest priority first, among them the oldest or the newest. A call that
 * is ended leaves in the same turn. Everything is O(1) in the number of calls that wait.
 */
export class WaitingLine {
  private readonly options: LineOptions;
  private readonly levels: (WaiterList | undefined)[] = [];
  private waiting = 0;
  private waitingCost = 0;

  constructor(options: LineOptions) {
    this.options = options;
  }

  /** How many calls wait. */
  get size(): number {
    return this.waiting;
  }

  /** What they cost together. */
  get cost(): number {
    return this.waitingCost;
  }

  /** Whose turn comes next. */
  get next(): Waiter | undefined {
    if (this.waiting === 0) return undefined;
    const level = this.levels.findLast((list) => list?.first !== undefined);
    return this.options.order === 'fifo' ? level?.first : level?.last;
  }

  /** Lets a call wait; answers nothing when there is no room for it. */
  join(call: Call, cost: number, priority: number): Promise<Permit | Rejection> | undefined {
    const { maxQueue, maxQueueMs, clock } = this.options;
    if (maxQueue === 0 || maxQueueMs === 0) return undefined;
    if (this.waiting >= maxQueue && !this.shedBelow(priority)) return undefined;
    return new Promise((resolve) => {
      const waiter = new Waiter(call, cost, priority, resolve);
      (this.levels[priority] ??= new WaiterList()).append(waiter);
      this.waiting++;
      this.waitingCost += cost;
      if (maxQueueMs < Infinity) {
        waiter.timer = clock.setTimer(() => this.dismiss(waiter, 'queue-timeout'), maxQueueMs);
      }
      // The engine tells the caller; what matters here is that the place is free at once.
      waiter.stopListening = call.onEnd(() => this.dismiss(waiter, 'queue-timeout'));
    });
  }

  /** Ends the wait of a call with a permit. */
  admit(waiter: Waiter, permit: Permit): void {
    this.leave(waiter);
    waiter.resolve(permit);
  }

  /** Makes room for a call by sending away the newest of the least important ones, if they matter less. */
  private shedBelow(priority: number): boolean {
    const lowest = this.levels.find((list) => list?.first !== undefined)?.last;
    if (lowest === undefined || lowest.priority >= priority) return false;
    this.dismiss(lowest, 'shed');
    return true;
  }

  private dismiss(waiter: Waiter, why: Dismissal): void {
    this.leave(waiter);
    waiter.resolve(this.options.dismiss(why));
    this.options.onLeave?.();
  }

  private leave(waiter: Waiter): void {
    waiter.timer?.cancel();
    waiter.stopListening?.();
    this.levels[waiter.priority]?.remove(waiter);
    this.waiting--;
    this.waitingCost -= waiter.cost;
  }
}
