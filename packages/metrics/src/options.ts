import {
  integer,
  number,
  readOptions,
  systemClock,
  type,
  type Clock,
  type ListenerErrorHandler,
  type Rules,
} from '@holdfast/pipeline';
import type { MetricRegistry } from './registry/registry.ts';

/** What {@link createMetrics} takes. */
export interface MetricsOptions {
  /** Where the instruments live: a registry of prom-client or `@prometheus-io/client`. Default: one of our own. */
  readonly registry?: MetricRegistry | undefined;
  /** How many series an instrument may have, unless it says otherwise. At least 1; `Infinity` for any. Default 2,000. */
  readonly seriesLimit?: number | undefined;
  /** Hears the name of an instrument that has no room for another series; once an instrument. Default: nobody. */
  readonly onOverflow?: ((metric: string) => void) | undefined;
  /** Where errors of `onOverflow` and of collect hooks go. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
  /** How long a scrape may hold the event loop at a time, in milliseconds. At least 0. Default 2. */
  readonly sliceMs?: number | undefined;
  /**
   * Whether OpenMetrics tells since when each series counts, as another series `…_created`; protobuf tells it always.
   * Default `false`.
   */
  readonly exposeCreated?: boolean | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** What {@link createMetrics} does unless told otherwise. */
export const metricsDefaults = {
  seriesLimit: 2_000,
  onListenerError: console.error as ListenerErrorHandler,
  sliceMs: 2,
  exposeCreated: false,
  clock: systemClock,
} as const satisfies Partial<MetricsOptions>;

const metricsRules: Rules<MetricsOptions> = {
  registry: type('object'),
  seriesLimit: integer(1, Infinity),
  onOverflow: type('function'),
  onListenerError: type('function'),
  sliceMs: number(0),
  exposeCreated: type('boolean'),
  clock: type('object'),
};

/** Options with their defaults. */
export type Settings = ReturnType<typeof readMetricsOptions>;

export function readMetricsOptions(options: MetricsOptions) {
  return readOptions('createMetrics', options, metricsRules, metricsDefaults);
}
