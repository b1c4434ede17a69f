import { having, integer, readOptions, type, type Clock, type Rules } from '@holdfast/pipeline';
import { currentAuditContext } from '../events/context.ts';
import { tenantOf } from '../events/read-event.ts';
import type { AuditEngine, StoredEntry } from '../log/engine.ts';

/** What to follow. */
export interface TailOptions {
  /** Whose entries. Default the tenant of the context, else `default`. */
  readonly tenant?: string | undefined;
  /** The first index; one that was pruned rejects with a `TileError`. Default the size of the log now: only what comes. */
  readonly from?: number | undefined;
  /** Ends the tail. */
  readonly signal?: AbortSignal | undefined;
}

const rules: Rules<TailOptions> = {
  tenant: type('string'),
  from: integer(0),
  signal: having('addEventListener', 'throwIfAborted'),
};

type Tailed = Pick<AuditEngine, 'entries' | 'size' | 'onDurable' | 'stats'>;

/**
 * Follows the entries of one tenant: those there are, then each as it becomes durable. Entries are read from the disk
 * when they are asked for, so that a slow reader costs no memory. Ends when the log is closed.
 *
 * @returns entries; what is asked for after `signal` aborted rejects with its reason
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when `from` is out of bounds
 */
export function tailEntries(
  engine: Tailed,
  options: TailOptions,
  clock: Clock,
): AsyncGenerator<StoredEntry, void, undefined> {
  const { signal, tenant: own, from } = readOptions('tail', options, rules, {});
  const tenant = tenantOf(own, currentAuditContext()?.tenant);
  return follow(engine, tenant, from ?? engine.size(tenant), signal, clock);
}

async function* follow(
  engine: Tailed,
  tenant: string,
  from: number,
  signal: AbortSignal | undefined,
  clock: Clock,
): AsyncGenerator<StoredEntry, void, undefined> {
  for (let next = from; ;) {
    signal?.throwIfAborted();
    // Listens before it reads, so that nothing that happens meanwhile is missed.
    const news = newsOf(engine, signal, clock);
    try {
      // Asked before the size: what was still on its way to the disk then is in it, or waited for.
      const { state, pending } = engine.stats();
      for await (const entry of engine.entries(tenant, next, engine.size(tenant))) {
        yield entry;
        next = entry.index + 1;
        signal?.throwIfAborted();
      }
      if (state === 'closed' && pending === 0) return;
      await news.arrived;
    } finally {
      news.stop();
    }
  }
}

function newsOf(engine: Pick<Tailed, 'onDurable'>, signal: AbortSignal | undefined, clock: Clock) {
  let wake = () => {};
  const arrived = new Promise<void>((resolve) => (wake = resolve));
  const stopListening = engine.onDurable(wake);
  signal?.addEventListener('abort', wake);
  // A process whose only work is to wait for entries does not end.
  const waiting = clock.setTimer(wake, Infinity);
  return {
    arrived,
    stop() {
      waiting.cancel();
      stopListening();
      signal?.removeEventListener('abort', wake);
    },
  };
}
