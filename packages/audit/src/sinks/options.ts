import {
  having,
  integer,
  readOptions,
  systemClock,
  type,
  type Clock,
  type ListenerErrorHandler,
  type Rules,
} from '@holdfast/pipeline';
import type { AuditFiles } from '../files/audit-files.ts';
import { diskFiles } from '../files/disk-files.ts';
import { systemRandom } from './clock.ts';

/** How a sink is driven. */
export interface SinkOptions {
  /** How many milliseconds one attempt may take. Default 10,000; at least 1. */
  readonly timeoutMs?: number | undefined;
  /** What the pauses between attempts grow from, in milliseconds. Default 200; at least 0. */
  readonly baseDelayMs?: number | undefined;
  /** The longest pause, in milliseconds. Default 30,000; at least 0. */
  readonly maxDelayMs?: number | undefined;
  /** After how many failures in a row the receiver is left alone for a while. Default 5; at least 1. */
  readonly failures?: number | undefined;
  /** For how many milliseconds. Default 30,000; at least 0. */
  readonly openMs?: number | undefined;
  /** Hears of every failed attempt. Default: nobody; `stats()` tells. */
  readonly onError?: ListenerErrorHandler | undefined;
  /** Where it is remembered how far the sink has come. Default the machine's file system. */
  readonly files?: AuditFiles | undefined;
  /** The source of time. Default the platform's. */
  readonly clock?: Clock | undefined;
  /** Where jitter comes from: numbers from 0 up to 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

const noOne: ListenerErrorHandler = () => {};

/** How a sink is driven unless its options say otherwise. */
export const sinkDefaults = {
  timeoutMs: 10_000,
  baseDelayMs: 200,
  maxDelayMs: 30_000,
  failures: 5,
  openMs: 30_000,
  onError: noOne,
  files: diskFiles,
  clock: systemClock,
  random: systemRandom,
} as const satisfies Partial<SinkOptions>;

const rules: Rules<SinkOptions> = {
  timeoutMs: integer(1),
  baseDelayMs: integer(0),
  maxDelayMs: integer(0),
  failures: integer(1),
  openMs: integer(0),
  onError: type('function'),
  files: having('read', 'replace', 'makeFolder'),
  clock: having('now', 'wallNow', 'setTimer'),
  random: type('function'),
};

export const readSinkOptions = (options: SinkOptions) => readOptions('sink', options, rules, sinkDefaults);
