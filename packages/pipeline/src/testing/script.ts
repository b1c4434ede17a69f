import type { Clock } from '../clock.ts';
import type { ExecutionContext, Operation } from '../strategy.ts';

/** What one call of a scripted operation does. */
export interface ScriptStep<T> {
  /** Succeeds with this value. */
  readonly value?: T;
  /** Fails with this error, whatever it is. */
  readonly error?: unknown;
  /** Milliseconds of the clock until it settles; `Infinity` hangs for ever. Default 0: settles at once. */
  readonly afterMs?: number;
}

/** An operation that plays a script, and remembers its calls. */
export interface ScriptedOperation<T> extends Operation<T> {
  /** The contexts of the calls so far. */
  readonly calls: readonly ExecutionContext[];
}

/**
 * Makes an operation that plays one step a call; the last step is repeated.
 *
 * @param clock - measures `afterMs`
 * @throws {@link RangeError} when no step is given
 *
 * @example
 * ```ts
 * import { manualClock, script } from '@holdfast/pipeline/testing';
 *
 * const operation = script(manualClock(), { error: new Error('first') }, { value: 'second' });
 * ```
 */
export function script<T>(clock: Clock, ...steps: readonly ScriptStep<T>[]): ScriptedOperation<T> {
  if (steps.length === 0) throw new RangeError('script needs at least one step, got none');
  const calls: ExecutionContext[] = [];
  const play = (ctx: ExecutionContext): Promise<T> => {
    const step = steps[Math.min(calls.length, steps.length - 1)] as ScriptStep<T>;
    calls.push(ctx);
    return new Promise((resolve, reject) => {
      const settle = () => ('error' in step ? reject(step.error) : resolve(step.value as T));
      if (step.afterMs === undefined) settle();
      else clock.setTimer(settle, step.afterMs);
    });
  };
  return Object.assign(play, { calls });
}
