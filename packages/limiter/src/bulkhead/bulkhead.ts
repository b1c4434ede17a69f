import { createEmitter, defineStrategy, type EventSource, type Strategy } from '@holdfast/pipeline';
import type { BulkheadReason } from '../errors.ts';
import type { BulkheadEvent } from './events.ts';
import { BulkheadGate } from './gate.ts';
import { readBulkheadOptions, type BulkheadOptions } from './options.ts';

/** What a {@link bulkhead} holds now, and has seen since it was made. */
export interface BulkheadStats {
  /** How many calls are running. */
  readonly inFlight: number;
  /** How many are waiting for a place. */
  readonly queueLength: number;
  /** How many may run at once, in the compartment of calls without a key. */
  readonly limit: number;
  /** How many compartments there are, with that of calls without a key. */
  readonly compartments: number;
  /** How many calls were admitted, whether or not they had to wait. */
  readonly admitted: number;
  /** How many had to wait. */
  readonly queued: number;
  /** How many were refused, by reason. Calls that their caller ended while they waited count as `queue-timeout`. */
  readonly rejected: Readonly<Record<BulkheadReason, number>>;
}

/** A strategy that limits how many calls run at once. */
export interface Bulkhead extends Strategy, EventSource<BulkheadEvent> {
  /** Counts and state; a new object at each call. */
  stats(): BulkheadStats;
}

/**
 * Makes a strategy that lets a limited number of calls run at once, so that one slow dependency cannot take all memory,
 * sockets and patience of a process. Further calls wait in a bounded queue, or are refused at once.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { bulkhead } from '@holdfast/limiter';
 *
 * const reports = bulkhead({ name: 'reports', maxConcurrent: 8, maxQueue: 100, maxQueueMs: 500 });
 * const response = await reports.execute(({ signal }) => fetch('https://reports.example', { signal }));
 * ```
 */
export function bulkhead(options: BulkheadOptions): Bulkhead {
  const settings = readBulkheadOptions(options);
  const { name: strategy } = settings;
  const emitter = createEmitter<BulkheadEvent>(settings.onListenerError);
  const counts = { admitted: 0, queued: 0, full: 0, 'queue-timeout': 0, shed: 0 };
  const gate = new BulkheadGate({
    settings,
    counts,
    onRefusal: (reason, key) => {
      if (emitter.active) emitter.emit({ type: 'bulkhead.rejected', strategy, reason, key });
    },
    onLimit: (from, to, key) => {
      if (emitter.active) emitter.emit({ type: 'bulkhead.limit_changed', strategy, from, to, key });
    },
  });
  const stats = (): BulkheadStats => {
    const { admitted, queued, ...rejected } = counts;
    const all = [gate.shared, ...gate.keyed.values()];
    return {
      inFlight: all.reduce((sum, { inFlight }) => sum + inFlight, 0),
      queueLength: all.reduce((sum, { waiting }) => sum + waiting, 0),
      limit: gate.shared.limit,
      compartments: gate.keyed.size + 1,
      admitted,
      queued,
      rejected,
    };
  };
  const events: EventSource<BulkheadEvent> = {
    on: (type, listener) => emitter.on(type, listener),
    subscribe: (listener) => emitter.subscribe(listener),
  };
  return Object.assign(defineStrategy(strategy, gate), events, { stats });
}
