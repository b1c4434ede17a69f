import {
  reportListenerError,
  TimeoutError,
  type CallOptions,
  type Emitter,
  type ExecutionContext,
  type Strategy,
  type StreamOptions,
  type StreamProgress,
  type StreamSource,
} from '@holdfast/pipeline';
import type { FailoverAnswer, ProviderFailedEvent } from './failover.ts';
import type { failoverDefaults, FailoverOptions } from './failover-options.ts';
import { modelError, type ModelError, type ModelErrorKind } from './model-error.ts';
import { byState, type ModelProvider } from './model-provider.ts';

/** A provider that was asked in vain. */
export interface ProviderFailure {
  readonly provider: string;
  readonly kind: ModelErrorKind;
  readonly error: unknown;
}

/** What the calls of a failover have in common. */
export interface FailoverCore<I, T, E> {
  readonly settings: FailoverOptions<I, T, E> & typeof failoverDefaults;
  /** The preferred ones first. */
  readonly providers: readonly ModelProvider<I, T, E>[];
  readonly unguarded: Strategy;
  readonly emitter: Emitter<ProviderFailedEvent>;
  readonly answered: Record<string, number>;
  readonly failed: Record<string, number>;
}

/** One question, asked until somebody answers. */
export class FailoverRun<I, T, E> {
  provider: string | undefined;
  private readonly core: FailoverCore<I, T, E>;
  private readonly input: I;
  private readonly options: CallOptions;
  private readonly dueAtMs: number;
  private readonly failures: ProviderFailure[] = [];
  private delivered = 0;
  private last: E | undefined;

  constructor(core: FailoverCore<I, T, E>, input: I, options: CallOptions) {
    this.core = core;
    this.input = input;
    this.options = options;
    this.dueAtMs = core.settings.clock.now() + (options.timeoutMs ?? Infinity);
  }

  /** Whether another provider answers than the preferred. */
  get degraded(): boolean {
    return this.provider !== undefined && this.provider !== this.core.providers[0]?.name;
  }

  async answer(): Promise<FailoverAnswer<T>> {
    for (const provider of byState(this.core.providers)) {
      const strategy = provider.strategy ?? this.core.unguarded;
      try {
        const value = await strategy.execute((ctx) => provider.run(this.input, ctx), this.callOptions());
        this.answeredBy(provider.name);
        return { value, provider: provider.name, degraded: this.degraded, failures: this.failures };
      } catch (error) {
        this.failed(provider.name, error);
      }
    }
    throw this.lastError();
  }

  async *parts(): AsyncGenerator<E, void> {
    for (const provider of byState(this.core.providers)) {
      if (provider[this.delivered > 0 ? 'resume' : 'stream'] === undefined) continue;
      try {
        for await (const part of this.open(provider)) {
          this.delivered++;
          this.last = part;
          this.provider = provider.name;
          yield part;
        }
        this.answeredBy(provider.name);
        return;
      } catch (error) {
        this.failed(provider.name, error);
      }
    }
    throw this.lastError();
  }

  private open(provider: ModelProvider<I, T, E>): AsyncIterable<E> {
    const { firstItemMs, idleMs } = this.core.settings;
    const again = (ctx: ExecutionContext) => this.resume(provider, ctx);
    const options: StreamOptions<E> = {
      ...this.callOptions(),
      firstItemMs,
      idleMs,
      ...(provider.resume === undefined ? {} : { resume: (_progress: StreamProgress<E>, ctx) => again(ctx) }),
    };
    const strategy = provider.strategy ?? this.core.unguarded;
    return strategy.stream((ctx) => (this.delivered > 0 ? again(ctx) : this.begin(provider, ctx)), options);
  }

  private begin(provider: ModelProvider<I, T, E>, ctx: ExecutionContext) {
    return provider.stream?.(this.input, ctx) ?? nothing<E>();
  }

  /** Goes on behind all that was delivered, by whichever provider. */
  private resume(
    provider: ModelProvider<I, T, E>,
    ctx: ExecutionContext,
  ): StreamSource<E> | PromiseLike<StreamSource<E>> {
    const progress = { delivered: this.delivered, last: this.last as E };
    return provider.resume?.(this.input, progress, ctx) ?? nothing<E>();
  }

  /** What is left of the caller's time is all that the next provider gets. */
  private callOptions(): CallOptions {
    const { timeoutMs, signal } = this.options;
    signal?.throwIfAborted();
    if (timeoutMs === undefined) return this.options;
    const leftMs = this.dueAtMs - this.core.settings.clock.now();
    if (leftMs <= 0) throw new TimeoutError(timeoutMs, { strategy: this.core.settings.name });
    return { ...this.options, timeoutMs: leftMs };
  }

  private answeredBy(name: string): void {
    this.provider = name;
    this.core.answered[name] = (this.core.answered[name] ?? 0) + 1;
  }

  /** Notes why a provider did not answer, and throws where no other would. */
  private failed(name: string, error: unknown): void {
    const { settings, emitter, failed } = this.core;
    // A caller who has gone says nothing of the provider.
    if (this.options.signal?.aborted === true) throw error;
    const { kind, failover } = this.meaningOf(error);
    this.failures.push({ provider: name, kind, error });
    failed[name] = (failed[name] ?? 0) + 1;
    if (settings.clock.now() >= this.dueAtMs || !failover) throw error;
    if (emitter.active) {
      emitter.emit({ type: 'failover.provider_failed', strategy: settings.name, provider: name, kind });
    }
  }

  private meaningOf(error: unknown): Pick<ModelError, 'kind' | 'failover'> {
    const { classify, onListenerError } = this.core.settings;
    try {
      return classify(error);
    } catch (thrown) {
      reportListenerError(onListenerError, thrown);
      return modelError('unknown');
    }
  }

  private lastError(): unknown {
    return this.failures.at(-1)?.error ?? new TypeError(`${this.core.settings.name}: no provider can stream`);
  }
}

async function* nothing<E>(): AsyncGenerator<E, void> {}
