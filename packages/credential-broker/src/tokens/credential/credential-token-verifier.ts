import { RESOURCE_TYPES } from '../../broker/resource.ts';
import { type TokenClaims } from '../jose/sign-token.ts';
import { createTokenVerifier, type TokenVerifierOptions } from '../jose/token-verifier.ts';
import { TokenError } from '../token-error.ts';
import { readActor } from './actor.ts';
import { CREDENTIAL_TOKEN, type CredentialToken } from './credential-token.ts';
import { readScope } from './scope.ts';
import { checkSeal } from './sealed-credential.ts';

/** Options of {@link createCredentialTokenVerifier}. */
export type CredentialTokenVerifierOptions = Omit<TokenVerifierOptions, 'type' | 'requiredClaims'>;

/** Tells genuine credential tokens from others, without a key that opens them. */
export interface CredentialTokenVerifier {
  /**
   * What a token says that is genuine, for this audience, and valid now.
   *
   * @throws {@link TokenError} when it is anything else
   */
  verify(token: string): Promise<CredentialToken>;
}

const TEXTS = ['aud', 'sub', 'tid', 'jti', 'rn'] as const;

/**
 * Makes a verifier of the tokens that {@link issueCredentialToken} makes.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when the skew is out of bounds
 *
 * @example
 * ```ts
 * import { createCredentialTokenVerifier, publicKeys, type JwkSet } from '@holdfast/credential-broker';
 *
 * const verifierFor = (set: JwkSet) =>
 *   createCredentialTokenVerifier({
 *     keys: publicKeys(set),
 *     issuer: 'https://broker.example',
 *     audience: 'orders-db',
 *   });
 * ```
 */
export function createCredentialTokenVerifier(
  options: CredentialTokenVerifierOptions,
): CredentialTokenVerifier {
  const requiredClaims = ['nbf', 'scope', 'rt', 'credential', ...TEXTS];
  const verifier = createTokenVerifier({ ...options, type: CREDENTIAL_TOKEN, requiredClaims });
  return { verify: async (token) => readClaims(await verifier.verify(token)) };
}

function readClaims(claims: TokenClaims): CredentialToken {
  const [audience, subject, tenant, tokenId, ref] = TEXTS.map((name) => textOf(claims[name]));
  const scope = readScope(claims['scope']);
  const type = RESOURCE_TYPES.find((known) => known === claims['rt']);
  if (!audience || !subject || !tenant || !tokenId || !ref || !scope || !type) throw wrong();
  checkSeal(claims['credential'], tokenId);
  return {
    issuer: String(claims['iss']),
    audience,
    tokenId,
    subject,
    tenant,
    resource: { type, ref },
    scope,
    issuedAtMs: Number(claims['iat']) * 1_000,
    expiresAtMs: Number(claims['exp']) * 1_000,
    keyThumbprint: readThumbprint(claims['cnf']),
    actor: claims['act'] === undefined ? undefined : (readActor(claims['act']) ?? fail()),
    sealed: String(claims['credential']),
    claims,
  };
}

/** A confirmation that is not understood must not count as none. */
function readThumbprint(cnf: unknown): string | undefined {
  if (cnf === undefined) return undefined;
  const { jkt } = Object(cnf) as { jkt?: unknown };
  return textOf(jkt) ?? fail();
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

const wrong = () => new TokenError('claims', 'a claim of the token is missing or wrong');

function fail(): never {
  throw wrong();
}
