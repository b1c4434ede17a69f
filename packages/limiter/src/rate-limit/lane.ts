import type { Call, Permit, Rejection, Timer } from '@holdfast/pipeline';
import type { BulkheadReason, RateRejection } from '../errors.ts';
import { priorityOf } from '../keys.ts';
import type { Waiter } from '../queue/waiter.ts';
import { WaitingLine } from '../queue/waiting-line.ts';
import type { RateLimitSettings } from './options.ts';
import type { RateMeter } from './rate-rule.ts';
import type { StoreClient } from './store-client.ts';

/** What all lanes of a rate limit have in common. */
export interface RateLimitCore {
  readonly settings: RateLimitSettings;
  readonly store: StoreClient | undefined;
  /** Counts over all lanes. */
  readonly counts: { admitted: number; queued: number } & Record<BulkheadReason, number>;
  /** Hears of each refusal. */
  readonly onRefusal: (refusal: RateRejection, key: string | undefined) => void;
}

/** What an admitted call took, and from whom. */
export interface RatePermit {
  readonly lane: Lane;
  readonly cost: number;
}

/** Timers count whole milliseconds and may fire that much early. */
const EARLY_MS = 1;

/** The calls of one key: what they have used up, and those that wait. */
export class Lane {
  readonly key: string | undefined;
  private readonly core: RateLimitCore;
  private readonly meter: RateMeter;
  private readonly line: WaitingLine;
  private timer: Timer | undefined;
  /** Whether the store is being asked for the next of those who wait. */
  private asking = false;

  constructor(core: RateLimitCore, key: string | undefined) {
    const { clock, maxQueue, maxQueueMs, rule } = core.settings;
    this.core = core;
    this.key = key;
    this.meter = rule.start(clock.now());
    const dismiss = (why: BulkheadReason) => this.refuse(why, undefined);
    const onLeave = () => this.serve();
    this.line = new WaitingLine({ clock, maxQueue, maxQueueMs, order: 'fifo', dismiss, onLeave });
  }

  get waiting(): number {
    return this.line.size;
  }

  /** Whether a new lane would do the same. */
  isIdle(nowMs: number): boolean {
    return this.line.size === 0 && this.meter.resetMs(nowMs) === 0;
  }

  remaining(nowMs: number): number {
    return this.meter.remaining(nowMs);
  }

  resetMs(nowMs: number): number {
    return this.meter.resetMs(nowMs);
  }

  enter(call: Call, cost: number): Permit | Rejection | Promise<Permit | Rejection> {
    const nowMs = this.core.settings.clock.now();
    // Nobody overtakes those who wait.
    if (this.line.size > 0) return this.wait(call, cost, this.meter.waitMs(nowMs, this.line.cost + cost));
    const waitMs = this.take(nowMs, cost);
    if (typeof waitMs === 'number') return waitMs === 0 ? this.permit(cost) : this.wait(call, cost, waitMs);
    return waitMs.then((later) => (later === 0 ? this.permit(cost) : this.wait(call, cost, later)));
  }

  /** Takes a cost at once, if it is at hand. */
  tryTake(cost: number): boolean {
    const waitMs = this.line.size > 0 ? Infinity : this.take(this.core.settings.clock.now(), cost);
    if (waitMs !== 0) return false;
    this.core.counts.admitted++;
    return true;
  }

  /** Charges a cost, or gives one back where it is negative. */
  charge(cost: number): void {
    this.core.store?.charge(this.key, cost);
    this.meter.charge(this.core.settings.clock.now(), cost);
    if (cost < 0) this.serve();
  }

  /** What this process alone has used up is not there for it, whatever a store says that has lost its memory. */
  private take(nowMs: number, cost: number): number | Promise<number> {
    const waitMs = this.meter.take(nowMs, cost);
    const answer = waitMs > 0 ? undefined : this.core.store?.take(this.key, cost);
    if (answer === undefined) return waitMs;
    return typeof answer === 'number'
      ? this.heed(answer, cost)
      : answer.then((later) => this.heed(later, cost));
  }

  /** Gives back to the own count what the store refuses; without an answer that alone decides. */
  private heed(answer: number | undefined, cost: number): number {
    if (answer === undefined || answer === 0) return 0;
    this.meter.charge(this.core.settings.clock.now(), -cost);
    return answer;
  }

  private permit(cost: number): RatePermit {
    this.core.counts.admitted++;
    return { lane: this, cost };
  }

  private wait(call: Call, cost: number, waitMs: number): Rejection | Promise<Permit | Rejection> {
    const { settings, counts } = this.core;
    const patienceMs = Math.min(settings.maxQueueMs, call.remainingMs() ?? Infinity);
    if (waitMs > patienceMs) return this.refuse('full', waitMs);
    const first = this.line.size === 0;
    const turn = this.line.join(call, cost, priorityOf(settings, call.attributes));
    if (turn === undefined) return this.refuse('full', waitMs);
    counts.queued++;
    if (first) this.sleep(waitMs);
    return turn;
  }

  /** Admits those who wait, in their order, as far as there is enough. */
  private serve(): void {
    if (this.asking) return;
    for (let { next } = this.line; next !== undefined; next = this.line.next) {
      const waitMs = this.take(this.core.settings.clock.now(), next.cost);
      if (typeof waitMs !== 'number') return this.serveLater(next, waitMs);
      if (waitMs > 0) return this.sleep(waitMs);
      this.line.admit(next, this.permit(next.cost));
    }
    this.timer?.cancel();
  }

  private serveLater(next: Waiter, answer: Promise<number>): void {
    this.asking = true;
    void answer.then((waitMs) => {
      this.asking = false;
      if (waitMs > 0) return this.line.size > 0 ? this.sleep(waitMs) : undefined;
      // Whoever is next by now may be another one, who has to ask again.
      if (this.line.next === next) this.line.admit(next, this.permit(next.cost));
      else this.charge(-next.cost);
      this.serve();
    });
  }

  private sleep(waitMs: number): void {
    this.timer?.cancel();
    this.timer = this.core.settings.clock.setTimer(() => this.serve(), Math.max(EARLY_MS, Math.ceil(waitMs)));
  }

  private refuse(reason: BulkheadReason, waitMs: number | undefined): RateRejection {
    const retryAfterMs = waitMs === undefined || waitMs === Infinity ? undefined : Math.ceil(waitMs);
    const { name } = this.core.settings;
    const refusal = Object.freeze({
      code: 'ERR_RATE_LIMITED',
      strategy: name,
      retryAfterMs,
      reason,
    } as const);
    this.core.counts[reason]++;
    this.core.onRefusal(refusal, this.key);
    return refusal;
  }
}
