import type { Lease } from '../leases/lease.ts';
import type { Happening } from './audit-trail.ts';

/** What the audit log says of an error of a backend or a store: its kind, and nothing that it says itself. */
export function kindOf(error: unknown): string {
  return error instanceof Error && 'failure' in error ? String(error.failure) : 'unknown';
}

/** What the audit log says of what is nothing to the one who asked for it, whether or not it is to others. */
export const NO_LEASE: Pick<Happening, 'resource' | 'details'> = {
  resource: { type: 'unknown', id: 'unknown' },
  details: {},
};

/** What the audit log says of a lease. Nothing in it is of use to whoever reads it. */
export function aboutLease(lease: Lease): Pick<Happening, 'resource' | 'details'> {
  const { id, resource, scope, audience, mode, redeemer, parent, rule, expiresAtMs, oneTime } = lease;
  return {
    resource: { type: resource.type, id: resource.ref },
    details: {
      leaseId: id,
      holder: lease.principal,
      mode,
      scope,
      audience,
      redeemer,
      parent,
      rule,
      oneTime,
      expiresAtMs,
    },
  };
}
