import {
  having,
  oneOf,
  readOptions,
  systemClock,
  type,
  type Clock,
  type Rule,
  type Rules,
} from '@holdfast/pipeline';
import type { TraceApi } from '../instruments/exemplars.ts';
import { destinationsRule, type LogDestination } from './destination.ts';

/** How much a line matters; `silent` writes none. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** What {@link createLogging} takes. */
export interface LoggingOptions {
  /** The name of the service, in every line as `service`. Default: none. */
  readonly service?: string | undefined;
  /** The least level that is written. Default `'info'`. */
  readonly level?: LogLevel | undefined;
  /** Where lines go: `'console'`, `{ file }`, `{ write }`. At least one. Default `['console']`. */
  readonly destinations?: readonly LogDestination[] | undefined;
  /** Names of fields that hold secrets, besides those that are known; case and punctuation do not matter. Default: none. */
  readonly secrets?: readonly string[] | undefined;
  /** `trace` of `@opentelemetry/api`: lines written within a span name its trace. Default: none. */
  readonly trace?: TraceApi | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

export const levelRule = oneOf(...LEVELS);

const names: Rule = (value) =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')
    ? undefined
    : 'must be an array of strings';

/** What {@link createLogging} does unless told otherwise. */
export const loggingDefaults = {
  level: 'info',
  destinations: ['console'],
  secrets: [],
  clock: systemClock,
} as const satisfies LoggingOptions;

const rules: Rules<LoggingOptions> = {
  service: type('string'),
  level: levelRule,
  destinations: destinationsRule,
  secrets: names,
  trace: having('getActiveSpan'),
  clock: having('wallNow'),
};

export function readLoggingOptions(options: LoggingOptions) {
  return readOptions('createLogging', options, rules, loggingDefaults);
}
