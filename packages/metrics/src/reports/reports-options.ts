import { check, integer, number, readOptions, type Rules } from '@holdfast/pipeline';
import { REQUEST_DURATION } from './request-stats.ts';

/** What {@link createReports} takes. */
export interface ReportsOptions {
  /** How often a reading is taken, in milliseconds. At least 1. Default 30,000. */
  readonly intervalMs?: number | undefined;
  /** How far back rates and percentiles look, in milliseconds. At least `intervalMs`. Default 300,000. */
  readonly windowMs?: number | undefined;
  /** The names of the metrics whose history is kept. Default: the request durations of the HTTP middleware. */
  readonly history?: readonly string[] | undefined;
  /** How long the history is kept, in milliseconds. At least `intervalMs`. Default 86,400,000, a day. */
  readonly retentionMs?: number | undefined;
  /** How many series have a history; others have none. At least 1. Default 100. */
  readonly maxSeries?: number | undefined;
}

/** What {@link createReports} does unless told otherwise. */
export const reportsDefaults = {
  intervalMs: 30_000,
  windowMs: 300_000,
  history: [REQUEST_DURATION],
  retentionMs: 86_400_000,
  maxSeries: 100,
} as const satisfies ReportsOptions;

const rules: Rules<ReportsOptions> = {
  intervalMs: number(1),
  windowMs: number(1),
  history: (value) => (Array.isArray(value) ? undefined : 'must be an array of metric names'),
  retentionMs: number(1),
  maxSeries: integer(1),
};

export function readReportsOptions(options: ReportsOptions) {
  const read = readOptions('createReports', options, rules, reportsDefaults);
  check('createReports: windowMs', read.windowMs, number(read.intervalMs));
  check('createReports: retentionMs', read.retentionMs, number(read.intervalMs));
  return read;
}
