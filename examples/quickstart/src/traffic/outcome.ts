/** How a request ended, as its client saw it. */
export const OUTCOMES = [
  /** The upstream answered, and all of it arrived. */
  'answered',
  /** Something stood in for the upstream's answer, and says so. */
  'degraded',
  /** The upstream answered 500, 502, 503 or 504, and no retry mended it. */
  'error',
  /** The upstream could not be reached, or left before it answered: 502. */
  'unreachable',
  /** The upstream did not answer in time: 504. */
  'timeout',
  /** The answer broke off midway. */
  'broken',
  /** A strategy refused it: 503 or 429, and nothing was sent. */
  'rejected',
  /** The client left before the end. */
  'abandoned',
  /** The request itself was at fault: 400, 413. */
  'refused',
] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** A number for each outcome. */
export type OutcomeCounts = Readonly<Record<Outcome, number>>;

/** Makes a number for each outcome. */
export function countsBy(count: (outcome: Outcome) => number): Record<Outcome, number> {
  return Object.fromEntries(OUTCOMES.map((outcome) => [outcome, count(outcome)])) as Record<Outcome, number>;
}

/** How many requests were of no use to their clients, for whatever reason but a refusal at once. */
export function unserved({ error, unreachable, broken, timeout, abandoned }: OutcomeCounts): number {
  return error + unreachable + broken + timeout + abandoned;
}
