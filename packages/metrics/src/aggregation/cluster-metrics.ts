import { randomUUID } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import type { Exposition } from '../exposition/renderer.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import { PROCESS_AGGREGATORS } from './aggregator.ts';
import { readClusterOptions, type ClusterMetricsOptions } from './cluster-options.ts';
import { mergeStates, ownAggregator } from './merge.ts';
import { WorkerBook } from './worker-book.ts';
import { clusterLines, threadLines } from './worker-lines.ts';
import { readState, type FamilyState, type WorkerState } from './worker-state.ts';

/** What is known about the workers. */
export interface ClusterStats {
  /** How many there are. */
  readonly workers: number;
  /** How many of them did not answer in time when they were last asked; their last known numbers are used. */
  readonly late: number;
  /** How often a worker did not answer in time. */
  readonly timeouts: number;
  /** How many have gone. */
  readonly exits: number;
}

/** The numbers of several processes and threads, added up. */
export interface ClusterMetrics {
  /**
   * Asks all workers and writes what they have in sum. Calls at the same time share the questions. Fits
   * `metricsEndpoint`.
   *
   * @param accept - the Accept header of the request. Default: the Prometheus text format
   */
  expose(accept?: string): Promise<Exposition>;
  /** Counts in a thread, until it ends. Processes of `node:cluster` are known by themselves. */
  watch(thread: Worker): void;
  /** What is known about the workers. */
  stats(): ClusterStats;
  /** Asks nobody any more. A second call does nothing. */
  close(): void;
}

/**
 * Adds up the metrics of the processes of `node:cluster` and of worker threads that call `shareMetrics`. Series are the
 * same where their label tuples are. Counters and histograms are summed, with what workers that are gone have counted, so
 * that none of them falls; gauges as their metric says. A worker that hangs is waited for no longer than `timeoutMs`.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { Worker } from 'node:worker_threads';
 * import { metricsEndpoint } from '@holdfast/metrics';
 * import { createClusterMetrics } from '@holdfast/metrics/cluster';
 *
 * const all = createClusterMetrics();
 * all.watch(new Worker(new URL('./worker.js', import.meta.url)));
 * const { handle } = metricsEndpoint(all);
 * createServer(handle);
 * ```
 */
export function createClusterMetrics(options: ClusterMetricsOptions = {}): ClusterMetrics {
  const { metrics, timeoutMs, aggregators, seriesLimit, clock } = readClusterOptions(options);
  const book = new WorkerBook(seriesLimit);
  const asker = randomUUID();
  const threads = threadLines(book, asker);
  const lines = [clusterLines(book), threads];
  const aggregatorOf = (family: FamilyState) =>
    aggregators[family.name] ?? PROCESS_AGGREGATORS[family.name] ?? ownAggregator(family);
  let number = 0;
  let closed = false;
  let running: Promise<WorkerState> | undefined;
  const stats = (): ClusterStats => ({ ...book.counts, timeouts: book.timeouts, exits: book.exits });

  const collect = async (): Promise<WorkerState> => {
    const question = { type: 'holdfast.metrics.question', asker, number: ++number } as const;
    const asked = closed ? [] : lines.flatMap((each) => each.ask(question));
    const own = metrics === undefined ? [] : readState(metrics.registry, () => undefined);
    await book.gather(asked, clock, timeoutMs);
    return mergeStates([await own, ...book.states(), await workerFamilies(stats())], aggregatorOf);
  };
  return {
    async expose(accept) {
      running ??= collect().finally(() => (running = undefined));
      const families = (await running).map(asForeign);
      return createMetrics({ registry: readOnly(families), clock }).expose(accept);
    },
    watch: (thread) => threads.watch(thread),
    stats,
    close() {
      if (closed) return;
      closed = true;
      for (const line of lines) line.close();
      book.close();
    },
  };
}

/** What is told about the workers themselves. */
function workerFamilies({ workers, late, timeouts, exits }: ClusterStats): Promise<WorkerState> {
  const own = createMetrics();
  const gauge = {
    name: 'metrics_workers',
    help: 'Workers whose metrics are added up, by whether they answered',
  };
  const byState = own.gauge({ ...gauge, labels: ['state'] });
  byState.set({ state: 'answered' }, workers - late);
  byState.set({ state: 'late' }, late);
  own
    .counter({ name: 'metrics_worker_timeouts_total', help: 'Scrapes that a worker did not answer in time' })
    .inc(timeouts);
  own.counter({ name: 'metrics_worker_exits_total', help: 'Workers that are gone' }).inc(exits);
  return readState(own.registry, () => undefined);
}

/** A merged family, with the face that renderers know. */
function asForeign({ name, help, type, samples }: FamilyState) {
  const values = samples.map(([metricName, labels, value]) => ({ metricName, labels, value: Number(value) }));
  return { name, help, type, get: () => ({ name, help, type, values }) };
}

function readOnly(families: readonly object[]): Metrics['registry'] {
  return {
    registerMetric: () => undefined,
    getSingleMetric: () => undefined,
    getMetricsAsArray: () => families,
    removeSingleMetric: () => undefined,
  };
}
