import {
  isAdmissionRejection,
  type Attempt,
  type Call,
  type Emitter,
  type Start,
  type Timer,
} from '@holdfast/pipeline';
import { ask } from '../ask.ts';
import type { RetryBudget } from '../budget/budget.ts';
import { combined } from '../combined.ts';
import { isIdempotent } from '../idempotent.ts';
import { isTransient } from '../is-transient.ts';
import type { HedgeEvent } from './events.ts';
import type { HedgeSettings } from './options.ts';

/** What the calls of a hedge have in common. */
export interface HedgeCore {
  readonly settings: HedgeSettings;
  readonly budget: RetryBudget;
  readonly emitter: Emitter<HedgeEvent>;
  readonly counts: { calls: number; hedges: number; won: number; budgetExhausted: number };
}

/** The attempts of one call. */
export class Race {
  private readonly core: HedgeCore;
  private readonly call: Call;
  private readonly start: Start;
  private readonly resolve: (value: unknown) => void;
  private readonly reject: (reason: unknown) => void;
  private readonly mayHedge: boolean;
  /** The attempts that have not settled, by their numbers. */
  private readonly running = new Map<number, Attempt>();
  private readonly errors: unknown[] = [];
  private started = 0;
  private timer: Timer | undefined;

  constructor(
    core: HedgeCore,
    call: Call,
    start: Start,
    resolve: (value: unknown) => void,
    reject: (reason: unknown) => void,
  ) {
    this.core = core;
    this.call = call;
    this.start = start;
    this.resolve = resolve;
    this.reject = reject;
    this.mayHedge = isIdempotent(core.settings, call.attributes);
  }

  run(): void {
    // The engine ends the attempts themselves.
    this.call.onEnd(() => this.startNoMore());
    this.launch(0);
  }

  private launch(price: number): void {
    const number = ++this.started;
    const attempt = this.start(number, () => this.endOthers(number));
    this.running.set(number, attempt);
    attempt.result.then(
      (value) => this.succeed(number, price, value),
      (error: unknown) => this.fail(number, price, error),
    );
    this.schedule();
  }

  private schedule(): void {
    const { settings } = this.core;
    const { delayMs, clock, maxHedges, onListenerError } = settings;
    if (!this.mayHedge || this.started > maxHedges) return;
    const chosenMs =
      typeof delayMs === 'number'
        ? delayMs
        : ask(() => delayMs(this.started, this.call.attributes), Infinity, onListenerError);
    if (chosenMs < Infinity) this.timer = clock.setTimer(() => this.hedge(), chosenMs);
  }

  private hedge(): void {
    const { settings, budget, emitter, counts } = this.core;
    const price = budget.withdraw(undefined, this.call.attributes);
    counts[price === 0 ? 'budgetExhausted' : 'hedges']++;
    if (emitter.active) {
      const type = price === 0 ? 'hedge.budget_exhausted' : 'hedge.started';
      emitter.emit({ type, strategy: settings.name, attempt: this.started + 1 });
    }
    if (price > 0) this.launch(price);
  }

  private succeed(number: number, price: number, value: unknown): void {
    const { settings, budget, emitter, counts } = this.core;
    if (!this.running.delete(number)) return;
    this.resolve(value);
    this.endOthers(number);
    budget.record(true, price, this.call.attributes);
    if (number === 1) return;
    counts.won++;
    if (emitter.active) emitter.emit({ type: 'hedge.won', strategy: settings.name, attempt: number });
  }

  private fail(number: number, price: number, error: unknown): void {
    if (!this.running.delete(number)) return;
    if (!this.call.ended && !isAdmissionRejection(error)) {
      this.core.budget.record(!isTransient(error), price, this.call.attributes);
    }
    this.errors.push(error);
    if (this.running.size > 0) return;
    this.startNoMore();
    const { collectErrors, name } = this.core.settings;
    this.reject(collectErrors ? combined(this.errors, name) : error);
  }

  /** Leaves one attempt alone: its result begins to reach the caller. */
  private endOthers(winner: number): void {
    this.startNoMore();
    for (const [number, attempt] of this.running) {
      if (number === winner) continue;
      this.running.delete(number);
      attempt.end(new DOMException('Another attempt answered first', 'AbortError'));
    }
  }

  private startNoMore(): void {
    this.timer?.cancel();
  }
}
