import type { Credential } from '../../backends/backend.ts';
import type { Resource } from '../../broker/resource.ts';
import { MAX_TOKEN_LENGTH } from '../jose/compact.ts';
import { signToken, type TokenClaims } from '../jose/sign-token.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { OpeningKey } from '../keys/sealing-key.ts';
import { readRecipient, type RecipientKey } from '../keys/workload-key.ts';
import { TokenError } from '../token-error.ts';
import type { Actor } from './actor.ts';
import { readScope } from './scope.ts';
import { open, seal } from './sealed-credential.ts';

/** The kind of token that carries a credential. */
export const CREDENTIAL_TOKEN = 'cred+jwt';

/** What a token says of the credential that it carries. */
export interface CredentialTokenContent {
  /** Who issued it. */
  readonly issuer: string;
  /** Who it is for. */
  readonly audience: string;
  /** The id of the token (`jti`); unique. */
  readonly tokenId: string;
  /** Whom it was issued to. */
  readonly subject: string;
  readonly tenant: string;
  readonly resource: Resource;
  readonly scope: readonly string[];
  /** In milliseconds since the Unix epoch; tokens have whole seconds, rounded down. */
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  /** The thumbprint (RFC 7638) of the key that whoever presents it has to prove. */
  readonly keyThumbprint?: string | undefined;
  /** Who acts for the subject. */
  readonly actor?: Actor | undefined;
}

/** A token that was verified. What it carries is still sealed: see {@link openSealed}. */
export interface CredentialToken extends CredentialTokenContent {
  /** The credential, as a compact JWE for this token alone. */
  readonly sealed: string;
  /** Everything that it says. */
  readonly claims: TokenClaims;
}

/** Options of {@link issueCredentialToken}. */
export interface IssueTokenOptions {
  /** The keys that sign, and seal where no workload is named. */
  readonly keys: KeyRing;
  /** The public key (X25519 or P-256) of the workload. Default: the key of the ring that seals. */
  readonly sealTo?: JsonWebKey | undefined;
}

/**
 * Makes a token that carries a credential: signed, so that anybody can tell what it is for, and sealed, so that only
 * the recipient can read it.
 *
 * @param credential - its secrets must be text
 * @throws {@link TokenError} `key` when no key of the ring is valid or `sealTo` is no such key; `claims` when a scope
 *   has a blank or the token would end at once; `sealed` when the credential is too large for a token
 * @throws {@link TypeError} when a secret was disposed of or is not UTF-8
 *
 * @example
 * ```ts
 * import { generateSealingKey, generateSigningKey, issueCredentialToken, keyRing, Secret } from '@holdfast/credential-broker';
 *
 * const keys = keyRing({ signing: [generateSigningKey()], sealing: [generateSealingKey()] });
 * const token = await issueCredentialToken(
 *   {
 *     issuer: 'https://broker.example',
 *     audience: 'orders-db',
 *     tokenId: 'b4a2c8',
 *     subject: 'agent-1',
 *     tenant: 'acme',
 *     resource: { type: 'database', ref: 'op://prod/orders-db' },
 *     scope: ['read'],
 *     issuedAtMs: 1_767_225_600_000,
 *     expiresAtMs: 1_767_225_900_000,
 *   },
 *   { password: new Secret('hunter2') },
 *   { keys },
 * );
 * ```
 */
export async function issueCredentialToken(
  content: CredentialTokenContent,
  credential: Credential,
  { keys, sealTo }: IssueTokenOptions,
): Promise<string> {
  const claims = claimsOf(content);
  const sealed = await seal(credential, content.tokenId, recipientOf(keys, sealTo));
  const token = await signToken(keys.signer(), CREDENTIAL_TOKEN, { ...claims, credential: sealed });
  if (token.length > MAX_TOKEN_LENGTH)
    throw new TokenError('sealed', 'the credential is too large for a token');
  return token;
}

function recipientOf(keys: KeyRing, sealTo: JsonWebKey | undefined): RecipientKey {
  if (sealTo === undefined) {
    const { kid, alg, openWith } = keys.sealer();
    return { kid, alg, sealWith: openWith };
  }
  const recipient = readRecipient(sealTo);
  if (recipient === undefined) throw new TokenError('key', 'sealTo must be a public key of X25519 or P-256');
  return recipient;
}

function claimsOf(content: CredentialTokenContent): TokenClaims {
  const iat = Math.floor(content.issuedAtMs / 1_000);
  const exp = Math.floor(content.expiresAtMs / 1_000);
  const scope = content.scope.join(' ');
  if (readScope(scope)?.length !== content.scope.length) {
    throw new TokenError('claims', 'a scope must be visible ASCII without blanks, quotes and backslashes');
  }
  if (!(exp > iat)) throw new TokenError('claims', 'the token would end before it begins');
  return {
    iss: content.issuer,
    aud: content.audience,
    sub: content.subject,
    tid: content.tenant,
    jti: content.tokenId,
    iat,
    nbf: iat,
    exp,
    rt: content.resource.type,
    rn: content.resource.ref,
    scope,
    ...(content.keyThumbprint === undefined ? {} : { cnf: { jkt: content.keyThumbprint } }),
    ...(content.actor === undefined ? {} : { act: content.actor }),
  };
}

/**
 * Opens the credential of a token, which has to be verified first.
 *
 * @param key - the key of the workload, or the sealing key of the ring
 * @throws {@link TokenError} `sealed` when the key is another, or the credential is not the token's own
 *
 * @example
 * ```ts
 * import { openSealed, type CredentialTokenVerifier, type WorkloadKey } from '@holdfast/credential-broker';
 *
 * const passwordOf = async (token: string, verifier: CredentialTokenVerifier, key: WorkloadKey) =>
 *   (await openSealed(await verifier.verify(token), key))['password'];
 * ```
 */
export function openSealed(token: CredentialToken, key: OpeningKey): Promise<Credential> {
  return open(token.sealed, token.tokenId, key);
}
