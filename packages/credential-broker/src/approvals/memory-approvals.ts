import { integer, readOptions, type Rules } from '@holdfast/pipeline';
import { promised } from '../leases/promised.ts';
import { ApprovalBook } from './approval-book.ts';
import type { ApprovalStore } from './approval-store.ts';

/** Options of {@link memoryApprovals}. */
export interface MemoryApprovalsOptions {
  /** How many requests of one principal may wait at once. At least 1. Default 100. */
  readonly maxPerPrincipal?: number | undefined;
  /** How many requests of one tenant may wait at once. At least 1. Default 10,000. */
  readonly maxPerTenant?: number | undefined;
}

/** What {@link memoryApprovals} does unless told otherwise. */
export const memoryApprovalsDefaults = {
  maxPerPrincipal: 100,
  maxPerTenant: 10_000,
} satisfies MemoryApprovalsOptions;

const rules: Rules<MemoryApprovalsOptions> = { maxPerPrincipal: integer(1), maxPerTenant: integer(1) };

/**
 * Makes a store of approvals in memory: what waits, and what was approved and not used yet, ends with the process.
 *
 * @throws {@link TypeError} when an option is unknown
 * @throws {@link RangeError} when an option is out of bounds
 *
 * @example
 * ```ts
 * import { memoryApprovals } from '@holdfast/credential-broker';
 *
 * const approvals = memoryApprovals({ maxPerPrincipal: 10 });
 * console.assert((await approvals.list('acme', undefined, 10)).length === 0);
 * ```
 */
export function memoryApprovals(options: MemoryApprovalsOptions = {}): ApprovalStore {
  const book = new ApprovalBook(readOptions('memoryApprovals', options, rules, memoryApprovalsDefaults));
  return {
    insert: (approval) => promised(() => book.insert(approval)),
    find: (id) => promised(() => book.find(id)),
    findPending: (tenant, requester, requestHash) =>
      promised(() => book.findPending(tenant, requester, requestHash)),
    change: (approval, change) => promised(() => book.change(approval, change)),
    list: (tenant, after, limit) => promised(() => book.list(tenant, after, limit)),
    forget: (beforeMs) => promised(() => book.forget(beforeMs)),
    close: () => Promise.resolve(),
  };
}
