import type { EventSource } from '../events.ts';

/** What a source has told so far. */
export interface EventRecorder<E extends { readonly type: string }> {
  /** The events, oldest first. */
  readonly events: readonly E[];
  /** Their types, oldest first. */
  readonly types: readonly E['type'][];
  /** Stops recording. */
  stop(): void;
}

/**
 * Records every event of a source.
 *
 * @example
 * ```ts
 * import { createEmitter } from '@holdfast/pipeline';
 * import { recordEvents } from '@holdfast/pipeline/testing';
 *
 * const emitter = createEmitter<{ type: 'cache.filled' }>();
 * const recorder = recordEvents(emitter);
 * emitter.emit({ type: 'cache.filled' });
 * console.assert(recorder.types[0] === 'cache.filled');
 * ```
 */
export function recordEvents<E extends { readonly type: string }>(source: EventSource<E>): EventRecorder<E> {
  const events: E[] = [];
  const stop = source.subscribe((event) => events.push(event));
  return {
    events,
    get types() {
      return events.map((event) => event.type);
    },
    stop,
  };
}
