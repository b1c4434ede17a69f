/** The value below which a share of the values lies, interpolated between the two nearest. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  if (low === undefined || high === undefined) throw new RangeError('quantile needs at least one value');
  return low + (high - low) * (at % 1);
}

/** The middle value; the mean of the two middle ones of an even number. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The median of the ratios of two series that were taken in turns. */
export function ratioOf(values: readonly number[], baseline: readonly number[]): number {
  return median(values.map((value, index) => value / (baseline[index] ?? NaN)));
}

/** The median of the differences of two series that were taken in turns. */
export function differenceOf(values: readonly number[], baseline: readonly number[]): number {
  return median(values.map((value, index) => value - (baseline[index] ?? NaN)));
}

/** Rounds to a number of significant digits. */
export const significant = (value: number, digits: number): number => Number(value.toPrecision(digits));
