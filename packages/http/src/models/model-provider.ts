import type { ExecutionContext, Strategy, StreamProgress, StreamSource } from '@holdfast/pipeline';

/**
 * Somebody who can answer: a model behind an API.
 *
 * @typeParam I - what is asked
 * @typeParam T - what `run` answers
 * @typeParam E - what `stream` delivers
 */
export interface ModelProvider<I, T, E = never> {
  /** Names the provider in answers and events. */
  readonly name: string;
  /** What its calls go through: a breaker, or a pipeline with one. Default: nothing. */
  readonly strategy?: Strategy | undefined;
  /** The breaker that says when it refuses calls. Default: `strategy`, where that is one. */
  readonly breaker?: ProviderBreaker | undefined;
  /** What a million tokens cost, in any one currency; for the order `price`. At least 0. Default: dearer than all others. */
  readonly pricePerMillion?: number | undefined;
  /** Asks for a whole answer. */
  run(input: I, ctx: ExecutionContext): T | PromiseLike<T>;
  /** Asks for an answer in parts. Without it the provider is left out of streams. */
  stream?(input: I, ctx: ExecutionContext): StreamSource<E> | PromiseLike<StreamSource<E>>;
  /**
   * Goes on behind what was delivered, by this provider or another. Without it the provider is asked for nothing that
   * has begun.
   */
  resume?(
    input: I,
    progress: StreamProgress<E>,
    ctx: ExecutionContext,
  ): StreamSource<E> | PromiseLike<StreamSource<E>>;
}

/** What is asked of the breaker of a provider; that of `@holdfast/circuit-breaker` is one. */
export interface ProviderBreaker {
  readonly state: string;
  /** Says when an open circuit admits calls again. Without it an open circuit counts as one that does not. */
  stats?(): { readonly retryAfterMs?: number | undefined };
}

/** How providers are preferred: as they are listed, or the cheapest first. */
export type ProviderOrder = 'listed' | 'price';

/** Preferred ones first, whatever their state. */
export function preferred<P extends Pick<ModelProvider<unknown, unknown>, 'pricePerMillion'>>(
  providers: readonly P[],
  order: ProviderOrder,
): readonly P[] {
  if (order === 'listed') return providers;
  return providers.toSorted((a, b) => priceOf(a) - priceOf(b));
}

const priceOf = ({ pricePerMillion }: { readonly pricePerMillion?: number | undefined }) =>
  pricePerMillion ?? Number.MAX_VALUE;

/** Those that refuse calls come last, since they may have changed their mind; one that is due is asked in its turn. */
export function byState<P extends Pick<ModelProvider<unknown, unknown>, 'strategy' | 'breaker'>>(
  providers: readonly P[],
): readonly P[] {
  return providers.toSorted((a, b) => Number(refuses(a)) - Number(refuses(b)));
}

function refuses(provider: Pick<ModelProvider<unknown, unknown>, 'strategy' | 'breaker'>): boolean {
  const breaker = (provider.breaker ?? provider.strategy) as Partial<ProviderBreaker> | undefined;
  // An open circuit stays open until a call comes to find its time over.
  if (breaker?.state === 'open') return breaker.stats?.().retryAfterMs !== 0;
  return breaker?.state === 'isolated';
}
