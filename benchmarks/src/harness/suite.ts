/** Limits by the name of a measure or a figure. */
export type Limits = Readonly<Record<string, number>>;

/** What a case promises; a measure that is missing breaks the promise. */
export interface Target {
  readonly atMost?: Limits;
  readonly atLeast?: Limits;
}

/** What was measured of one case. */
export interface CaseReport {
  readonly name: string;
  /** `holdfast`, the name of the peer's package, or `platform` for what the language itself costs. */
  readonly subject: string;
  readonly nsPerOp: number | null;
  readonly bytesPerOp: number | null;
  /** The median of the interleaved ratios to the baseline. */
  readonly ratio: number | null;
  /** What is not a time for an operation: timers, load multipliers. `null` stands for never. */
  readonly figures?: Readonly<Record<string, number | null>>;
  readonly target?: Target;
}

/** What a suite found. */
export interface SuiteReport {
  readonly suite: string;
  readonly node: string;
  /** The case that ratios refer to; `null` where there are none. */
  readonly baseline: string | null;
  readonly cases: readonly CaseReport[];
}

/** Hears how much of a suite is done, from 0 to 1. */
export type Progress = (share: number) => void;

/** A set of cases measured together in a process of their own. */
export interface Suite {
  readonly name: string;
  /** What is measured and how to read it; Markdown. */
  readonly about: string;
  run(progress: Progress): Promise<Omit<SuiteReport, 'suite' | 'node'>>;
}
