import { TOKENS } from '../domain/token-metrics.ts';
import type { Kind } from './kind.ts';

const { issued, redeemed, refused, ended, active } = TOKENS;
const by = 'resource_type';

/** A broker of short-lived credentials: the figures of `tokenMetrics`, taken from what it has counted itself. */
export const BROKER: Kind = {
  has: ['issued', 'denied'],
  totals: [
    { from: 'issued', ...issued, by },
    { from: 'redeemed', ...redeemed, by },
    { from: 'denied', ...refused, by },
    { from: 'revoked', ...ended, by, labels: { reason: 'revoked' } },
    { from: 'expired', ...ended, by, labels: { reason: 'expired' } },
  ],
  levels: [{ from: 'active', ...active, by }],
};
