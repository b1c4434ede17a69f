import { promised } from '../leases/promised.ts';
import type { ApprovalStore } from './approval-store.ts';
import type { Approval } from './approval.ts';

/**
 * Makes a store of approvals in memory.
 *
 * @example
 * ```ts
 * import { memoryApprovals } from '@holdfast/credential-broker';
 *
 * const approvals = memoryApprovals();
 * console.assert((await approvals.list('acme', undefined, 10)).length === 0);
 * ```
 */
export function memoryApprovals(): ApprovalStore {
  const approvals = new Map<string, Approval>();
  const pending = (tenant: string) =>
    [...approvals.values()].filter((one) => one.tenant === tenant && one.state === 'pending');
  return {
    insert: (approval) => promised(() => void approvals.set(approval.id, Object.freeze({ ...approval }))),
    find: (id) => promised(() => approvals.get(id)),
    findPending: (tenant, requester, requestHash) =>
      promised(() =>
        pending(tenant).find((one) => one.requester === requester && one.requestHash === requestHash),
      ),
    change: (approval, change) =>
      promised(() => {
        const found = approvals.get(approval.id);
        if (found?.state !== approval.state) return undefined;
        const changed = Object.freeze({ ...found, ...change });
        approvals.set(changed.id, changed);
        return changed;
      }),
    list: (tenant, after, limit) =>
      promised(() =>
        pending(tenant)
          .filter(({ id }) => after === undefined || id > after)
          .sort((a, b) => (a.id < b.id ? -1 : 1))
          .slice(0, limit),
      ),
    forget: (beforeMs) =>
      promised(() => {
        const gone = [...approvals.values()].filter(({ expiresAtMs }) => expiresAtMs < beforeMs);
        for (const { id } of gone) approvals.delete(id);
        return gone.length;
      }),
    close: () => Promise.resolve(),
  };
}
