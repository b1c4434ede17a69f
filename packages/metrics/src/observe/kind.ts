import type { ValueSets } from '../series/labels.ts';

/** What something has counted, as its `stats()` tell it. Totals only grow. */
export type Stats = Readonly<Record<string, unknown>>;

/** One figure that becomes a metric. Durations, whose names end in `Ms`, become seconds. */
export interface Figure {
  /** The field of the stats. Where there is none, there is no metric. */
  readonly from: string;
  readonly name: string;
  readonly help: string;
  /** The label that the keys of the field become, where it is not a number but a record of them. */
  readonly by?: string;
  /** Labels that are always the same. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Closed sets of label values. */
  readonly values?: ValueSets;
}

/** The states that something may be in. */
export interface States {
  readonly name: string;
  readonly help: string;
  /** All of them; one that is none of them shows as none. */
  readonly all: readonly string[];
}

/** How the figures of one kind of thing are called as metrics. */
export interface Kind {
  /** The fields that only this kind has. */
  readonly has: readonly string[];
  /** The label that tells one from another, unless there is only one. */
  readonly label?: string;
  /** Figures that only grow. */
  readonly totals: readonly Figure[];
  /** Figures that come and go. */
  readonly levels: readonly Figure[];
  readonly states?: States;
  /** The state after which nothing changes any more. */
  readonly over?: string;
}
