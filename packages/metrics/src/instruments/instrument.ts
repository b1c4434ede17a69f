import type { Point } from '../exposition/protobuf/metric-message.ts';
import { Family } from '../series/family.ts';
import type { Definition, FamilyHost } from '../series/definition.ts';
import type { Series } from '../series/series.ts';

/** One number of a metric, as prom-client registries hand them around. */
export interface Sample {
  readonly value: number;
  readonly labels: Readonly<Record<string, LabelText>>;
  /** Where it differs from the name of the metric: `…_bucket`, `…_sum`, `…_count`. */
  readonly metricName?: string;
}

type LabelText = string | number;

/** A metric as prom-client registries read it. */
export interface MetricReading {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly aggregator: string;
  readonly values: readonly Sample[];
}

/**
 * A family with the face that prom-client registries know: plain properties that they may write to. Nothing of ours
 * reads `name`, which an OpenMetrics registry of prom-client changes as it renders.
 */
export abstract class Instrument<S extends Series<S>> extends Family<S> {
  name: string;
  help: string;
  type: string;
  /** How prom-client merges the values of several processes. */
  aggregator = 'sum';

  constructor(definition: Definition, host: FamilyHost) {
    super(definition, host);
    this.name = definition.name;
    this.help = definition.help;
    this.type = definition.type;
  }

  /** The lines of one series in the text formats. */
  abstract lines(series: S, labels: string, openMetrics: boolean): string;
  /** The numbers of one series, for the protobuf format. */
  abstract point(series: S): Point;
  /** The numbers of one series, for a foreign registry. */
  abstract samples(series: S): readonly Sample[];

  /** What a foreign registry reads. It appends `_total` itself when it writes OpenMetrics. */
  get(): Promise<MetricReading> {
    this.host.refresh();
    const { name, help, type } = this.definition;
    const { aggregator } = this;
    const values = [...this.groups()].flatMap((group) => [...group].flatMap((each) => this.samples(each)));
    const shown = type === 'counter' && this.host.foreignOpenMetrics ? name.replace(/_total$/, '') : name;
    return Promise.resolve({ name: shown, help, type, aggregator, values });
  }
}
