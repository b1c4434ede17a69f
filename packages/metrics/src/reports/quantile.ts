/** What was observed, by bucket; not cumulative, the last one is unbounded. */
export interface Distribution {
  readonly count: number;
  readonly sum: number;
  readonly buckets: readonly number[];
}

/**
 * Estimates a quantile from buckets as Prometheus does: evenly spread within a bucket, and the highest bound for what
 * lies above all bounds.
 *
 * @param ratio - 0 to 1
 * @returns `undefined` where nothing was observed
 */
export function quantile(
  ratio: number,
  bounds: readonly number[],
  { count, buckets }: Distribution,
): number | undefined {
  if (count === 0) return undefined;
  const rank = ratio * count;
  let below = 0;
  for (const [index, inBucket] of buckets.entries()) {
    const upper = bounds[index];
    if (upper === undefined) return bounds.at(-1);
    if (inBucket > 0 && below + inBucket >= rank) {
      const lower = bounds[index - 1] ?? Math.min(0, upper);
      return lower + ((upper - lower) * (rank - below)) / inBucket;
    }
    below += inBucket;
  }
  return bounds.at(-1);
}

/** Adds distributions of the same bounds. */
export function addUp(all: readonly Distribution[], size: number): Distribution {
  const buckets = new Array<number>(size).fill(0);
  let count = 0;
  let sum = 0;
  for (const each of all) {
    count += each.count;
    sum += each.sum;
    each.buckets.forEach((value, index) => (buckets[index] = (buckets[index] ?? 0) + value));
  }
  return { count, sum, buckets };
}

/** What was observed since. A count that went down began again at 0. */
export function since(now: Distribution, before: Distribution | undefined): Distribution {
  if (before === undefined || now.count < before.count) return now;
  return {
    count: now.count - before.count,
    sum: now.sum - before.sum,
    buckets: now.buckets.map((value, index) => value - (before.buckets[index] ?? 0)),
  };
}
