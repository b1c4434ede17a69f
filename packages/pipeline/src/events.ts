import { check, type } from './options.ts';

/** Called when a listener throws; the protected call never sees that error. */
export type ListenerErrorHandler = (error: unknown) => void;

/** Something that tells what happened to it. Events are plain objects told apart by `type`. */
export interface EventSource<E extends { readonly type: string }> {
  /**
   * Listens to one type of event.
   *
   * @returns a function that ends the subscription
   * @throws {@link TypeError} when the listener is no function
   */
  on<T extends E['type']>(type: T, listener: (event: Extract<E, { readonly type: T }>) => void): () => void;
  /**
   * Listens to every event.
   *
   * @returns a function that ends the subscription
   * @throws {@link TypeError} when the listener is no function
   */
  subscribe(listener: (event: E) => void): () => void;
}

/** The sending side of an {@link EventSource}. */
export interface Emitter<E extends { readonly type: string }> extends EventSource<E> {
  /** Whether anyone listens; look at it before building an event. */
  readonly active: boolean;
  /** Tells every listener, in the order of subscription. Never throws. */
  emit(event: E): void;
}

const FUNCTION = type('function');

class ListenerList<E extends { readonly type: string }> implements Emitter<E> {
  private readonly onListenerError: ListenerErrorHandler;
  private listeners: readonly ((event: E) => void)[] | undefined;

  constructor(onListenerError: ListenerErrorHandler) {
    this.onListenerError = onListenerError;
  }

  get active(): boolean {
    return this.listeners !== undefined;
  }

  on<T extends E['type']>(name: T, listener: (event: Extract<E, { readonly type: T }>) => void): () => void {
    check('on: listener', listener, FUNCTION);
    return this.subscribe((event) =>
      event.type === name ? listener(event as Extract<E, { readonly type: T }>) : undefined,
    );
  }

  subscribe(listener: (event: E) => void): () => void {
    check('subscribe: listener', listener, FUNCTION);
    // One wrapper a subscription, so that the same listener may subscribe twice. Copied on write, so that a listener
    // that unsubscribes while an event is on its way does not skip its neighbour.
    const own = (event: E) => listener(event);
    this.listeners = [...(this.listeners ?? []), own];
    return () => {
      const rest = this.listeners?.filter((other) => other !== own);
      this.listeners = rest?.length === 0 ? undefined : rest;
    };
  }

  emit(event: E): void {
    for (const listener of this.listeners ?? []) {
      try {
        const answer: unknown = listener(event);
        // An async listener that fails must not end the process either.
        if (answer instanceof Promise) answer.catch((error) => this.report(error));
      } catch (error) {
        this.report(error);
      }
    }
  }

  private report(error: unknown): void {
    reportListenerError(this.onListenerError, error);
  }
}

/**
 * Makes an emitter. It costs one field while nobody listens.
 *
 * @param onListenerError - where errors of listeners go; `console.error` by default
 *
 * @example
 * ```ts
 * import { createEmitter } from '@holdfast/pipeline';
 *
 * const emitter = createEmitter<{ type: 'cache.filled'; size: number }>();
 * emitter.on('cache.filled', (event) => console.log(event.size));
 * if (emitter.active) emitter.emit({ type: 'cache.filled', size: 3 });
 * ```
 */
export function createEmitter<E extends { readonly type: string }>(
  onListenerError: ListenerErrorHandler = console.error,
): Emitter<E> {
  return new ListenerList<E>(onListenerError);
}

/**
 * Hands an error of user code to its handler; a handler that throws as well is the end of the line.
 *
 * @example
 * ```ts
 * import { reportListenerError } from '@holdfast/pipeline';
 *
 * function keyOf(keyBy: () => string): string | undefined {
 *   try {
 *     return keyBy();
 *   } catch (error) {
 *     reportListenerError(console.error, error);
 *     return undefined;
 *   }
 * }
 * ```
 */
export function reportListenerError(handler: ListenerErrorHandler, error: unknown): void {
  try {
    handler(error);
  } catch {
    // Nobody is left to tell; the protected call must not notice.
  }
}
