import { LeaseBook } from './lease-book.ts';
import type { LeaseStore } from './lease-store.ts';
import { promised } from './promised.ts';

/**
 * Makes a store of leases in memory: survives nothing, costs next to nothing.
 *
 * @example
 * ```ts
 * import { memoryLeases } from '@holdfast/credential-broker';
 *
 * const leases = memoryLeases();
 * console.assert((await leases.find('unknown')) === undefined);
 * ```
 */
export function memoryLeases(): LeaseStore {
  const book = new LeaseBook();
  return {
    insert: (lease) => promised(() => void book.insert(lease)),
    change: (lease, change) => promised(() => book.change(lease, change)),
    find: (id) => promised(() => book.find(id)),
    findByHandle: (handleHash) => promised(() => book.findByHandle(handleHash)),
    findByToken: (tokenId) => promised(() => book.findByToken(tokenId)),
    list: (filter, after, limit) => promised(() => book.list(filter, after, limit)),
    due: (byMs, limit) => promised(() => book.due(byMs, limit)),
    forget: (beforeMs) => promised(() => book.forget(beforeMs)),
    active: () => promised(() => book.active()),
    close: () => Promise.resolve(),
  };
}
