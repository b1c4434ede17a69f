import type { Lease, LeaseChange } from './lease.ts';

/** What of a lease never changes. */
export type LeaseTerms = Omit<Lease, keyof LeaseChange | 'version'>;

/** What of a lease changes. */
export type LeaseProgress = Pick<Lease, keyof LeaseChange | 'version'>;

/** JSON leaves out what is undefined; a lease has every field. */
const NOTHING: Partial<LeaseTerms> = {
  onBehalfOf: undefined,
  audience: undefined,
  keyThumbprint: undefined,
  parent: undefined,
};

/** A lease of its two halves, the first as JSON. */
export function joinLease(terms: string, progress: LeaseProgress): Lease {
  return { ...NOTHING, ...(JSON.parse(terms) as LeaseTerms), ...progress };
}
