import { check, type Rule } from '@holdfast/pipeline';
import {
  readPublicJwk,
  type JwkSet,
  type VerificationKey,
  type VerificationKeys,
} from './verification-key.ts';

const isSet: Rule = (value) =>
  Array.isArray((value as Partial<JwkSet> | null | undefined)?.keys)
    ? undefined
    : 'must be an object with an array of keys';

/**
 * The keys of somebody else's published set (RFC 7517), to verify their tokens with. Keys without an id, for something
 * else or of other kinds are left out, as are secret ones, which no set may hold.
 *
 * @throws {@link TypeError} when it is no set, two keys have one id, or no key is left
 *
 * @example
 * ```ts
 * import { generateSigningKey, keyRing, publicKeys } from '@holdfast/credential-broker';
 *
 * const keys = publicKeys(keyRing({ signing: [generateSigningKey('ES256', { kid: 'a' })] }).jwks());
 * console.log(keys.find('a')?.alg); // ES256
 * ```
 */
export function publicKeys(
  set: JwkSet,
): { find(kid: string): VerificationKey | undefined } & VerificationKeys {
  check('publicKeys: set', set, isSet);
  const keys = new Map<string, VerificationKey>();
  for (const jwk of set.keys) {
    const key = readKey(jwk);
    if (key === undefined) continue;
    if (keys.has(key.kid)) throw new TypeError('publicKeys: two keys have the same kid');
    keys.set(key.kid, key);
  }
  if (keys.size === 0) throw new TypeError('publicKeys: set must have a key that can be used');
  return { find: (kid) => keys.get(kid) };
}

function readKey(jwk: (JsonWebKey & { kid?: unknown }) | null): VerificationKey | undefined {
  if (typeof jwk !== 'object' || jwk === null) return undefined;
  const { kid, use = 'sig', key_ops = ['verify'], alg: declared } = jwk;
  const isForUs = use === 'sig' && Array.isArray(key_ops) && key_ops.includes('verify');
  if (typeof kid !== 'string' || !isForUs || 'd' in jwk) return undefined;
  const key = readPublicJwk(jwk, kid);
  return key !== undefined && (declared ?? key.alg) === key.alg ? key : undefined;
}
