import { createCredentialTokenVerifier } from '../tokens/credential/credential-token-verifier.ts';
import { introspectionOf } from '../tokens/exchange/introspection.ts';
import type { TokenClaims } from '../tokens/jose/sign-token.ts';
import { TokenError } from '../tokens/token-error.ts';
import type { Lease } from '../leases/lease.ts';
import type { Introspection } from './broker.ts';
import type { BrokerCore } from './broker-core.ts';
import { isAlive } from './find-lease.ts';
import { hashHandle, isHandle } from './handle.ts';
import type { Principal } from './principal.ts';
import { checkPrincipal } from './read-principal.ts';

/** Says what a token or handle is good for, to its parties and to operators; to others it is one that is not. */
export async function introspect(core: BrokerCore, token: string, caller: Principal): Promise<Introspection> {
  checkPrincipal('introspect', caller);
  core.admit(caller);
  const found = isHandle(token) ? await byHandle(core, token) : await byToken(core, token);
  const theirs = found !== undefined && isTold(core, found.lease, caller);
  return introspectionOf(theirs && (await isAlive(core, found.lease)) ? found.claims : undefined);
}

interface Found {
  readonly lease: Lease;
  readonly claims: TokenClaims;
}

async function byHandle(core: BrokerCore, handle: string): Promise<Found | undefined> {
  const lease = await core.store((leases) => leases.findByHandle(hashHandle(handle)));
  return lease && { lease, claims: claimsOf(core, lease) };
}

async function byToken(core: BrokerCore, token: string): Promise<Found | undefined> {
  const { tokens, clock } = core.settings;
  if (tokens === undefined) return undefined;
  const verifier = createCredentialTokenVerifier({ ...tokens, audience: 'any', clock });
  try {
    const { claims, tokenId } = await verifier.verify(token);
    const lease = await core.store((leases) => leases.findByToken(tokenId));
    return lease && { lease, claims };
  } catch (error) {
    if (error instanceof TokenError) return undefined;
    throw error;
  }
}

function isTold(core: BrokerCore, lease: Lease, caller: Principal): boolean {
  if (lease.tenant !== caller.tenant) return false;
  const parties = [lease.principal, lease.redeemer, lease.audience, lease.onBehalfOf];
  return parties.includes(caller.id) || core.settings.isOperator(caller);
}

/** What a token for the same lease would say. */
function claimsOf(core: BrokerCore, lease: Lease): TokenClaims {
  const { id, tenant, principal, onBehalfOf, resource, scope, audience, keyThumbprint } = lease;
  const iat = Math.floor(lease.issuedAtMs / 1_000);
  return {
    ...(core.settings.tokens && { iss: core.settings.tokens.issuer }),
    aud: audience ?? lease.redeemer,
    sub: onBehalfOf ?? principal,
    tid: tenant,
    jti: id,
    iat,
    exp: Math.floor(lease.expiresAtMs / 1_000),
    rt: resource.type,
    rn: resource.ref,
    scope: scope.join(' '),
    ...(keyThumbprint !== undefined && { cnf: { jkt: keyThumbprint } }),
    ...(onBehalfOf !== undefined && { act: { sub: principal } }),
  };
}
