import { Buffer } from 'node:buffer';
import { createSecretKey } from 'node:crypto';
import { check, either, having, type } from '@holdfast/pipeline';
import { secretWeakness } from '../../secret/secret-weakness.ts';
import type { Secret } from '../../secret/secret.ts';
import { readKeyOptions, type NamedKeyOptions } from './key-options.ts';
import type { SigningKey } from './signing-key.ts';
import { webKey } from './web-key.ts';

const HMAC = { name: 'HMAC', hash: 'SHA-256' };

/** What SHA-256 is worth (RFC 7518, section 3.2). */
const MIN_BYTES = 32;

/**
 * Makes an HS256 key from a secret that is shared with verifiers which know nothing better. Whoever can verify with it
 * can also sign, so it is never published, and new systems take a {@link signingKey}.
 *
 * @param secret - at least 32 bytes, such as `openssl rand -hex 32` prints; text counts as UTF-8
 * @throws {@link TypeError} when it is too short, monotonous or a placeholder, or an option is of the wrong type
 *
 * @example
 * ```ts
 * import { randomBytes } from 'node:crypto';
 * import { keyRing, legacySecret } from '@holdfast/credential-broker';
 *
 * const shared = randomBytes(32).toString('hex');
 * const keys = keyRing({ signing: [legacySecret(shared, { kid: 'legacy' })] });
 * console.log(keys.jwks().keys.length); // 0
 * ```
 */
export function legacySecret(secret: Secret | string, options: NamedKeyOptions): SigningKey {
  const schedule = readKeyOptions('legacySecret', options);
  check('legacySecret: secret', secret, either(type('string'), having('bytes')));
  const bytes = typeof secret === 'string' ? Buffer.from(secret) : Buffer.from(secret.bytes());
  try {
    const weakness = secretWeakness(bytes, MIN_BYTES);
    if (weakness !== undefined) throw new TypeError(`legacySecret: secret ${weakness}`);
    const key = webKey(createSecretKey(bytes), HMAC, ['sign', 'verify']);
    return { ...schedule, use: 'sig', alg: 'HS256', signWith: key, verifyWith: key, jwk: undefined };
  } finally {
    bytes.fill(0);
  }
}
