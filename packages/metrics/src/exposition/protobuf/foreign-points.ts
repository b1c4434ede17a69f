import type { GivenLabels } from '../escape.ts';
import type { ForeignReading, ForeignSample } from '../foreign-reading.ts';
import type { CumulativeBucket } from './histogram-message.ts';
import type { Point } from './metric-message.ts';

/** A series of another library, with its numbers put together. */
export interface ForeignPoint {
  readonly labels: GivenLabels;
  readonly point: Point;
}

/** Puts the numbers of another library together, as its text names each bucket and quantile by itself. */
export function foreignPoints({ name, type, samples }: ForeignReading): readonly ForeignPoint[] {
  if (type === 'histogram' || type === 'summary') return distributions(name, type, samples);
  return samples.map(({ labels, value, exemplar }) => ({
    labels,
    point:
      type === 'counter' ? { type, value, exemplar } : { type: type === 'gauge' ? type : 'untyped', value },
  }));
}

interface Parts {
  readonly labels: GivenLabels;
  count: number;
  sum: number;
  readonly buckets: CumulativeBucket[];
  readonly quantiles: { readonly quantile: number; readonly value: number }[];
}

function distributions(
  name: string,
  type: 'histogram' | 'summary',
  samples: readonly ForeignSample[],
): readonly ForeignPoint[] {
  const series = new Map<string, Parts>();
  for (const sample of samples) {
    const { le, quantile, ...labels } = sample.labels;
    // As an array of pairs, whatever characters the labels hold, different ones stay different.
    const key = JSON.stringify(Object.entries(labels).sort());
    let parts = series.get(key);
    if (parts === undefined)
      series.set(key, (parts = { labels, count: 0, sum: 0, buckets: [], quantiles: [] }));
    const { value, exemplar } = sample;
    if (sample.name === `${name}_sum`) parts.sum = value;
    else if (sample.name === `${name}_count`) parts.count = value;
    else if (le !== undefined) parts.buckets.push({ bound: boundOf(le), count: value, exemplar });
    else if (quantile !== undefined) parts.quantiles.push({ quantile: Number(quantile), value });
  }
  return [...series.values()].map(({ labels, ...numbers }) => ({ labels, point: { type, ...numbers } }));
}

function boundOf(le: string | number): number {
  return le === '+Inf' ? Infinity : Number(le);
}
