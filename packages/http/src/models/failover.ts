import {
  check,
  createEmitter,
  pipeline,
  readOptions,
  type CallOptions,
  type EventSource,
  type Rules,
} from '@holdfast/pipeline';
import { failoverDefaults, failoverRules, listed, type FailoverOptions } from './failover-options.ts';
import { FailoverRun, type FailoverCore, type ProviderFailure } from './failover-run.ts';
import type { ModelErrorKind } from './model-error.ts';
import { preferred } from './model-provider.ts';

/** A provider failed, and another is asked. */
export interface ProviderFailedEvent {
  readonly type: 'failover.provider_failed';
  readonly strategy: string;
  readonly provider: string;
  readonly kind: ModelErrorKind;
}

/** What a {@link failover} answers. */
export interface FailoverAnswer<T> {
  readonly value: T;
  /** The name of the provider that answered. */
  readonly provider: string;
  /** Whether that is another one than the preferred. */
  readonly degraded: boolean;
  /** Who was asked in vain before, and why. */
  readonly failures: readonly ProviderFailure[];
}

/** The parts of an answer, and who they come from. */
export interface FailoverStream<E> extends AsyncIterableIterator<E> {
  /** The name of the provider that is answering; `undefined` until the first part. */
  readonly provider: string | undefined;
  /** Whether that is another one than the preferred. */
  readonly degraded: boolean;
}

/** How often each provider answered. */
export interface FailoverStats {
  readonly answered: Readonly<Record<string, number>>;
  readonly failed: Readonly<Record<string, number>>;
}

/** Asks providers one after another until one answers. */
export interface Failover<I, T, E = never> extends EventSource<ProviderFailedEvent> {
  /** What it is called in events and metrics. */
  readonly name: string;
  /**
   * Asks for a whole answer.
   *
   * @throws the error of the last provider that was asked, untouched, or the caller's abort reason
   */
  call(input: I, options?: CallOptions): Promise<FailoverAnswer<T>>;
  /** Asks for an answer in parts. One that has begun goes on only with a provider that can resume it. */
  stream(input: I, options?: CallOptions): FailoverStream<E>;
  /** Counts since it was made; a new object at each call. */
  stats(): FailoverStats;
}

/**
 * Makes one of several providers answer. Errors that another provider would repeat (a prompt that is filtered, a
 * request that is wrong) and the caller's abort end the call at once.
 *
 * @param options - see {@link FailoverOptions}; times in milliseconds
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { circuitBreaker } from '@holdfast/circuit-breaker';
 * import { failover } from '@holdfast/http/models';
 *
 * const ask = (model: string) => (prompt: string) => `${model} says: ${prompt}`;
 * const models = failover({
 *   order: 'price',
 *   providers: [
 *     { name: 'large', pricePerMillion: 15, strategy: circuitBreaker({ name: 'large' }), run: ask('large') },
 *     { name: 'small', pricePerMillion: 1, strategy: circuitBreaker({ name: 'small' }), run: ask('small') },
 *   ],
 * });
 * const { value, provider, degraded } = await models.call('hello');
 * console.log(value, provider, degraded);
 * ```
 */
export function failover<I, T, E = never>(options: FailoverOptions<I, T, E>): Failover<I, T, E> {
  const rules = failoverRules as Rules<FailoverOptions<I, T, E>>;
  const settings = readOptions('failover', options, rules, failoverDefaults);
  check('failover: providers', settings.providers, listed);
  const emitter = createEmitter<ProviderFailedEvent>(settings.onListenerError);
  const core: FailoverCore<I, T, E> = {
    settings,
    providers: preferred(settings.providers, settings.order),
    unguarded: pipeline(),
    emitter,
    answered: {},
    failed: {},
  };
  return {
    name: settings.name,
    call: (input, call = {}) => new FailoverRun(core, input, call).answer(),
    stream(input, call = {}) {
      const run = new FailoverRun(core, input, call);
      return Object.defineProperties(run.parts(), {
        provider: { get: () => run.provider },
        degraded: { get: () => run.degraded },
      }) as unknown as FailoverStream<E>;
    },
    stats: () => ({ answered: { ...core.answered }, failed: { ...core.failed } }),
    on: (type, listener) => emitter.on(type, listener),
    subscribe: (listener) => emitter.subscribe(listener),
  };
}
