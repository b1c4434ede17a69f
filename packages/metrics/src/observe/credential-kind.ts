import { TOKENS } from '../domain/token-metrics.ts';
import type { Kind } from './kind.ts';

const { issued, redeemed, refused, ended, active } = TOKENS;
const by = 'resource_type';

/** A broker of short-lived credentials: the figures of `tokenMetrics`, taken from what it has counted itself. */
const BROKER: Kind = {
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

const renewals = { name: 'token_renewals_total', help: 'Attempts to renew a kept token, by how they ended' };

/** What keeps the tokens of others and renews them before they expire. */
const TOKEN_MANAGER: Kind = {
  has: ['valid', 'refreshed', 'yielded'],
  label: 'name',
  totals: [
    { from: 'refreshed', ...renewals, labels: { outcome: 'renewed' } },
    { from: 'failed', ...renewals, labels: { outcome: 'failed' } },
    { from: 'ended', ...renewals, labels: { outcome: 'ended' } },
    { from: 'yielded', ...renewals, labels: { outcome: 'yielded' } },
    {
      from: 'removed',
      name: 'token_removals_total',
      help: 'Kept tokens that were removed since they were over',
    },
  ],
  levels: [
    { from: 'valid', name: 'tokens_kept_valid', help: 'Kept tokens that are valid' },
    { from: 'expired', name: 'tokens_kept_expired', help: 'Kept tokens that have expired' },
  ],
};

/** What issues credentials, and what keeps those of others. */
export const CREDENTIALS: readonly Kind[] = [BROKER, TOKEN_MANAGER];
