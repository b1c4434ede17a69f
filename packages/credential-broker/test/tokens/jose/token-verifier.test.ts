import { Buffer } from 'node:buffer';
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import * as jose from 'jose';
import { describe, expect, it } from 'vitest';
import { keyRing } from '../../../src/tokens/keys/key-ring.ts';
import { legacySecret } from '../../../src/tokens/keys/legacy-secret.ts';
import { publicKeys } from '../../../src/tokens/keys/public-keys.ts';
import { signingKey } from '../../../src/tokens/keys/signing-key.ts';
import { signToken } from '../../../src/tokens/jose/sign-token.ts';
import { createTokenVerifier, type TokenVerifierOptions } from '../../../src/tokens/jose/token-verifier.ts';
import { failureOf } from '../failure-of.ts';
import { handMade, signatureOf } from '../hand-made.ts';

const NOW = Date.UTC(2026, 0, 1) / 1_000;
const privateKeys = {
  EdDSA: generateKeyPairSync('ed25519').privateKey,
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
};
const shared = randomBytes(32).toString('hex');
const keys = keyRing({
  signing: [
    legacySecret(shared, { kid: 'HS256' }),
    ...Object.entries(privateKeys).map(([kid, key]) => signingKey(key, { kid })),
  ],
  clock: manualClock(),
});
const claims = { iss: 'us', aud: 'api', sub: 'agent', iat: NOW, exp: NOW + 300 };

const verifierWith = (options: Partial<TokenVerifierOptions> = {}) =>
  createTokenVerifier({
    keys,
    issuer: 'us',
    audience: 'api',
    type: 'at+jwt',
    clock: manualClock(),
    ...options,
  });
const verifier = verifierWith();
const check = (token: string, options?: Partial<TokenVerifierOptions>) =>
  failureOf((options ? verifierWith(options) : verifier).verify(token));

const made = (header: object, payload: unknown = claims, key: keyof typeof privateKeys = 'EdDSA') =>
  handMade({ alg: key, kid: key, typ: 'at+jwt', ...header }, payload, privateKeys[key]);
const withClaims = (changed: object) => made({}, { ...claims, ...changed });

describe.each(['EdDSA', 'ES256', 'RS256', 'HS256'] as const)('with %s, a token', (alg) => {
  const key = keys.find(alg);
  if (key === undefined) throw new Error('no key');

  it('is verified after it was signed', async () => {
    const token = await signToken(key, 'at+jwt', claims);
    expect(await verifier.verify(token)).toEqual(claims);
  });

  it('of ours is understood by jose, and one of jose by us', async () => {
    const ours = await signToken(key, 'at+jwt', claims);
    const options = { issuer: 'us', audience: 'api', currentDate: new Date(NOW * 1_000) };
    const { payload } = await jose.jwtVerify(ours, key.verifyWith, options);
    expect(payload).toEqual(claims);
    const theirs = await new jose.SignJWT(claims)
      .setProtectedHeader({ alg, kid: alg, typ: 'at+jwt', unknown: 'is ignored' })
      .sign(key.signWith);
    expect(await verifier.verify(theirs)).toEqual(claims);
  });

  it('is refused when any one bit of it is another', async () => {
    const token = await signToken(key, 'at+jwt', claims);
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.integer({ min: 0, max: 6 }), async (at, bit) => {
        const code = token.charCodeAt(at) ^ (1 << bit);
        const changed = token.slice(0, at) + String.fromCharCode(code) + token.slice(at + 1);
        expect(await check(changed)).not.toBe('accepted');
      }),
    );
  });

  it('is refused when its signature is cut', async () => {
    const token = await signToken(key, 'at+jwt', claims);
    const [input, signature = ''] = [token.slice(0, token.lastIndexOf('.')), token.split('.')[2]];
    for (let bytes = 0; bytes < Buffer.from(signature, 'base64url').length; bytes += 7) {
      const cut = Buffer.from(signature, 'base64url').subarray(0, bytes).toString('base64url');
      expect(await check(`${input}.${cut}`)).toBe('signature');
    }
  });
});

describe('the algorithm', () => {
  it.each(['none', 'None', 'NONE', 'nOnE'])('is never %s', async (alg) => {
    for (const kid of ['EdDSA', 'HS256', undefined]) {
      const token = handMade({ alg, kid, typ: 'at+jwt' }, claims, '').replace(/[^.]*$/, '');
      expect(await check(token)).toBe('key');
    }
  });

  it('is the one of the key, whatever the header says', async () => {
    for (const alg of [
      'HS256',
      'HS384',
      'ES256',
      'ES384',
      'RS256',
      'PS256',
      'Ed25519',
      'eddsa',
      '',
      7,
      null,
    ]) {
      expect(await check(made({ alg }))).toBe('key');
    }
    expect(await check(made({}))).toBe('accepted');
  });

  it.each(['EdDSA', 'ES256', 'RS256'] as const)(
    'does not turn the public key of %s into a secret',
    async (kid) => {
      const publicKey = createPublicKey(privateKeys[kid]);
      const jwk = publicKey.export({ format: 'jwk' });
      const spellings = [
        publicKey.export({ format: 'pem', type: 'spki' }).toString(),
        publicKey.export({ format: 'pem', type: 'spki' }).toString().trim(),
        JSON.stringify(jwk),
        JSON.stringify({ ...jwk, kid, alg: kid, use: 'sig' }),
        Buffer.from(String(jwk.x ?? jwk.n), 'base64url').toString('latin1'),
      ];
      for (const secret of spellings) {
        expect(await check(handMade({ alg: 'HS256', kid, typ: 'at+jwt' }, claims, secret))).toBe('key');
      }
    },
  );

  it('is not one for passwords, however many rounds it asks for', async () => {
    const header = { alg: 'PBES2-HS256+A128KW', p2c: 2_147_483_647, p2s: 'AAAA', enc: 'A256GCM' };
    expect(await check(made(header))).toBe('key');
  });
});

describe('the key', () => {
  it.each([
    '',
    'eddsa',
    '__proto__',
    'constructor',
    'toString',
    '../../dev/null',
    "a' OR '1'='1",
    'EdDSA\0',
    'HS256 ',
  ])('is not found by the kid %j', async (kid) => {
    expect(await check(made({ kid }))).toBe('key');
  });

  it.each([undefined, null, 0, true, ['EdDSA'], { EdDSA: 1 }])('is not found by the kid %j', async (kid) => {
    expect(await check(made({ kid }))).toBe('key');
  });

  it('is not the one of somebody else with the same kid', async () => {
    const others = publicKeys(keyRing({ signing: [signingKey(privateKeys.EdDSA, { kid: 'EdDSA' })] }).jwks());
    const foreign = generateKeyPairSync('ed25519').privateKey;
    const token = handMade({ alg: 'EdDSA', kid: 'EdDSA', typ: 'at+jwt' }, claims, foreign);
    expect(await check(token, { keys: others })).toBe('signature');
  });

  it('may be found later', async () => {
    const slow = { find: async (kid: string) => keys.find(kid) };
    expect(await check(made({}), { keys: slow })).toBe('accepted');
  });

  it('is not found in time: the error of the finder is the caller’s', async () => {
    const broken = { find: () => Promise.reject(new Error('no network')) };
    await expect(verifierWith({ keys: broken }).verify(made({}))).rejects.toThrow('no network');
  });
});

describe('the kind of token', () => {
  it.each([undefined, 'JWT', 'cred+jwt', 'dpop+jwt', '', 7])('%j is refused', async (typ) => {
    expect(await check(made({ typ }))).toBe('type');
  });

  it('can be an ID token only for who expects one', async () => {
    expect(await check(made({ typ: 'JWT' }), { type: 'JWT' })).toBe('accepted');
  });
});

describe('issuer and audience', () => {
  it.each(['them', 'US', 'us ', '', ['us'], undefined, null])('refuses the issuer %j', async (iss) => {
    expect(['issuer', 'claims']).toContain(await check(withClaims({ iss })));
  });

  it.each(['other', 'API', '', 7, [], ['other'], undefined])('refuses the audience %j', async (aud) => {
    expect(['audience', 'claims']).toContain(await check(withClaims({ aud })));
  });

  it('refuses a token that is for others as well', async () => {
    expect(await check(withClaims({ aud: ['api', 'other'] }))).toBe('audience');
    expect(await check(withClaims({ aud: ['api', 7] }))).toBe('audience');
    expect(await check(withClaims({ aud: ['api', 'other'] }), { audience: ['api', 'other'] })).toBe(
      'accepted',
    );
    expect(await check(withClaims({ aud: ['api'] }))).toBe('accepted');
  });

  it('leaves the audience open to who asks for any', async () => {
    expect(await check(withClaims({ aud: 'whoever' }), { audience: 'any' })).toBe('accepted');
    expect(await check(withClaims({ aud: undefined }), { audience: 'any' })).toBe('audience');
    expect(await check(withClaims({ aud: 'any' }), { audience: ['any'] })).toBe('accepted');
    expect(await check(withClaims({ aud: 'x' }), { audience: ['any'] })).toBe('audience');
  });

  it('requires the claims that are asked for', async () => {
    expect(await check(made({}), { requiredClaims: ['tid'] })).toBe('claims');
    expect(await check(withClaims({ tid: 'acme' }), { requiredClaims: ['tid'] })).toBe('accepted');
  });
});

describe('time', () => {
  it('ends with exp, plus the skew', async () => {
    expect(await check(withClaims({ iat: NOW - 300, exp: NOW - 4 }))).toBe('accepted');
    expect(await check(withClaims({ iat: NOW - 300, exp: NOW - 5 }))).toBe('expired');
    expect(await check(withClaims({ iat: NOW - 300, exp: NOW }), { clockSkewMs: 0 })).toBe('expired');
    expect(await check(withClaims({ iat: NOW - 300, exp: NOW + 1 }), { clockSkewMs: 0 })).toBe('accepted');
  });

  it.each(['nbf', 'iat'])('begins with %s, minus the skew', async (name) => {
    expect(await check(withClaims({ [name]: NOW + 5 }))).toBe('accepted');
    expect(await check(withClaims({ [name]: NOW + 6 }))).toBe('not-yet-valid');
    expect(await check(withClaims({ [name]: NOW + 1 }), { clockSkewMs: 0 })).toBe('not-yet-valid');
  });

  it.each(['exp', 'iat'])('must be said by %s', async (name) => {
    expect(await check(withClaims({ [name]: undefined }))).toBe('claims');
  });

  it.each(['iat', 'nbf', 'exp'])('is whole seconds in %s', async (name) => {
    const wrong = [
      `"${NOW + 100}"`,
      `${NOW - 99.5}`,
      '1e400',
      '-1',
      'null',
      'true',
      '[1]',
      '{}',
      '9007199254740993',
    ];
    for (const value of wrong) {
      const payload = JSON.stringify({ ...claims, [name]: 'HERE' }).replace('"HERE"', value);
      expect(await check(made({}, payload)), `${name}: ${value}`).not.toBe('accepted');
    }
    expect(await check(made({}, JSON.stringify({ ...claims, [name]: 'NaN' })))).not.toBe('accepted');
  });

  it('does not end before it begins', async () => {
    expect(await check(withClaims({ iat: NOW + 3, exp: NOW + 3 }))).toBe('claims');
    expect(await check(withClaims({ iat: NOW + 3, exp: NOW + 2 }))).toBe('claims');
  });
});

describe('the claims', () => {
  it('are refused with a key twice, also when the signature is right', async () => {
    const text = JSON.stringify(claims);
    expect(await check(made({}, text))).toBe('accepted');
    for (const twice of ['"sub":"agent"', '"s\\u0075b":"admin"', '"exp":9999999999', '"x":{"y":1,"y":2}']) {
      expect(await check(made({}, text.replace(/}$/, `,${twice}}`))), twice).toBe('malformed');
    }
  });

  it.each(['[]', '"a"', 'null', '', '{', '7'])('are refused when they are %j', async (payload) => {
    expect(await check(made({}, payload))).toBe('malformed');
  });

  it('are not read from a signature that was right for another spelling', async () => {
    const header = Buffer.from(`{"alg": "EdDSA","kid":"EdDSA","typ":"at+jwt"}`).toString('base64');
    const input = `${header}=.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    const token = `${input}.${signatureOf(input, privateKeys.EdDSA).toString('base64url')}`;
    expect(await check(token)).toBe('malformed');
  });
});

describe('its options', () => {
  it.each(['keys', 'issuer', 'audience', 'type'])('include %s', (name) => {
    expect(() => verifierWith({ [name]: undefined })).toThrow(`createTokenVerifier: ${name} is required`);
  });

  it.each([{ issuer: '' }, { audience: '' }, { audience: [] }, { audience: ['a', ''] }, { type: '' }])(
    'pin something: %j is refused',
    (options) => {
      const [name = ''] = Object.keys(options);
      expect(() => verifierWith(options)).toThrow(
        `createTokenVerifier: ${name} must be a string that is not`,
      );
    },
  );

  it('are checked', () => {
    expect(() => verifierWith({ requiredClaims: [''] })).toThrow(TypeError);
    expect(() => verifierWith({ clockSkewMs: 60_001 })).toThrow(RangeError);
    expect(() => verifierWith({ clockSkewMs: -1 })).toThrow(RangeError);
    expect(() => verifierWith({ audience: [7] as never })).toThrow(TypeError);
    expect(() => verifierWith({ algorithms: ['none'] } as never)).toThrow(TypeError);
  });
});

it('an error holds nothing of the token', async () => {
  const token = withClaims({ exp: NOW - 60, iat: NOW - 90, note: 'canary' });
  const error: unknown = await verifier.verify(token).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'ERR_BROKER_TOKEN', failure: 'expired' });
  expect(error).not.toHaveProperty('cause');
  expect(JSON.stringify([error, String(error), Object.entries(error as object)])).not.toContain('canary');
});
