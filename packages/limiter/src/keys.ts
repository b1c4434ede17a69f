import { reportListenerError, type ListenerErrorHandler } from '@holdfast/pipeline';
import { MAX_PRIORITY } from './queue/waiting-line.ts';

/** What a call was given to tell it apart by: `host`, `tenant`, `tool`. */
export type Attributes = Readonly<Record<string, string>>;

/** What is asked of the caller's own functions, which may throw. */
export interface Asking {
  readonly keyBy?: ((attributes: Attributes) => string | undefined) | undefined;
  readonly priorityBy?: ((attributes: Attributes) => number) | undefined;
  readonly onListenerError: ListenerErrorHandler;
}

/** The key of a call; `undefined` where it has none, or `keyBy` throws. */
export function keyOf({ keyBy, onListenerError }: Asking, attributes: Attributes): string | undefined {
  try {
    return keyBy?.(attributes);
  } catch (error) {
    reportListenerError(onListenerError, error);
    return undefined;
  }
}

/** The priority of a call: a whole number from 0 to 9, whatever `priorityBy` says. */
export function priorityOf({ priorityBy, onListenerError }: Asking, attributes: Attributes): number {
  if (priorityBy === undefined) return 0;
  try {
    const priority = Math.floor(priorityBy(attributes));
    return Math.max(0, Math.min(MAX_PRIORITY, Number.isNaN(priority) ? 0 : priority));
  } catch (error) {
    reportListenerError(onListenerError, error);
    return 0;
  }
}
