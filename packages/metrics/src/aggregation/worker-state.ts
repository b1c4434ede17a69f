import { Instrument } from '../instruments/instrument.ts';
import type { MetricRegistry } from '../registry/registry.ts';

/** One number, as it travels between processes. JSON has no NaN and no infinity, so those go as text. */
export type SampleState = readonly [
  name: string,
  labels: Readonly<Record<string, string | number>>,
  value: number | string,
];

/** A family of one worker. */
export interface FamilyState {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  /** How its owner wants it merged. */
  readonly aggregator: string;
  readonly samples: readonly SampleState[];
}

/** All numbers of one worker at one moment. */
export type WorkerState = readonly FamilyState[];

/** What any metric answers: ours, and those of prom-client and its successor. */
interface Answer extends Omit<FamilyState, 'samples'> {
  readonly values: readonly {
    readonly metricName?: string;
    readonly labels: Readonly<Record<string, string | number>>;
    /** The labels of a series, where a number of it has more. */
    readonly sharedLabels?: Readonly<Record<string, string | number>>;
    readonly value: number;
  }[];
}

/** Reads a registry; a metric that fails is left out. */
export async function readState(
  registry: MetricRegistry,
  onError: (error: unknown) => void,
): Promise<WorkerState> {
  // A registry that writes OpenMetrics takes the ending off the names of counters.
  const shortened = registry.contentType?.startsWith('application/openmetrics-text') === true;
  const all = await Promise.all(
    registry.getMetricsAsArray().map(async (metric) => {
      try {
        return [familyState(await (metric as { get(): Promise<Answer> }).get(), metric, shortened)];
      } catch (error) {
        onError(error);
        return [];
      }
    }),
  );
  return all.flat();
}

function familyState(answer: Answer, metric: unknown, shortened: boolean): FamilyState {
  const { help, type, aggregator, values } = answer;
  const given = metric instanceof Instrument ? metric.definition.name : answer.name;
  const name = shortened && type === 'counter' && !given.endsWith('_total') ? `${given}_total` : given;
  const samples = values.map(({ metricName = name, labels, sharedLabels, value }): SampleState => {
    const own = sharedLabels === undefined ? labels : { ...sharedLabels, ...labels };
    return [metricName, own, Number.isFinite(value) ? value : String(value)];
  });
  return { name, help, type, aggregator, samples };
}

/** What tells a series from every other of its family, whatever characters its labels hold. */
export function seriesKey(labels: SampleState[1], leftOut?: string): string {
  const pairs = Object.entries(labels).filter(([name]) => name !== leftOut);
  pairs.sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(pairs.map(([name, value]) => [name, String(value)]));
}

/** Whether a sample only ever grows: those of counters and histograms, and all of a summary but its quantiles. */
export function isTotal({ type }: FamilyState, [, labels]: SampleState): boolean {
  return type === 'counter' || type === 'histogram' || (type === 'summary' && !('quantile' in labels));
}
