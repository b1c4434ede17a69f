import type { Clock } from '@holdfast/pipeline';
import type { PaceRule } from '../pace.ts';

/** When a circuit opens. A rule holds no state and may be shared by any number of breakers. */
export interface TripRule {
  /** How durations are measured; taken from {@link slowRatio}. Left out by rules that do not look at durations. */
  readonly pace?: PaceRule | undefined;
  /** Makes the memory of one circuit. */
  start(clock: Clock): TripMeter;
}

/** What a rule remembers about one circuit, and its verdict on it. */
export interface TripMeter {
  /** Counts a settled call and answers whether the circuit should open. */
  settled(failed: boolean): boolean;
  /**
   * Counts how fast a call was and answers whether the circuit should open. Called once a call, when it has settled or
   * has become slow. Only of use with `pace`.
   */
  paced?(slow: boolean): boolean;
  /** What the rule sees now. */
  reading(): RuleReading;
  /** Forgets everything. */
  reset(): void;
  /** The memory as numbers, to be given to `load` later, perhaps in another process. */
  save(): readonly number[];
  /**
   * Takes over what `save` gave; ignores what it cannot understand.
   *
   * @param ageMs - how long ago that was, in milliseconds
   */
  load(memory: readonly number[], ageMs: number): void;
}

/** What a rule sees of the calls it remembers. */
export interface RuleReading {
  /** The rule, e.g. `consecutive-failures` or `failure-ratio`; your own may be called anything. */
  readonly rule: string;
  /** How many calls it looks at. */
  readonly calls: number;
  /** How many of them speak for opening: failures, or slow calls. */
  readonly hits: number;
  /** The share of hits at which the circuit opens, where the rule changes that by itself. */
  readonly limitRatio?: number;
}
