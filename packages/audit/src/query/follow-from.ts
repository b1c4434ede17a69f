import type { AuditEngine, StoredEntry } from '../log/engine.ts';
import { TileError } from '../tiles/tile-error.ts';

/** Entries that are pruned together. */
const BUNDLE = 256;

/**
 * Follows a log from a cursor; entries that were pruned meanwhile are left out.
 *
 * @param cursor - read again after entries were left out, so it has to tell how far the caller has come
 */
export async function* followFrom(
  engine: Pick<AuditEngine, 'follow' | 'tenants' | 'size' | 'entries'>,
  cursor: Map<string, number>,
  signal: AbortSignal,
): AsyncGenerator<readonly StoredEntry[]> {
  while (!signal.aborted) {
    try {
      yield* engine.follow(cursor, signal);
      return;
    } catch (error) {
      if (!isPruned(error)) throw error;
      await skipPruned(engine, cursor);
    }
  }
}

/** Whether reading failed because the log was pruned. */
export const isPruned = (error: unknown) => error instanceof TileError && error.missing;

async function skipPruned(
  engine: Pick<AuditEngine, 'tenants' | 'size' | 'entries'>,
  cursor: Map<string, number>,
): Promise<void> {
  for (const tenant of engine.tenants()) {
    let next = cursor.get(tenant) ?? 0;
    while (next < engine.size(tenant) && !(await isThere(engine, tenant, next))) {
      next = (Math.floor(next / BUNDLE) + 1) * BUNDLE;
    }
    cursor.set(tenant, next);
  }
}

async function isThere(
  engine: Pick<AuditEngine, 'entries'>,
  tenant: string,
  index: number,
): Promise<boolean> {
  try {
    for await (const _ of engine.entries(tenant, index, index + 1)) return true;
    return true;
  } catch (error) {
    if (isPruned(error)) return false;
    throw error;
  }
}
