import type { Clock } from '@holdfast/pipeline';

/** Which calls a rule looks at. Holds no state and may be shared by any number of rules. */
export interface CallWindow {
  /** The most calls the window can hold, where there is such a number. */
  readonly maxCalls?: number | undefined;
  /** Makes the memory of one rule about one circuit. */
  start(clock: Clock): WindowMeter;
}

/** The calls in a window, counted. Every method takes the same time, whatever the window holds. */
export interface WindowMeter {
  /** Adds a call; a hit is one that speaks for opening the circuit. */
  record(hit: boolean): void;
  /** How many calls the window holds, as of the last record. */
  readonly calls: number;
  /** How many of them are hits. */
  readonly hits: number;
  /** Forgets calls that have become too old. */
  refresh(): void;
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
