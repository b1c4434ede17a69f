import type { Clock } from '@holdfast/pipeline';
import type { ExemplarSource } from '../instruments/exemplars.ts';
import type { NativeSettings } from '../instruments/native-options.ts';
import type { Normalizers } from './label-guard.ts';
import type { LabelNames, ValueSets } from './labels.ts';

/** What an instrument is, once its options are read. */
export interface Definition {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: LabelNames;
  readonly values: ValueSets;
  readonly normalize: Normalizers;
  readonly limit: number;
  readonly ttlMs: number;
  readonly maxValueLength: number;
  /** The bounds of a histogram. */
  readonly buckets?: readonly number[];
  /** The exponential buckets of a histogram, where it has them. */
  readonly native?: NativeSettings | undefined;
  /** What led to a value of a histogram. */
  readonly exemplar?: ExemplarSource | undefined;
}

/** What a family needs of the metrics that it belongs to. */
export interface FamilyHost {
  readonly clock: Clock;
  /** Brings pulled values up to date, before a foreign registry reads a family. */
  refresh(): void;
  /** Hears that a write found no room; `first` of its family. */
  refused(metric: string, first: boolean): void;
  /** Runs code of others; an error of theirs goes elsewhere. */
  attempt(run: () => void): void;
  /** Whether OpenMetrics tells since when series count. */
  readonly exposeCreated: boolean;
  /** Whether the registry that reads the families writes OpenMetrics. */
  readonly foreignOpenMetrics: boolean;
}
