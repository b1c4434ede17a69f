import type { AuditEngine, Cursor, StoredEntry } from './engine.ts';
import { readBatch } from './entries.ts';

/** What following needs of an engine. */
type Followed = Pick<AuditEngine, 'tenants' | 'size' | 'source' | 'stats' | 'onDurable'>;

/**
 * Reads everything after a cursor, then what comes, in turn for each tenant. What is new is read when it is asked for
 * and from where it lies: a slow reader costs no memory.
 */
export async function* followEntries(
  engine: Followed,
  cursor: Cursor,
  signal: AbortSignal,
): AsyncGenerator<readonly StoredEntry[]> {
  const position = new Map(cursor);
  while (!signal.aborted) {
    const news = listen(engine, signal);
    try {
      for (const tenant of behind(engine, position)) {
        const batch = await readBatch(
          engine.source(tenant),
          tenant,
          position.get(tenant) ?? 0,
          engine.size(tenant),
        );
        if (signal.aborted) return;
        position.set(tenant, (position.get(tenant) ?? 0) + batch.length);
        yield batch;
      }
      // Asked before the sizes: what was still on its way to the disk then is in them, or waited for.
      const { state, pending } = engine.stats();
      if (behind(engine, position).length > 0) continue;
      if (state === 'closed' && pending === 0) return;
      await news.arrived;
    } finally {
      news.stop();
    }
  }
}

function behind(engine: Followed, position: Cursor): readonly string[] {
  return engine.tenants().filter((tenant) => (position.get(tenant) ?? 0) < engine.size(tenant));
}

/** Listens from now on, so that nothing that happens while reading is missed. */
function listen(engine: Followed, signal: AbortSignal) {
  let wake = () => {};
  const arrived = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const stopListening = engine.onDurable(wake);
  signal.addEventListener('abort', wake);
  return {
    arrived,
    stop() {
      stopListening();
      signal.removeEventListener('abort', wake);
    },
  };
}
