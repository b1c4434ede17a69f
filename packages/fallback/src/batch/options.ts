import {
  check,
  having,
  integer,
  number,
  readOptions,
  systemClock,
  type,
  type Clock,
  type Rules,
} from '@holdfast/pipeline';

/** How one item of a batch went. */
export type BatchOutcome<R> =
  { readonly ok: true; readonly value: R } | { readonly ok: false; readonly error: unknown };

/** What {@link batch} takes. */
export interface BatchOptions<T, R> {
  /**
   * Does the work for several items at once, all of one key, in the order in which they came.
   *
   * @returns how each item went, in the same order; what it throws instead is the error of all
   */
  readonly run: (items: readonly T[], key: string) => PromiseLike<readonly BatchOutcome<R>[]>;
  /** Groups items: those of one key go together, e.g. by kind and user. Default: all do. */
  readonly keyBy?: ((item: T) => string) | undefined;
  /** A batch of so many items leaves at once. A whole number, at least 1. Default 10. */
  readonly maxItems?: number | undefined;
  /** A batch leaves so long after its first item at the latest, in milliseconds. At least 0. Default 5,000. */
  readonly maxWaitMs?: number | undefined;
  /** How many items may be waiting or under way; further ones are refused. A whole number, at least 1. Default 10,000. */
  readonly maxPending?: number | undefined;
  /**
   * Keeps the process there until a promise has settled, as `waitUntil` of serverless platforms does; called once for each
   * batch, when its first item comes. Default: nothing does.
   */
  readonly waitUntil?: ((settled: Promise<void>) => void) | undefined;
  /** Names the batch in errors and metrics. Default `batch`. */
  readonly name?: string | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** What a {@link batch} does unless told otherwise. */
export const batchDefaults = {
  maxItems: 10,
  maxWaitMs: 5_000,
  maxPending: 10_000,
  name: 'batch',
  clock: systemClock,
} satisfies Partial<BatchOptions<unknown, unknown>>;

const rules: Rules<BatchOptions<never, unknown>> = {
  run: type('function'),
  keyBy: type('function'),
  maxItems: integer(1),
  maxWaitMs: number(0),
  maxPending: integer(1),
  waitUntil: type('function'),
  name: type('string'),
  clock: having('now', 'wallNow', 'setTimer'),
};

/** Options as {@link batch} works with them. */
export type BatchSettings<T, R> = Readonly<BatchOptions<T, R> & typeof batchDefaults>;

/** Checks options and fills in the defaults. */
export function readBatchOptions<T, R>(options: BatchOptions<T, R>): BatchSettings<T, R> {
  const settings = readOptions('batch', options, rules as Rules<BatchOptions<T, R>>, batchDefaults);
  check('batch: run', settings.run, rules.run);
  return settings;
}
