import {
  createTokenVerifier,
  TokenError,
  type TokenClaims,
  type TokenVerifierOptions,
} from '@holdfast/credential-broker';
import { isIdentity, type Identity } from './identity.ts';

/** What {@link tokenIdentities} takes. */
export interface TokenIdentitiesOptions extends Omit<TokenVerifierOptions, 'type'> {
  /** What kind of token it must be. Default `at+jwt` (RFC 9068); Supabase and others write `JWT`. */
  readonly type?: string | undefined;
  /** The claim that names the tenant; a token without it is refused. Default `tenant`. */
  readonly tenantClaim?: string | undefined;
  /** The claim that lists the roles. Default `roles`. */
  readonly rolesClaim?: string | undefined;
}

/** Tells who a credential proves somebody to be. */
export type Identities = (credential: string) => Promise<Identity>;

/**
 * Verifies tokens and tells whose they are. Keys come from {@link remoteKeys}, or from a key ring that holds a named
 * legacy secret: no token chooses its algorithm.
 *
 * @returns a function that throws {@link TokenError} for whatever is not genuine, ours and valid now
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 */
export function tokenIdentities(options: TokenIdentitiesOptions): Identities {
  const { tenantClaim = 'tenant', rolesClaim = 'roles', type = 'at+jwt', ...rest } = options;
  const verifier = createTokenVerifier({ ...rest, type });
  return async (token) => identityOf(await verifier.verify(token), tenantClaim, rolesClaim);
}

function identityOf(claims: TokenClaims, tenantClaim: string, rolesClaim: string): Identity {
  const { sub, act, client_id: client, cnf } = claims;
  // Bound to a key of its sender (RFC 7800), and nothing here proves that whoever sent it has that key.
  if (cnf !== undefined) throw wrong('cnf must be absent: the token is no bearer token');
  // Who acts for somebody is named in `act` (RFC 8693, section 4.1); the outermost one acts now.
  const actor = typeof act === 'object' && act !== null ? (act as TokenClaims)['sub'] : undefined;
  const roles = claims[rolesClaim] ?? [];
  const identity = {
    id: actor ?? sub,
    tenant: claims[tenantClaim],
    type: act !== undefined ? 'agent' : client !== undefined && client === sub ? 'workload' : 'user',
    roles,
    ...(act === undefined ? {} : { onBehalfOf: sub ?? null }),
    ...scopesOf(claims),
  } as Identity;
  if (act !== undefined && actor === undefined) throw wrong('act must name who acts');
  if (!Array.isArray(roles) || !isIdentity(identity)) throw wrong('sub, tenant or roles cannot be used');
  return identity;
}

/** `scope` is a text (RFC 8693), `scp` an array, as some issuers write it. */
function scopesOf({ scope, scp }: TokenClaims): Pick<Identity, 'scopes'> {
  if (scope !== undefined && typeof scope !== 'string') throw wrong('scope must be a string');
  if (scp !== undefined && !Array.isArray(scp)) throw wrong('scp must be an array');
  if (scope === undefined && scp === undefined) return {};
  return { scopes: scope?.split(' ').filter((one) => one !== '') ?? (scp as string[]) };
}

const wrong = (rule: string) => new TokenError('claims', `a claim is wrong: ${rule}`);
