import {
  reportListenerError,
  type Call,
  type Outcome,
  type Permit,
  type Rejection,
} from '@holdfast/pipeline';
import type { LimitEstimate } from '../adaptive/adaptive-limit.ts';
import type { BulkheadReason, BulkheadRejection } from '../errors.ts';
import { priorityOf } from '../keys.ts';
import { WaitingLine } from '../queue/waiting-line.ts';
import type { BulkheadSettings } from './options.ts';

/** What all compartments of a bulkhead have in common. */
export interface BulkheadCore {
  readonly settings: BulkheadSettings;
  /** Counts over all compartments. */
  readonly counts: { admitted: number; queued: number } & Record<BulkheadReason, number>;
  /** Hears of each refusal. */
  readonly onRefusal: (reason: BulkheadReason, key: string | undefined) => void;
  /** Hears that an adaptive limit has changed. */
  readonly onLimit: (from: number, to: number, key: string | undefined) => void;
}

/** The places of one key. */
export class Compartment {
  readonly key: string | undefined;
  private readonly core: BulkheadCore;
  private readonly estimate: LimitEstimate | undefined;
  private readonly line: WaitingLine;
  private places: number;
  private running = 0;

  constructor(core: BulkheadCore, key: string | undefined) {
    const { maxConcurrent, clock, maxQueue, maxQueueMs, order } = core.settings;
    this.core = core;
    this.key = key;
    this.estimate = typeof maxConcurrent === 'number' ? undefined : maxConcurrent.start();
    this.places = typeof maxConcurrent === 'number' ? maxConcurrent : (this.estimate?.limit ?? 1);
    const dismiss = (why: BulkheadReason) => this.refuse(why);
    this.line = new WaitingLine({ clock, maxQueue, maxQueueMs, order, dismiss });
  }

  get limit(): number {
    return this.places;
  }

  get inFlight(): number {
    return this.running;
  }

  get waiting(): number {
    return this.line.size;
  }

  /** A permit is the instant at which the call began, where that matters to the limit; otherwise 0. */
  enter(call: Call): number | Rejection | Promise<Permit | Rejection> {
    if (this.running < this.places) return this.take();
    const { settings, counts } = this.core;
    const turn = this.line.join(call, 1, priorityOf(settings, call.attributes));
    if (turn === undefined) return this.refuse('full');
    counts.queued++;
    return turn;
  }

  /** Takes a permit back and passes its place on, in the same turn: no newcomer overtakes those who wait. */
  leave(startedAtMs: number, outcome: Outcome, result: unknown): void {
    if (this.estimate !== undefined) this.learn(this.estimate, startedAtMs, outcome, result);
    this.running--;
    while (this.running < this.places) {
      const { next } = this.line;
      if (next === undefined) break;
      this.line.admit(next, this.take());
    }
  }

  private take(): number {
    this.running++;
    this.core.counts.admitted++;
    return this.estimate === undefined ? 0 : this.core.settings.clock.now();
  }

  private learn(estimate: LimitEstimate, startedAtMs: number, outcome: Outcome, result: unknown): void {
    const overloaded = outcome === 'failure' && this.isOverload(result);
    // An error that comes at once would look like a dependency that got quicker.
    if (outcome !== 'success' && !overloaded) return;
    const nowMs = this.core.settings.clock.now();
    estimate.sample(nowMs, Math.max(0, nowMs - startedAtMs), this.running, overloaded);
    const from = this.places;
    this.places = estimate.limit;
    if (this.places !== from) this.core.onLimit(from, this.places, this.key);
  }

  private isOverload(error: unknown): boolean {
    const { isOverload, onListenerError } = this.core.settings;
    try {
      return isOverload(error);
    } catch (thrown) {
      reportListenerError(onListenerError, thrown);
      return false;
    }
  }

  private refuse(reason: BulkheadReason): BulkheadRejection {
    this.core.counts[reason]++;
    this.core.onRefusal(reason, this.key);
    return Object.freeze({
      code: 'ERR_BULKHEAD_FULL',
      strategy: this.core.settings.name,
      retryAfterMs: undefined,
      reason,
    });
  }
}
