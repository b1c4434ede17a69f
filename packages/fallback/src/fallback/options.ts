import {
  check,
  having,
  number,
  readOptions,
  systemClock,
  type,
  type Clock,
  type ListenerErrorHandler,
  type Rule,
  type Rules,
} from '@holdfast/pipeline';
import type { Attributes } from '../attributes.ts';
import type { DegradationStep } from './degradation-step.ts';

/** What {@link fallback} takes. */
export interface FallbackOptions<W> {
  /** What to try when a call has failed, in this order, until one answers. At least one. */
  readonly steps: readonly DegradationStep<W>[];
  /** Whether an error is one to answer something else for. Default: every error is. */
  readonly handles?: ((error: unknown) => boolean) | undefined;
  /**
   * Whether a call changes something. No step answers for such a call, since nothing was changed: it fails. Default: a call
   * whose attribute `access` is `write`.
   */
  readonly isWrite?: ((attributes: Attributes) => boolean) | undefined;
  /** How long each step may take, in milliseconds. At least 1; `Infinity` sets no limit. Default 1,000. */
  readonly stepMs?: number | undefined;
  /** Names the fallback in events and statistics. Default `fallback`. */
  readonly name?: string | undefined;
  /** Hears of listeners and classifiers that throw. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** What a {@link fallback} does unless told otherwise. */
export const fallbackDefaults = {
  handles: (() => true) as (error: unknown) => boolean,
  isWrite: (({ access }) => access === 'write') as (attributes: Attributes) => boolean,
  stepMs: 1_000,
  name: 'fallback',
  onListenerError: console.error as ListenerErrorHandler,
  clock: systemClock,
} satisfies Partial<FallbackOptions<unknown>>;

const steps: Rule = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((step) => having('get')(step) === undefined)
    ? undefined
    : 'must be an array of at least one step, each an object with a name and the method get';

const rules: Rules<FallbackOptions<unknown>> = {
  steps,
  handles: type('function'),
  isWrite: type('function'),
  stepMs: number(1),
  name: type('string'),
  onListenerError: type('function'),
  clock: having('now', 'wallNow', 'setTimer'),
};

/** Options as {@link fallback} works with them. */
export type FallbackSettings = Readonly<FallbackOptions<unknown> & typeof fallbackDefaults>;

/** Checks options and fills in the defaults. */
export function readFallbackOptions(options: FallbackOptions<unknown>): FallbackSettings {
  const settings = readOptions('fallback', options, rules, fallbackDefaults);
  check('fallback: steps', settings.steps, steps);
  return settings;
}
