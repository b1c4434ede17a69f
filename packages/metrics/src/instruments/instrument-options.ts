import { check, integer, number, readOptions, type, type Rule, type Rules } from '@holdfast/pipeline';
import type { Definition } from '../series/definition.ts';
import type { Normalizers } from '../series/label-guard.ts';
import type { LabelNames, ValueSets } from '../series/labels.ts';
import { OVERFLOW_LABEL } from '../series/family.ts';
import type { ExemplarSource } from './exemplars.ts';
import { bucketsRule, DURATION_BUCKETS } from './buckets.ts';
import { nativeRule, readNativeBuckets, type NativeBucketsOptions } from './native-options.ts';

/** What every instrument takes. */
export interface InstrumentOptions<
  Names extends LabelNames = LabelNames,
  Sets extends ValueSets = ValueSets,
> {
  /** In snake case, with its base unit: `…_seconds`, `…_bytes`; `…_total` for counters. */
  readonly name: string;
  /** What it shows, in one sentence. */
  readonly help: string;
  /** The names of its labels, in snake case. Default: none. */
  readonly labels?: Names | undefined;
  /** Closed sets of values, by label; any other value counts as `_OTHER`. Default: every value is taken. */
  readonly values?: Sets | undefined;
  /** Brings values into the form that is kept, by label. Default: they are kept as they are. */
  readonly normalize?: Normalizers | undefined;
  /** How many series it may have; others count in one with the label `overflow`. Default: what the metrics say. */
  readonly limit?: number | undefined;
  /** After how many milliseconds without a write a series is taken out, at a scrape. At least 1. Default `Infinity`. */
  readonly ttlMs?: number | undefined;
  /** How many characters a value may have; a longer one counts as overflow. At least 1. Default 256. */
  readonly maxValueLength?: number | undefined;
}

/** What a histogram takes. */
export interface HistogramOptions<
  Names extends LabelNames = LabelNames,
  Sets extends ValueSets = ValueSets,
> extends InstrumentOptions<Names, Sets> {
  /**
   * The upper bounds of the classic buckets, inclusive, ascending. Default: 5 ms to 10 s, in seconds; none where there
   * are native ones.
   */
  readonly buckets?: readonly number[] | undefined;
  /** Exponential buckets, which only the protobuf format shows. Default: none. */
  readonly native?: NativeBucketsOptions | undefined;
  /** Says what led to a value, for one value a bucket and scrape; shown in OpenMetrics. Default: nothing. */
  readonly exemplar?: ExemplarSource | undefined;
}

/** What an instrument does unless told otherwise. */
export const instrumentDefaults = {
  labels: [],
  values: {},
  normalize: {},
  ttlMs: Infinity,
  maxValueLength: 256,
} as const satisfies Partial<InstrumentOptions>;

const nameRule =
  (judge: (name: string) => string | undefined): Rule =>
  (value) =>
    typeof value !== 'string' || !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(value)
      ? 'must be letters, digits and underscores, not beginning with a digit'
      : judge(value);

// These endings mean something to whoever reads the text formats; promtool complains about them elsewhere.
const counterName = nameRule((name) => (/_total$/.test(name) ? undefined : 'must end in _total'));
const otherName = nameRule((name) =>
  /_(total|sum|count|bucket|created)$/.test(name)
    ? 'must not end in _total, _sum, _count, _bucket or _created'
    : undefined,
);

const RESERVED: ReadonlySet<unknown> = new Set(['le', 'quantile', OVERFLOW_LABEL]);

const labelsRule: Rule = (value) => {
  if (!Array.isArray(value)) return 'must be an array of label names';
  if (new Set(value).size < value.length) return 'must not name a label twice';
  const good = value.every((name: unknown) => typeof name === 'string' && /^(?!__)[a-zA-Z_]\w*$/.test(name));
  if (!good) return 'must be letters, digits and underscores, not beginning with a digit or __';
  return value.some((name) => RESERVED.has(name)) ? 'must not be le, quantile or overflow' : undefined;
};

const common = {
  help: (value) => (typeof value === 'string' && value !== '' ? undefined : 'must be a sentence'),
  labels: labelsRule,
  values: type('object'),
  normalize: type('object'),
  limit: integer(1, Infinity),
  ttlMs: number(1),
  maxValueLength: integer(1),
} satisfies Partial<Rules<InstrumentOptions>>;

export const counterRules: Rules<InstrumentOptions> = { name: counterName, ...common };
export const gaugeRules: Rules<InstrumentOptions> = { name: otherName, ...common };
export const histogramRules: Rules<HistogramOptions> = {
  name: otherName,
  ...common,
  buckets: bucketsRule,
  native: nativeRule,
  exemplar: type('function'),
};

/** Reads the options of an instrument; what they hold is copied, so that nobody changes it later. */
export function readInstrument(
  kind: Definition['type'],
  options: HistogramOptions,
  rules: Rules<HistogramOptions> | Rules<InstrumentOptions>,
  limit: number,
): Definition {
  check(`${kind}: options`, options, type('object'));
  // These have no defaults.
  check(`${kind}: name`, options.name, rules.name);
  check(`${kind}: help`, options.help, rules.help);
  const read = readOptions(kind, options, rules as Rules<HistogramOptions>, { ...instrumentDefaults, limit });
  const { name, help, values, normalize, ttlMs, maxValueLength } = read;
  const labels: readonly string[] = Object.freeze([...read.labels]);
  for (const label of [...Object.keys(values), ...Object.keys(normalize)]) {
    check(`${kind}: ${name}: '${label}'`, label, (value) =>
      labels.includes(value as string) ? undefined : 'must be one of its labels',
    );
  }
  const common = {
    name,
    help,
    type: kind,
    labels,
    values,
    normalize,
    limit: read.limit,
    ttlMs,
    maxValueLength,
  };
  return Object.freeze(kind === 'histogram' ? { ...common, ...readDistribution(read) } : common);
}

function readDistribution({ buckets, native, exemplar }: HistogramOptions) {
  const classic = buckets ?? (native === undefined ? DURATION_BUCKETS : []);
  return {
    buckets: Object.freeze([...classic]),
    native: native && readNativeBuckets('histogram', native),
    exemplar,
  };
}
