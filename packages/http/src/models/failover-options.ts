import {
  having,
  number,
  oneOf,
  systemClock,
  type,
  type Clock,
  type ListenerErrorHandler,
  type Rule,
  type Rules,
} from '@holdfast/pipeline';
import { classifyModelError } from './classify-model-error.ts';
import type { ModelError } from './model-error.ts';
import type { ModelProvider, ProviderOrder } from './model-provider.ts';

/** What {@link failover} takes. */
export interface FailoverOptions<I, T, E = never> {
  /** Who can answer. At least one; names differ. */
  readonly providers: readonly ModelProvider<I, T, E>[];
  /** Who is preferred. Those whose breakers refuse calls come last in any order. Default `listed`. */
  readonly order?: ProviderOrder | undefined;
  /** The longest wait for the first part of a stream, in milliseconds. At least 1. Default 15 000. */
  readonly firstItemMs?: number | undefined;
  /** The longest wait for another part, in milliseconds. At least 1. Default 30 000. */
  readonly idleMs?: number | undefined;
  /** Says what an error means. Default {@link classifyModelError}. */
  readonly classify?: ((error: unknown) => Pick<ModelError, 'kind' | 'failover'>) | undefined;
  /** Names it in events. Default `failover`. */
  readonly name?: string | undefined;
  /** Hears of listeners and classifiers that throw. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

export const failoverDefaults = {
  order: 'listed' as ProviderOrder,
  firstItemMs: 15_000,
  idleMs: 30_000,
  classify: classifyModelError as (error: unknown) => Pick<ModelError, 'kind' | 'failover'>,
  name: 'failover',
  onListenerError: console.error as ListenerErrorHandler,
  clock: systemClock,
};

/** A list of providers whose names differ. */
export const listed: Rule = (value) => {
  if (!Array.isArray(value) || value.length === 0) return 'must be an array of at least one provider';
  const broken = value.map(having('run')).find((rule) => rule !== undefined);
  if (broken !== undefined) return `must hold providers; each ${broken}`;
  const names = new Set((value as { name: unknown }[]).map(({ name }) => name));
  return names.size === value.length ? undefined : 'must hold providers of different names';
};

export const failoverRules: Rules<FailoverOptions<never, unknown>> = {
  providers: listed,
  order: oneOf('listed', 'price'),
  firstItemMs: number(1),
  idleMs: number(1),
  classify: type('function'),
  name: type('string'),
  onListenerError: type('function'),
  clock: having('now', 'wallNow', 'setTimer'),
};
