import { check, integer, number, readOptions, type, type Rule, type Rules } from '@holdfast/pipeline';
import { MAX_SCHEMA, MIN_SCHEMA } from './native-buckets.ts';

/** The exponential buckets of a histogram, which Prometheus calls native: fine everywhere, kept where there are values. */
export interface NativeBucketsOptions {
  /** How fine: each power of two has `2 ** schema` buckets. Integer, -4 to 8. Default 3: errors below 4.5 %. */
  readonly schema?: number | undefined;
  /** How many buckets a series may have; one with more halves its resolution. Integer, at least 4. Default 160. */
  readonly maxBuckets?: number | undefined;
  /** How near to zero a value counts as zero. At least 0. Default `2 ** -128`. */
  readonly zeroThreshold?: number | undefined;
  /**
   * How old a series must be, in milliseconds, to start again from zero at full resolution instead of halving it. At
   * least 1. Default `Infinity`.
   */
  readonly resetMs?: number | undefined;
}

/** What exponential buckets are unless told otherwise. */
export const nativeDefaults = {
  schema: 3,
  maxBuckets: 160,
  zeroThreshold: 2 ** -128,
  resetMs: Infinity,
} as const satisfies NativeBucketsOptions;

const nativeRules: Rules<NativeBucketsOptions> = {
  schema: integer(MIN_SCHEMA, MAX_SCHEMA),
  maxBuckets: integer(4),
  zeroThreshold: (value) => (value === Infinity ? 'must be a finite number' : number(0)(value)),
  resetMs: number(1),
};

/** Options with their defaults. */
export type NativeSettings = Readonly<Required<{ [K in keyof NativeBucketsOptions]: number }>>;

export const nativeRule: Rule = type('object');

export function readNativeBuckets(owner: string, options: NativeBucketsOptions): NativeSettings {
  check(`${owner}: native`, options, nativeRule);
  return Object.freeze(readOptions(`${owner}: native`, options, nativeRules, nativeDefaults));
}
