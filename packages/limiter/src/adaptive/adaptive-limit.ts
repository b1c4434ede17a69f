import { check, integer, number, type Rule } from '@holdfast/pipeline';

/** A limit of concurrency that follows what the dependency bears. Made by `aimd`, `vegas` or `gradient`. */
export interface AdaptiveLimit {
  /** What it is called in statistics. */
  readonly name: string;
  /** Makes the state of one dependency. */
  start(): LimitEstimate;
}

/** What is known of how much one dependency bears. */
export interface LimitEstimate {
  /** How many calls may run at once; a whole number, at least 1. */
  readonly limit: number;
  /**
   * Learns from a call that has settled.
   *
   * @param nowMs - when it settled, in monotonic milliseconds
   * @param durationMs - how long it took, in milliseconds
   * @param inFlight - how many calls were running, itself included
   * @param overloaded - whether it failed in a way that tells of too much load
   */
  sample(nowMs: number, durationMs: number, inFlight: number, overloaded: boolean): void;
}

/** What all adaptive limits take. */
export interface LimitBounds {
  /** Where it begins. A whole number, within the bounds. Default 20. */
  readonly initialLimit?: number | undefined;
  /** It never goes below. A whole number, at least 1. Default 1. */
  readonly minLimit?: number | undefined;
  /** It never goes above. A whole number, at least `minLimit`. Default 1,000. */
  readonly maxLimit?: number | undefined;
}

export const boundDefaults = { initialLimit: 20, minLimit: 1, maxLimit: 1_000 } as const;

export const boundRules: { readonly [K in keyof LimitBounds]-?: Rule } = {
  initialLimit: integer(1),
  minLimit: integer(1),
  maxLimit: integer(1),
};

/** Bounds as adaptive limits work with them. */
export type Bounds = Required<{ readonly [K in keyof LimitBounds]: number }>;

/** Checks what the single rules cannot see. */
export function checkBounds(owner: string, { initialLimit, minLimit, maxLimit }: Bounds): void {
  check(`${owner}: maxLimit`, maxLimit, integer(minLimit));
  check(`${owner}: initialLimit`, initialLimit, number(minLimit, maxLimit));
}

/** Brings a limit within its bounds. */
export function clampLimit(limit: number, { minLimit, maxLimit }: Bounds): number {
  return Math.min(maxLimit, Math.max(minLimit, limit));
}
