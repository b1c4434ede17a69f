/** What a metric of another library answers when it is read. */
export interface ForeignReading {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly ForeignSample[];
}

/** One of its numbers. */
export interface ForeignSample {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** Whether something is a metric of another library. */
export function isForeign(
  metric: unknown,
): metric is { get(): PromiseLike<ForeignReading> | ForeignReading } {
  return typeof (metric as { get?: unknown } | null)?.get === 'function';
}
