import type { Dashboard } from './dashboard.ts';
import { level, perSecond, quantile, share } from './expression.ts';

const ISSUED = perSecond('tokens_issued_total', 'resource_type');
const REFUSED = perSecond('tokens_refused_total', 'resource_type');

/** Tokens that a credential broker hands out. */
export const tokens: Dashboard = {
  slug: 'tokens',
  title: 'Tokens',
  about: 'Ephemeral credentials: how many are issued, refused and valid, and for how long.',
  rows: [
    {
      title: 'Demand',
      panels: [
        {
          title: 'Issued and redeemed',
          about: 'Tokens issued each second, and tokens exchanged for what they stand for.',
          unit: 'ops',
          queries: [
            { expression: ISSUED, legend: '{{resource_type}}' },
            {
              expression: perSecond('tokens_redeemed_total', 'resource_type'),
              legend: '{{resource_type}} redeemed',
            },
          ],
        },
        {
          title: 'Refused',
          about: 'Tokens refused each second. A rise is a lost permission, or somebody who probes.',
          unit: 'ops',
          queries: [{ expression: REFUSED, legend: '{{resource_type}}' }],
        },
        {
          title: 'Refusals',
          about: 'The share of the tokens asked for that were refused.',
          unit: 'percentunit',
          queries: [{ expression: share(REFUSED, `(${ISSUED} + ${REFUSED})`), legend: '{{resource_type}}' }],
        },
      ],
    },
    {
      title: 'Validity',
      panels: [
        {
          title: 'Valid',
          about: 'Tokens that are valid.',
          unit: 'short',
          queries: [{ expression: level('tokens_active', 'resource_type'), legend: '{{resource_type}}' }],
        },
        {
          title: 'Ended',
          about: 'Tokens that are no longer valid, each second, by why.',
          unit: 'ops',
          queries: [
            {
              expression: perSecond('tokens_ended_total', 'resource_type, reason'),
              legend: '{{resource_type}} {{reason}}',
            },
          ],
        },
        {
          title: 'Lifetime',
          about: 'For how long tokens were issued.',
          unit: 's',
          queries: [
            {
              expression: quantile(0.5, 'token_ttl_seconds', 'resource_type'),
              legend: '{{resource_type}} p50',
            },
            {
              expression: quantile(0.99, 'token_ttl_seconds', 'resource_type'),
              legend: '{{resource_type}} p99',
            },
          ],
        },
      ],
    },
  ],
};
