import {
  rejection,
  reportListenerError,
  type Call,
  type Clock,
  type Emitter,
  type GateHook,
  type Outcome,
  type Permit,
  type Rejection,
} from '@holdfast/pipeline';
import type { BudgetExhaustedEvent, CostBudgetStats, CostSettings } from './cost-budget.ts';
import { BudgetExhaustedError } from './errors.ts';
import { SpentWindow } from './spent-window.ts';

/** Where calls pass while there is something left; a permit is what its call is expected to cost. */
export class CostGate implements GateHook {
  readonly kind = 'gate';
  readonly type = 'cost-budget';
  readonly name: string;
  readonly clock: Clock;
  private readonly settings: CostSettings;
  private readonly emitter: Emitter<BudgetExhaustedEvent>;
  private readonly window: SpentWindow;
  private running = 0;
  private reserved = 0;
  private refused = 0;

  constructor(settings: CostSettings, emitter: Emitter<BudgetExhaustedEvent>) {
    this.settings = settings;
    this.name = settings.name;
    this.clock = settings.clock;
    this.emitter = emitter;
    this.window = new SpentWindow(settings.windowMs);
  }

  admit({ cost }: Call): Permit | Rejection {
    const { limit, estimate } = this.settings;
    const nowMs = this.clock.now();
    const spent = this.window.spent(nowMs);
    const expected = estimate === 'cost' ? cost : estimate;
    const missing = spent + this.reserved + expected - limit;
    if (spent >= limit || missing > 0) return this.refuse(spent, missing, nowMs);
    this.running++;
    this.reserved += expected;
    return expected;
  }

  private refuse(spent: number, missing: number, nowMs: number): Rejection {
    const { name: strategy, emitter } = this;
    this.refused++;
    if (emitter.active) {
      emitter.emit({ type: 'budget.exhausted', strategy, spent, limit: this.settings.limit });
    }
    const retryAfterMs = spent > 0 ? this.window.freesInMs(missing, nowMs) : undefined;
    return rejection('ERR_BUDGET_EXHAUSTED', strategy, retryAfterMs);
  }

  settle(permit: Permit, outcome: Outcome, result: unknown): void {
    const expected = permit as number;
    // Fractions of money do not add up: what nobody uses is nothing.
    this.reserved = --this.running === 0 ? 0 : this.reserved - expected;
    this.spend(this.actualCost(result) ?? (outcome === 'success' ? expected : 0));
  }

  toError({ strategy, retryAfterMs }: Rejection): BudgetExhaustedError {
    return new BudgetExhaustedError({ strategy, retryAfterMs });
  }

  actualCost(result: unknown): number | undefined {
    const { costOf, onListenerError } = this.settings;
    try {
      const cost = costOf?.(result);
      return cost !== undefined && cost >= 0 ? cost : undefined;
    } catch (error) {
      reportListenerError(onListenerError, error);
      return undefined;
    }
  }

  spend(amount: number): void {
    if (amount > 0) this.window.add(amount, this.clock.now());
  }

  stats(): CostBudgetStats {
    const { reserved, refused } = this;
    const spent = this.window.spent(this.clock.now());
    return { spent, reserved, remaining: Math.max(0, this.settings.limit - spent - reserved), refused };
  }
}
