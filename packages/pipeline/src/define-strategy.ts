import type { Hook } from './hook.ts';
import { check, type } from './options.ts';
import { run, tryRun } from './run.ts';
import { compile, type Segment } from './segment.ts';
import { GuardedStream } from './stream.ts';
import {
  strategyHooks,
  type CallOptions,
  type ExecutionContext,
  type Operation,
  type Result,
  type Strategy,
  type StrategyHooks,
  type StreamOptions,
  type StreamSource,
  type Wrapped,
} from './strategy.ts';

/**
 * Writes `execute`, `try`, `wrap`, `define` and `stream` once for every strategy. Extend it for a strategy with
 * methods of its own (a class, because a service may hold thousands of breakers); otherwise use
 * {@link defineStrategy}.
 *
 * @typeParam W - what the strategy adds to the type of the result
 *
 * @example
 * ```ts
 * import { BaseStrategy, type ScopeHook } from '@holdfast/pipeline';
 *
 * class Tracing extends BaseStrategy {
 *   constructor(hook: ScopeHook) {
 *     super('tracing', [hook]);
 *   }
 * }
 * ```
 */
export class BaseStrategy<out W = never> implements Strategy<W> {
  readonly name: string;
  readonly [strategyHooks]: StrategyHooks<W>;
  private segment: Segment | undefined;

  /** @throws {@link TypeError} when the name is not a string */
  constructor(name: string, hooks: readonly Hook[]) {
    check('strategy: name', name, type('string'));
    this.name = name;
    this[strategyHooks] = hooks;
    this.segment = undefined;
  }

  // The engine does not know types of results; this is the one place where it meets the generic contract.

  execute<T>(operation: Operation<T>, options?: CallOptions): Promise<T | W> {
    return run((this.segment ??= compile(this[strategyHooks])), operation, options) as Promise<T | W>;
  }

  try<T>(operation: Operation<T>, options?: CallOptions): Promise<Result<T | W>> {
    return tryRun((this.segment ??= compile(this[strategyHooks])), operation, options) as Promise<
      Result<T | W>
    >;
  }

  wrap<F extends (...args: never[]) => PromiseLike<unknown>>(fn: F): Wrapped<F, W> {
    check('wrap: fn', fn, type('function'));
    const execute = <T>(operation: Operation<T>) => this.execute(operation);
    const wrapped = function (this: unknown, ...args: never[]) {
      return execute(() => fn.apply(this, args));
    };
    Object.defineProperties(wrapped, {
      name: { value: fn.name, configurable: true },
      length: { value: fn.length, configurable: true },
    });
    return wrapped as unknown as Wrapped<F, W>;
  }

  define<A extends unknown[], T>(
    fn: (ctx: ExecutionContext, ...args: A) => T | PromiseLike<T>,
  ): (...args: A) => Promise<T | W> {
    check('define: fn', fn, type('function'));
    return (...args) => this.execute((ctx) => fn(ctx, ...args));
  }

  stream<T>(operation: Operation<StreamSource<T>>, options: StreamOptions<T> = {}): AsyncIterableIterator<T> {
    const { clock } = (this.segment ??= compile(this[strategyHooks]));
    return new GuardedStream(
      (pump, callOptions) => this.execute(pump, callOptions),
      clock,
      operation,
      options,
    );
  }
}

/**
 * Makes a strategy from its steps: use it as it is, or in a {@link pipeline}.
 *
 * @typeParam W - what the strategy adds to the type of the result
 * @param name - names the strategy in errors, events and `explain`
 * @param hooks - one step, or several with the outermost first
 * @throws {@link TypeError} when the name is not a string
 *
 * @example
 * ```ts
 * import { defineStrategy, type GateHook } from '@holdfast/pipeline';
 *
 * let running = 0;
 * const counting: GateHook = {
 *   kind: 'gate',
 *   name: 'counting',
 *   admit: () => ++running,
 *   settle: () => void running--,
 *   toError: (rejection) => new Error(rejection.code),
 * };
 * const strategy = defineStrategy('counting', counting);
 * ```
 */
export function defineStrategy<W = never>(name: string, hooks: Hook | readonly Hook[]): Strategy<W> {
  return new BaseStrategy<W>(name, 'kind' in hooks ? [hooks] : hooks);
}
