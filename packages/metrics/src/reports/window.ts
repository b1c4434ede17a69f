import type { MetricSnapshot } from './snapshot.ts';
import { addUp, quantile, since, type Distribution } from './quantile.ts';

/** What happened to a series of a counter within the window. */
export interface CounterActivity {
  readonly labels: Readonly<Record<string, string>>;
  /** Since the process began to count. */
  readonly total: number;
  /** Within the window. */
  readonly recent: number;
  readonly perSecond: number;
}

/** What a series of a histogram took in within the window. */
export interface HistogramActivity {
  readonly labels: Readonly<Record<string, string>>;
  /** Since the process began to count. */
  readonly total: number;
  /** Within the window. */
  readonly recent: number;
  readonly perSecond: number;
  readonly mean: number | undefined;
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
}

/** What happened to a metric within the window, in sum and by labels. */
export type MetricActivity =
  | {
      readonly type: 'gauge';
      readonly series: readonly { labels: Readonly<Record<string, string>>; value: number }[];
    }
  | ({ readonly type: 'counter'; readonly series: readonly CounterActivity[] } & Omit<
      CounterActivity,
      'labels'
    >)
  | ({ readonly type: 'histogram'; readonly series: readonly HistogramActivity[] } & Omit<
      HistogramActivity,
      'labels'
    >);

type HistogramSnapshot = Extract<MetricSnapshot, { readonly type: 'histogram' }>;
type PlainSnapshot = Exclude<MetricSnapshot, HistogramSnapshot>;

/** Compares two snapshots of a metric that lie `seconds` apart. */
export function activityOf(
  now: MetricSnapshot,
  before: MetricSnapshot | undefined,
  seconds: number,
): MetricActivity {
  if (now.type === 'histogram') {
    return histogramActivity(now, before?.type === 'histogram' ? before : undefined, seconds);
  }
  if (now.type === 'gauge') return { type: 'gauge', series: now.series };
  return counterActivity(now, before as PlainSnapshot | undefined, seconds);
}

function counterActivity(
  now: PlainSnapshot,
  before: PlainSnapshot | undefined,
  seconds: number,
): MetricActivity {
  const earlier = byLabels(before?.series ?? []);
  const series = now.series.map(({ labels, value }) => {
    const base = earlier.get(keyOf(labels))?.value ?? 0;
    const recent = value < base ? value : value - base;
    return { labels, total: value, recent, perSecond: perSecond(recent, seconds) };
  });
  const sum = (pick: (each: CounterActivity) => number) => series.reduce((all, each) => all + pick(each), 0);
  const recent = sum((each) => each.recent);
  return {
    type: 'counter',
    total: sum((each) => each.total),
    recent,
    perSecond: perSecond(recent, seconds),
    series,
  };
}

function histogramActivity(
  now: HistogramSnapshot,
  before: HistogramSnapshot | undefined,
  seconds: number,
): MetricActivity {
  const earlier = byLabels(before?.series ?? []);
  const { bounds } = now;
  const describe = (total: number, recent: Distribution) => ({
    total,
    recent: recent.count,
    perSecond: perSecond(recent.count, seconds),
    mean: recent.count === 0 ? undefined : recent.sum / recent.count,
    p50: quantile(0.5, bounds, recent),
    p95: quantile(0.95, bounds, recent),
    p99: quantile(0.99, bounds, recent),
  });
  const recents = recentOf(now, before);
  const total = now.series.reduce((all, { count }) => all + count, 0);
  const series = now.series.map((each) => {
    return { labels: each.labels, ...describe(each.count, since(each, earlier.get(keyOf(each.labels)))) };
  });
  return { type: 'histogram', ...describe(total, addUp(recents, bounds.length + 1)), series };
}

/** What each series of a histogram took in between two snapshots. */
export function recentOf(
  now: HistogramSnapshot,
  before: HistogramSnapshot | undefined,
): readonly (Distribution & { readonly labels: Readonly<Record<string, string>> })[] {
  const earlier = byLabels(before?.series ?? []);
  return now.series.map((each) => ({ labels: each.labels, ...since(each, earlier.get(keyOf(each.labels))) }));
}

function byLabels<S extends { readonly labels: Readonly<Record<string, string>> }>(series: readonly S[]) {
  return new Map(series.map((each) => [keyOf(each.labels), each]));
}

/** One string for some labels, which are always in the same order; with their names, as the overflow series has another. */
export function keyOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(labels);
}

const perSecond = (count: number, seconds: number) => (seconds > 0 ? count / seconds : 0);
