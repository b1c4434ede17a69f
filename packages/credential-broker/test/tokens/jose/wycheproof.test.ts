import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/secret/secret.ts';
import { createTokenVerifier } from '../../../src/tokens/jose/token-verifier.ts';
import { legacySecret } from '../../../src/tokens/keys/legacy-secret.ts';
import { publicKeys } from '../../../src/tokens/keys/public-keys.ts';
import type { VerificationKey, VerificationKeys } from '../../../src/tokens/keys/verification-key.ts';
import { TokenError } from '../../../src/tokens/token-error.ts';

interface Vector {
  readonly file: 'signature' | 'key';
  readonly tcId: number;
  readonly key: string;
  readonly result: 'valid' | 'invalid';
  readonly jws: string;
}

type Jwk = JsonWebKey & { readonly kid: string };

const { keys, vectors } = JSON.parse(
  readFileSync(new URL('./wycheproof/vectors.json', import.meta.url), 'utf8'),
) as { readonly keys: Readonly<Record<string, readonly Jwk[]>>; readonly vectors: readonly Vector[] };

/** Where the file and we disagree, and why. */
const OURS: Readonly<Record<string, string>> = {
  'signature 367': 'genuine: it is the token of 357, which the file calls valid',
  'signature 370': 'genuine: it is the token of 357, which the file calls valid',
  'signature 372': 'refused: a question mark is no character of base64url, whatever the file says',
  'signature 373': 'refused: a question mark is no character of base64url, whatever the file says',
};

/** As a legacy secret is; one of zeros as well, which that refuses, for its vectors are about the encoding of tokens. */
async function secretKey({ k = '', kid }: Jwk): Promise<VerificationKey> {
  if (!/^A+$/.test(k)) return legacySecret(new Secret(Buffer.from(k, 'base64url')), { kid });
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const bytes = Buffer.from(k, 'base64url');
  return {
    kid,
    alg: 'HS256',
    verifyWith: await crypto.subtle.importKey('raw', bytes, algorithm, false, ['verify']),
  };
}

async function keysOf(set: readonly Jwk[]): Promise<VerificationKeys> {
  const [only] = set;
  if (set.length > 1 || only?.kty !== 'oct') return publicKeys({ keys: set });
  const key = await secretKey(only);
  return { find: (kid) => (kid === key.kid ? key : undefined) };
}

/** That a token has no claims is found once its signature is found to be right, and none of these has any. */
const GENUINE = 'the token is refused: malformed';

async function refusalOf({ key, jws }: Vector): Promise<string> {
  try {
    const found = await keysOf(keys[key] ?? []);
    await createTokenVerifier({ keys: found, issuer: 'us', audience: 'api', type: 'at+jwt' }).verify(jws);
  } catch (error) {
    if (error instanceof TokenError || error instanceof TypeError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('vectors of Project Wycheproof', () => {
  it.each(vectors)('$file $tcId ($key) is $result', async (vector) => {
    const isOurs = `${vector.file} ${vector.tcId}` in OURS;
    const refusal = await refusalOf(vector);
    if ((vector.result === 'valid') !== isOurs) expect(refusal).toBe(GENUINE);
    else
      expect(refusal).toMatch(
        /^(the token (must|has|is refused: signature)|no valid key|publicKeys:|legacySecret:|the algorithm)/,
      );
  });
});
