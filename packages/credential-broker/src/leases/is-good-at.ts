import type { Lease } from './lease.ts';

/** How far the clock of the process that made a lease may be ahead, in milliseconds; so much longer it may live here. */
const MAX_AHEAD_MS = 60_000;

/** Whether a lease is good at an instant, as far as it says itself. */
export const isGoodAt = ({ state, issuedAtMs, expiresAtMs }: Lease, nowMs: number): boolean =>
  state === 'active' && nowMs < expiresAtMs && issuedAtMs <= nowMs + MAX_AHEAD_MS;
