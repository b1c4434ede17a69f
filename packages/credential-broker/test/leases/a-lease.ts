import type { Lease } from '@holdfast/credential-broker';

/** A lease with whatever a test cares about. */
export function aLease(given: Partial<Lease> & Pick<Lease, 'id'>): Lease {
  return {
    tenant: 'acme',
    principal: 'agent-7',
    onBehalfOf: undefined,
    resource: { type: 'database', ref: 'op://prod/orders' },
    scope: ['read'],
    audience: undefined,
    mode: 'reference',
    oneTime: true,
    redeemer: 'agent-7',
    keyThumbprint: undefined,
    handleHash: undefined,
    tokenId: undefined,
    parent: undefined,
    rule: 'rule-1',
    issuedAtMs: 1_000,
    expiresAtMs: 301_000,
    maxExpiresAtMs: 901_000,
    state: 'active',
    backendRef: undefined,
    parameters: {},
    version: 0,
    ...given,
  };
}
