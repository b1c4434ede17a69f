import {
  having,
  integer,
  number,
  readOptions,
  systemClock,
  type,
  type Clock,
  type Rules,
} from '@holdfast/pipeline';
import type { RateStore } from '@holdfast/limiter';
import { systemRandom } from '../../clock.ts';

/** What {@link guardBackend} takes. */
export interface GuardOptions {
  /** How long one attempt may take, in milliseconds. At least 1. Default 3,000. */
  readonly timeoutMs?: number | undefined;
  /** How many attempts a call has, the first one included. 1 to 10. Default 3. */
  readonly maxAttempts?: number | undefined;
  /** After how many failures in a row the backend is left alone. At least 1. Default 5. */
  readonly failures?: number | undefined;
  /** For how long it is left alone, in milliseconds. At least 0. Default 30,000. */
  readonly openMs?: number | undefined;
  /** How many calls may be under way at once; 1,000 more wait. At least 1. Default 16. */
  readonly maxConcurrent?: number | undefined;
  /** Which share of the provider's quota is used at most: 0.001 to 1. Default 0.8. */
  readonly quotaRatio?: number | undefined;
  /**
   * Where the quota is counted so that it survives the process, e.g. `quotaFile(…)`, or together with other instances.
   * Default: each process counts for itself, and begins with what flows in within a minute.
   */
  readonly quotaStore?: RateStore | undefined;
  /**
   * For how long an answer is taken again, in milliseconds: whether a credential exists, and a credential itself where the
   * backend keeps secrets. 0 asks each time. Default 30,000; at most 3,600,000.
   */
  readonly cacheMs?: number | undefined;
  /**
   * For how much longer a credential is given while the backend gives no answer, in milliseconds. Default 0: not at all; at
   * most 86,400,000.
   */
  readonly maxStaleMs?: number | undefined;
  /** For how long it is believed that there is no such credential, in milliseconds. Default 10,000; at most 3,600,000. */
  readonly missingMs?: number | undefined;
  /** How many answers are kept of each kind. At least 1. Default 1,000. */
  readonly maxEntries?: number | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
  /** Where jitter comes from: numbers from 0 up to 1. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** What a guard does unless told otherwise. */
export const guardDefaults = {
  timeoutMs: 3_000,
  maxAttempts: 3,
  failures: 5,
  openMs: 30_000,
  maxConcurrent: 16,
  quotaRatio: 0.8,
  cacheMs: 30_000,
  maxStaleMs: 0,
  missingMs: 10_000,
  maxEntries: 1_000,
  clock: systemClock,
  random: systemRandom,
} satisfies Partial<GuardOptions>;

const rules: Rules<GuardOptions> = {
  timeoutMs: number(1),
  maxAttempts: integer(1, 10),
  failures: integer(1),
  openMs: integer(0),
  maxConcurrent: integer(1),
  quotaRatio: number(0.001, 1),
  quotaStore: having('take', 'charge'),
  cacheMs: integer(0, 3_600_000),
  maxStaleMs: integer(0, 86_400_000),
  missingMs: integer(0, 3_600_000),
  maxEntries: integer(1),
  clock: having('now', 'wallNow', 'setTimer'),
  random: type('function'),
};

/** Options as a guard works with them. */
export type GuardSettings = Readonly<GuardOptions & typeof guardDefaults>;

/** Checks options and fills in the defaults. */
export const readGuardOptions = (options: GuardOptions): GuardSettings =>
  readOptions('guardBackend', options, rules, guardDefaults);
