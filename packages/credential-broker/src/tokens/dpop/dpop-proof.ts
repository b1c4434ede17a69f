import { createHash, randomBytes } from 'node:crypto';
import { systemClock, type Clock } from '@holdfast/pipeline';
import { SignJWT } from 'jose';
import type { DpopKey } from './dpop-key.ts';
import { targetUri } from './target-uri.ts';

/** The type of a proof (RFC 9449, section 4.2). */
export const PROOF_TYPE = 'dpop+jwt';

/** What a proof is for. */
export interface DpopProofOptions {
  /** The key whose possession is proven. */
  readonly key: DpopKey;
  /** The method of the request, as it is sent. */
  readonly method: string;
  /** The URI of the request; query and fragment are left out. */
  readonly url: string;
  /** The access token that goes with the request, if one does. */
  readonly accessToken?: string | undefined;
  /** The last nonce that the server gave, if it gave one. */
  readonly nonce?: string | undefined;
  /** The source of time. Default the platform's. */
  readonly clock?: Clock | undefined;
}

/** What binds a proof to an access token (`ath`). */
export function accessTokenHash(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest('base64url');
}

/**
 * Makes a proof of possession for one request (RFC 9449, section 4.2), to be sent as its `DPoP` header.
 *
 * @throws {@link TypeError} when the URL is none of HTTP, or has a user in it
 *
 * @example
 * ```ts
 * import { createDpopProof, generateDpopKey } from '@holdfast/credential-broker';
 *
 * const key = generateDpopKey();
 * const accessToken = 'the token that was bound to key.thumbprint';
 * const proof = await createDpopProof({ key, method: 'GET', url: 'https://api.example/orders', accessToken });
 * ```
 */
export async function createDpopProof(options: DpopProofOptions): Promise<string> {
  const { key, method, url, accessToken, nonce, clock = systemClock } = options;
  const htu = targetUri(url);
  if (htu === undefined)
    throw new TypeError('createDpopProof: url must be an http or https URL without a user');
  const claims = {
    jti: randomBytes(16).toString('base64url'),
    htm: method,
    htu,
    iat: Math.floor(clock.wallNow() / 1_000),
    ...(accessToken === undefined ? {} : { ath: accessTokenHash(accessToken) }),
    ...(nonce === undefined ? {} : { nonce }),
  };
  const { kty, ...jwk } = key.jwk;
  const header = { alg: key.alg, typ: PROOF_TYPE, jwk: { kty: String(kty), ...jwk } };
  return new SignJWT(claims).setProtectedHeader(header).sign(key.signWith);
}
