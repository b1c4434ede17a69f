import type { Clock } from '@holdfast/pipeline';
import { negotiate } from './exposition/negotiate.ts';
import { Renderer, type Exposition } from './exposition/renderer.ts';
import { Hub } from './hub.ts';
import { CounterInstrument, type Counter } from './instruments/counter.ts';
import { GaugeInstrument, type Gauge } from './instruments/gauge.ts';
import { HistogramInstrument, type Histogram } from './instruments/histogram.ts';
import {
  counterRules,
  gaugeRules,
  histogramRules,
  readInstrument,
  type HistogramOptions,
  type InstrumentOptions,
} from './instruments/instrument-options.ts';
import { readMetricsOptions, type MetricsOptions } from './options.ts';
import type { MetricRegistry } from './registry/registry.ts';
import { takeSnapshot, type MetricSnapshot } from './reports/snapshot.ts';
import type { LabelNames, ValueSets } from './series/labels.ts';

/** Makes instruments, keeps them in a registry and exposes them. */
export interface Metrics {
  /** Where the instruments live. */
  readonly registry: MetricRegistry;
  /** Where time comes from. */
  readonly clock: Clock;
  /**
   * Makes a counter. Asking again for the same one gives the same one.
   *
   * @throws {@link TypeError} when an option is wrong, or the name is taken by another metric
   * @throws {@link RangeError} when a number is out of bounds
   */
  counter<const Names extends LabelNames = readonly [], const Sets extends ValueSets = NoSets>(
    options: InstrumentOptions<Names, Sets>,
  ): Counter<Names, Sets>;
  /**
   * Makes a gauge. Asking again for the same one gives the same one.
   *
   * @throws {@link TypeError} when an option is wrong, or the name is taken by another metric
   * @throws {@link RangeError} when a number is out of bounds
   */
  gauge<const Names extends LabelNames = readonly [], const Sets extends ValueSets = NoSets>(
    options: InstrumentOptions<Names, Sets>,
  ): Gauge<Names, Sets>;
  /**
   * Makes a histogram. Asking again for the same one gives the same one.
   *
   * @throws {@link TypeError} when an option is wrong, or the name is taken by another metric
   * @throws {@link RangeError} when a number is out of bounds
   */
  histogram<const Names extends LabelNames = readonly [], const Sets extends ValueSets = NoSets>(
    options: HistogramOptions<Names, Sets>,
  ): Histogram<Names, Sets>;
  /**
   * Calls a hook before every reading, to bring values up to date that are kept elsewhere.
   *
   * @returns a function that ends it
   */
  onCollect(hook: () => void): () => void;
  /**
   * Writes all metrics of the registry, those of others included. Calls at the same time share the work.
   *
   * @param accept - the Accept header of the request. Default: the Prometheus text format
   */
  expose(accept?: string): Promise<Exposition>;
  /** The numbers of our own instruments at this moment. */
  snapshot(): readonly MetricSnapshot[];
}

type NoSets = Record<never, never>;

/**
 * Makes a place for instruments.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { createMetrics } from '@holdfast/metrics';
 *
 * const metrics = createMetrics();
 * const orders = metrics.counter({ name: 'orders_total', help: 'Orders taken', labels: ['country'] });
 * orders.inc({ country: 'NZ' });
 *
 * const fromChile = orders.with('CL'); // bound: counting costs a nanosecond or two
 * fromChile.inc();
 *
 * const { body, contentType } = await metrics.expose();
 * console.log(contentType, body.toString());
 * ```
 */
export function createMetrics(options: MetricsOptions = {}): Metrics {
  const settings = readMetricsOptions(options);
  const { seriesLimit, clock } = settings;
  const hub = new Hub(settings);
  const renderer = new Renderer(hub);
  const metrics: Erased = {
    registry: hub.registry,
    clock,
    counter: (given) =>
      hub.claim(readInstrument('counter', given, counterRules, seriesLimit), CounterInstrument),
    gauge: (given) => hub.claim(readInstrument('gauge', given, gaugeRules, seriesLimit), GaugeInstrument),
    histogram: (given) =>
      hub.claim(readInstrument('histogram', given, histogramRules, seriesLimit), HistogramInstrument),
    onCollect: (hook) => hub.onCollect(hook),
    expose: (accept) => renderer.expose(negotiate(accept)),
    snapshot: () => takeSnapshot(hub.collect()),
  };
  // Label names and value sets are known to the compiler alone; at run time the options hold them.
  return metrics as unknown as Metrics;
}

type Erased = Omit<Metrics, 'counter' | 'gauge' | 'histogram'> & {
  counter(options: InstrumentOptions): CounterInstrument;
  gauge(options: InstrumentOptions): GaugeInstrument;
  histogram(options: HistogramOptions): HistogramInstrument;
};
