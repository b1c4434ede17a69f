import { systemClock, type Clock } from './clock.ts';
import { TimeoutError } from './errors.ts';
import type { Call } from './hook.ts';
import type { CallOptions, ExecutionContext, Operation, StreamOptions, StreamProgress, StreamSource } from './strategy.ts';

/** Runs one operation for the whole life of the stream. */
type Execute = (operation: Operation<void>, options: CallOptions) => Promise<unknown>;

export function openStream<T>(_execute: Execute, _operation: Operation<StreamSource<T>>, _options: StreamOptions<T>): AsyncIterableIterator<T> {
  throw new Error('soon');
}
export type X = Clock | Call | ExecutionContext | StreamProgress<unknown> | typeof systemClock | TimeoutError;
