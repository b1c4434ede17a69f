import { AsyncLocalStorage } from 'node:async_hooks';
import { BaseStrategy } from './define-strategy.ts';
import type { DriverHook } from './hook.ts';
import {
  strategyHooks,
  type CallOptions,
  type ExecutionContext,
  type Operation,
  type Result,
  type Strategy,
} from './strategy.ts';

const contexts = new AsyncLocalStorage<ExecutionContext>();

/**
 * Tells the context of the innermost ambient call that this code runs in.
 *
 * @returns `undefined` outside of every ambient call
 *
 * @example
 * ```ts
 * import { currentContext } from '@holdfast/pipeline/node';
 *
 * const leftMs = currentContext()?.remainingMs() ?? 30_000;
 * ```
 */
export function currentContext(): ExecutionContext | undefined {
  return contexts.getStore();
}

/**
 * Runs a function as a part of a call, e.g. one that arrived with a deadline.
 *
 * @returns what `fn` returns
 *
 * @example
 * ```ts
 * import type { ExecutionContext } from '@holdfast/pipeline';
 * import { currentContext, runWithin } from '@holdfast/pipeline/node';
 *
 * const handle = (ctx: ExecutionContext) => runWithin(ctx, async () => currentContext()?.attempt);
 * ```
 */
export function runWithin<T>(ctx: ExecutionContext, fn: () => T): T {
  return contexts.run(ctx, fn);
}

/** Makes a call ambient for what a pipeline has inside of it. */
const insideOf: DriverHook = {
  kind: 'driver',
  name: 'ambient',
  run: (call, start) => contexts.run(call, () => start(call.attempt).result),
};

class Ambient<W> extends BaseStrategy<W> {
  private readonly inner: Strategy<W>;

  constructor(inner: Strategy<W>) {
    super(inner.name, [...inner[strategyHooks], insideOf]);
    this.inner = inner;
  }

  override execute<T>(operation: Operation<T>, options?: CallOptions): Promise<T | W> {
    return this.inner.execute((ctx) => contexts.run(ctx, operation, ctx), inherit(options));
  }

  override try<T>(operation: Operation<T>, options?: CallOptions): Promise<Result<T | W>> {
    return this.inner.try((ctx) => contexts.run(ctx, operation, ctx), inherit(options));
  }
}

const inherit = (options: CallOptions | undefined): CallOptions => ({
  ...options,
  within: options?.within ?? contexts.getStore(),
});

/**
 * Lets deadlines and aborts travel without being passed on: calls of the strategy that are made while another ambient
 * call runs inherit from it, as if `within` had been given. Uses `AsyncLocalStorage`; make it the outermost strategy.
 *
 * @throws {@link TypeError} when it is not a strategy
 *
 * @example
 * ```ts
 * import { ambient } from '@holdfast/pipeline/node';
 * import { timeout } from '@holdfast/timeout';
 *
 * const request = ambient(timeout({ timeoutMs: 2_000 }));
 * const query = ambient(timeout({ timeoutMs: 5_000 }));
 * // The query gets what is left of the request's two seconds.
 * await request.execute(() => query.execute(() => fetchUser('42')));
 * ```
 */
export function ambient<W>(strategy: Strategy<W>): Strategy<W> {
  return new Ambient(strategy);
}
