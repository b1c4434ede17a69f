import type { ExponentialHistogram } from '@opentelemetry/sdk-metrics';
import type { DistributionSnapshot, NativeSnapshot } from '../reports/snapshot.ts';

type Buckets = NativeSnapshot['positive'];

/**
 * OTLP sends every bucket between the first and the last one, empty ones included. Where values lie so far apart that this
 * would be more buckets than that, they are sent at half the resolution, or less.
 */
const MAX_SENT = 640;

/** Exponential buckets as OpenTelemetry has them. */
export function exponentialValue(
  { count, sum }: DistributionSnapshot,
  native: NativeSnapshot,
): ExponentialHistogram {
  let { schema: scale, positive, negative } = native;
  while (Math.max(spanOf(positive), spanOf(negative)) > MAX_SENT) {
    scale--;
    positive = halved(positive);
    negative = halved(negative);
  }
  const { zeroCount } = native;
  return {
    count,
    sum,
    scale,
    zeroCount,
    positive: dense(positive),
    negative: dense(negative),
  };
}

function spanOf(buckets: Buckets): number {
  const indexes = buckets.map(([index]) => index);
  return buckets.length === 0 ? 0 : Math.max(...indexes) - Math.min(...indexes) + 1;
}

function halved(buckets: Buckets): Buckets {
  const merged = new Map<number, number>();
  for (const [index, count] of buckets) {
    const half = Math.ceil(index / 2);
    merged.set(half, (merged.get(half) ?? 0) + count);
  }
  return [...merged];
}

function dense(buckets: Buckets): { offset: number; bucketCounts: number[] } {
  if (buckets.length === 0) return { offset: 0, bucketCounts: [] };
  const first = Math.min(...buckets.map(([index]) => index));
  const bucketCounts = new Array<number>(spanOf(buckets)).fill(0);
  for (const [index, count] of buckets) bucketCounts[index - first] = count;
  // Prometheus numbers a bucket by its upper bound, OpenTelemetry by its lower one.
  return { offset: first - 1, bucketCounts };
}
