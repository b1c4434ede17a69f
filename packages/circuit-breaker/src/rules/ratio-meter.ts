import type { WindowMeter } from '../windows/call-window.ts';
import type { RuleReading, TripMeter } from './trip-rule.ts';

/** Whether the circuit should open at this many hits among this many calls. */
export type Judgement = (hits: number, calls: number) => boolean;

/** The meter of rules that look at one window. */
export abstract class RatioMeter implements TripMeter {
  private readonly rule: string;
  private readonly window: WindowMeter;
  private readonly judge: Judgement;

  constructor(rule: string, window: WindowMeter, judge: Judgement) {
    this.rule = rule;
    this.window = window;
    this.judge = judge;
  }

  abstract settled(failed: boolean): boolean;

  /** Counts a call. Only a hit can open the circuit: after a good call there is less reason than before. */
  protected count(hit: boolean): boolean {
    const { window } = this;
    window.record(hit);
    return hit && this.judge(window.hits, window.calls);
  }

  reading(): RuleReading {
    this.window.refresh();
    return { rule: this.rule, calls: this.window.calls, hits: this.window.hits };
  }

  reset(): void {
    this.window.reset();
  }

  save(): readonly number[] {
    return this.window.save();
  }

  load(memory: readonly number[], ageMs: number): void {
    this.window.load(memory, ageMs);
  }
}

/** Counts failures as hits. */
export class FailureMeter extends RatioMeter {
  settled(failed: boolean): boolean {
    return this.count(failed);
  }
}

/** Counts slow calls as hits. */
export class SlowMeter extends RatioMeter {
  settled(): boolean {
    return false;
  }

  paced(slow: boolean): boolean {
    return this.count(slow);
  }
}
