import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import * as jose from 'jose';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/secret/secret.ts';
import { signToken } from '../../../src/tokens/jose/sign-token.ts';
import { createTokenVerifier } from '../../../src/tokens/jose/token-verifier.ts';
import { keyRing } from '../../../src/tokens/keys/key-ring.ts';
import { legacySecret } from '../../../src/tokens/keys/legacy-secret.ts';
import { publicKeys } from '../../../src/tokens/keys/public-keys.ts';
import { generateSealingKey, sealingKey } from '../../../src/tokens/keys/sealing-key.ts';
import { generateSigningKey, signingKey, type SigningKey } from '../../../src/tokens/keys/signing-key.ts';
import { readPublicJwk } from '../../../src/tokens/keys/verification-key.ts';
import { failureOf } from '../failure-of.ts';

const START = Date.UTC(2026, 0, 1);
const edPrivate = generateKeyPairSync('ed25519').privateKey;
const key = (kid: string, notBeforeMs = 0, retireAtMs = Infinity) =>
  signingKey(edPrivate, { kid, notBeforeMs, retireAtMs });
const kids = (ring: { jwks(): { keys: readonly object[] } }) =>
  ring.jwks().keys.map((jwk) => (jwk as { kid: string }).kid);

describe('a signing key', () => {
  it.each(['EdDSA', 'ES256', 'RS256'] as const)('of %s has its thumbprint as its id', async (alg) => {
    const made = generateSigningKey(alg);
    expect(made.alg).toBe(alg);
    expect(made.kid).toBe(await jose.calculateJwkThumbprint(made.jwk as jose.JWK));
  });

  it('is read from PEM', () => {
    const pem = edPrivate.export({ format: 'pem', type: 'pkcs8' }).toString();
    expect(signingKey(pem).jwk).toEqual(signingKey(edPrivate).jwk);
  });

  it.each([
    ['a public key', generateKeyPairSync('ed25519').publicKey],
    ['a key of a weak length', generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey],
    [
      'a key of a weak exponent',
      generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).privateKey,
    ],
    ['another curve', generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey],
    ['a key for agreement', generateKeyPairSync('x25519').privateKey],
    ['no PEM', 'canary-7f3a'],
    ['damaged PEM', '-----BEGIN PRIVATE KEY-----\ncanary-7f3a\n-----END PRIVATE KEY-----'],
  ])('is not made of %s, and the error does not quote it', (_, wrong) => {
    const attempt = () => signingKey(wrong);
    expect(attempt).toThrow('signingKey: privateKey must be');
    expect(attempt).not.toThrow('canary');
  });

  it('shows nothing of itself', () => {
    const d = edPrivate.export({ format: 'jwk' }).d as string;
    const ring = keyRing({ signing: [signingKey(edPrivate)] });
    for (const shown of [
      inspect(ring, { depth: 9, showHidden: true }),
      JSON.stringify(ring),
      JSON.stringify(ring.jwks()),
    ]) {
      expect(shown).not.toContain(d);
    }
    expect(
      JSON.stringify(
        createPrivateKey(edPrivate.export({ format: 'pem', type: 'pkcs8' })).export({ format: 'jwk' }),
      ),
    ).toContain(d);
  });

  it('has an id of visible characters, and times that are times', () => {
    for (const kid of ['', 'a b', 'ä', 'x'.repeat(65), 7 as never]) expect(() => key(kid)).toThrow(/kid/);
    expect(() => key('a', -1)).toThrow(RangeError);
    expect(() => key('a', NaN)).toThrow(RangeError);
    expect(() => generateSealingKey({} as never)).toThrow('kid is required');
  });
});

describe('a key ring', () => {
  it('signs with the newest key whose time has come', async () => {
    const clock = manualClock();
    const ring = keyRing({ signing: [key('new', START + 1_000), key('old')], clock });
    expect(ring.signer().kid).toBe('old');
    expect(kids(ring)).toEqual(['new', 'old']);
    await clock.advance(999);
    expect(ring.signer().kid).toBe('old');
    await clock.advance(1);
    expect(ring.signer().kid).toBe('new');
    expect(ring.find('old')?.kid).toBe('old');
  });

  it('prefers the last one added of equals', () => {
    const ring = keyRing({ signing: [key('a'), key('b')] });
    expect(ring.signer().kid).toBe('b');
    ring.add(key('c'));
    expect(ring.signer().kid).toBe('c');
  });

  it('accepts what a key has signed until it retires, and not an instant longer', async () => {
    const clock = manualClock();
    const ring = keyRing({ signing: [key('old', 0, START + 60_000)], clock });
    const verifier = createTokenVerifier({ keys: ring, issuer: 'us', audience: 'x', type: 'JWT', clock });
    const now = START / 1_000;
    const token = await signToken(ring.signer(), 'JWT', { iss: 'us', aud: 'x', iat: now, exp: now + 900 });
    ring.add(key('new'));
    await clock.advance(59_999);
    expect(await failureOf(verifier.verify(token))).toBe('accepted');
    await clock.advance(1);
    expect(await failureOf(verifier.verify(token))).toBe('key');
    expect(kids(ring)).toEqual(['new']);
  });

  it('retires a key at once, and never lets it come back', async () => {
    const clock = manualClock();
    const ring = keyRing({ signing: [key('bad'), key('good')], clock });
    ring.retire('bad', START + 5_000);
    expect(ring.find('bad')).toBeDefined();
    ring.retire('bad');
    expect(ring.find('bad')).toBeUndefined();
    ring.retire('bad', Infinity);
    expect(ring.find('bad')).toBeUndefined();
    expect(() => ring.add(key('bad'))).toThrow('already');
  });

  it('says when no key is left', async () => {
    const ring = keyRing({ signing: [key('a')] });
    ring.retire('a');
    expect(await failureOf(() => ring.signer())).toBe('key');
    expect(await failureOf(() => ring.sealer())).toBe('key');
    expect(ring.jwks()).toEqual({ keys: [] });
  });

  it('never takes one kind of key for the other', () => {
    const seal = generateSealingKey({ kid: 'seal' });
    const ring = keyRing({ signing: [key('sign')], sealing: [seal] });
    expect([ring.find('seal'), ring.findSealing('sign')]).toEqual([undefined, undefined]);
    expect(ring.findSealing('seal')).toBe(seal);
    expect(ring.sealer()).toBe(seal);
    expect(() => ring.add(key('seal'))).toThrow('already');
    expect(() => keyRing({ signing: [seal as never] })).toThrow(TypeError);
    expect(() => keyRing({ signing: [key('a')], sealing: [key('b') as never] })).toThrow(TypeError);
    ring.retire('seal');
    expect(ring.findSealing('seal')).toBeUndefined();
  });

  it('finds no key by anything but its exact id', () => {
    const ring = keyRing({ signing: [key('a')] });
    for (const kid of ['A', 'a ', '', '__proto__', 'constructor', 'hasOwnProperty']) {
      expect(ring.find(kid)).toBeUndefined();
    }
  });

  it('needs a key that signs, and two ids for two keys', () => {
    expect(() => keyRing({ signing: [] })).toThrow('at least one');
    expect(() => keyRing({ signing: [key('a'), key('a')] })).toThrow('already');
    expect(() => keyRing({ signing: [key('a')] }).retire('b')).toThrow('there is no key "b"');
  });

  it('signs and publishes as a plain list of keys would', () => {
    interface Model {
      kid: string;
      notBeforeMs: number;
      retireAtMs: number;
    }
    const steps = fc.array(
      fc.oneof(
        fc.record({ add: fc.nat(50), from: fc.nat(100), to: fc.nat(200) }),
        fc.record({ retire: fc.nat(50), at: fc.nat(200) }),
        fc.record({ advance: fc.nat(40) }),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (history) => {
        const clock = manualClock({ wallStartMs: 0 });
        const ring = keyRing({ signing: [key('first')], clock });
        const model: Model[] = [{ kid: 'first', notBeforeMs: 0, retireAtMs: Infinity }];
        for (const step of history) {
          if ('add' in step && !model.some((one) => one.kid === `k${step.add}`)) {
            ring.add(key(`k${step.add}`, step.from, step.to));
            model.push({ kid: `k${step.add}`, notBeforeMs: step.from, retireAtMs: step.to });
          } else if ('retire' in step) {
            const one = model.find((entry) => entry.kid === `k${step.retire}`);
            if (one === undefined) continue;
            ring.retire(one.kid, step.at);
            one.retireAtMs = Math.min(one.retireAtMs, step.at);
          } else if ('advance' in step) clock.jumpWall(step.advance);
          const nowMs = clock.wallNow();
          const live = model.filter((one) => one.retireAtMs > nowMs);
          expect(kids(ring)).toEqual(live.map((one) => one.kid));
          for (const one of model) expect(ring.find(one.kid) !== undefined).toBe(live.includes(one));
          const begun = live.filter((one) => one.notBeforeMs <= nowMs);
          const latest = Math.max(...begun.map((one) => one.notBeforeMs));
          expect(ring.signer().kid).toBe(begun.findLast((one) => one.notBeforeMs === latest)?.kid);
        }
      }),
    );
  });
});

describe('a published set', () => {
  it('holds public keys alone, and no shared secret', () => {
    const ring = keyRing({
      signing: [
        legacySecret(randomBytes(32).toString('hex'), { kid: 'legacy' }),
        generateSigningKey('ES256', { kid: 'es' }),
        generateSigningKey('RS256', { kid: 'rs' }),
        key('ed'),
      ],
      sealing: [generateSealingKey()],
    });
    expect(kids(ring)).toEqual(['es', 'rs', 'ed']);
    const members = new Set(ring.jwks().keys.flatMap((jwk) => Object.keys(jwk)));
    expect([...members].sort()).toEqual(['alg', 'crv', 'e', 'kid', 'kty', 'n', 'use', 'x', 'y']);
  });

  it('is understood by jose', async () => {
    const ring = keyRing({ signing: [generateSigningKey('ES256')] });
    const token = await signToken(ring.signer(), 'JWT', { sub: 'x' });
    const set = jose.createLocalJWKSet(ring.jwks() as jose.JSONWebKeySet);
    expect((await jose.jwtVerify(token, set)).payload).toEqual({ sub: 'x' });
  });

  it('is read without what is of no use in it', () => {
    const good = key('good').jwk as JsonWebKey;
    const { d } = edPrivate.export({ format: 'jwk' });
    const set = [
      good,
      { ...good, kid: undefined },
      { ...good, kid: 'enc', use: 'enc' },
      { ...good, kid: 'private', d },
      { ...good, kid: 'confused', alg: 'HS256' },
      { kty: 'oct', k: 'c2VjcmV0', kid: 'secret', alg: 'HS256' },
      { kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'weak' },
      { kty: 'nonsense', kid: 'nonsense' },
    ] as JsonWebKey[];
    const keys = publicKeys({ keys: set });
    expect(keys.find('good')?.alg).toBe('EdDSA');
    for (const kid of ['enc', 'private', 'confused', 'secret', 'weak', 'nonsense', '__proto__']) {
      expect(keys.find(kid), kid).toBeUndefined();
    }
    expect(() => publicKeys({ keys: set.slice(1) })).toThrow('must have a key');
    for (const key_ops of [[], ['sign'], 'verify', null])
      expect(() => publicKeys({ keys: [{ ...good, key_ops } as JsonWebKey] })).toThrow('must have a key');
    expect(publicKeys({ keys: [{ ...good, key_ops: ['sign', 'verify'] }] }).find('good')).toBeDefined();
    expect(() => publicKeys({ keys: [good, good] })).toThrow('same kid');
  });
});

it.each([
  [1n, false],
  [3n, false],
  [65_535n, false],
  [65_537n, true],
  [0xffff_ffffn, true],
  [0x1_0000_0001n, false],
])('a key of RSA with the exponent %i is one: %s', (exponent, isOne) => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const digits = exponent.toString(16);
  const e = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex').toString(
    'base64url',
  );
  const jwk = { ...publicKey.export({ format: 'jwk' }), e } as JsonWebKey;
  expect(readPublicJwk(jwk) !== undefined).toBe(isOne);
});

describe('a shared secret', () => {
  const strong = randomBytes(32).toString('hex');
  const attempt = (secret: string | Secret) => () => legacySecret(secret, { kid: 'legacy' });

  it('makes tokens that verifiers with the secret understand', async () => {
    const legacy: SigningKey = legacySecret(strong, { kid: 'legacy' });
    const token = await signToken(legacy, 'JWT', { sub: 'x' });
    expect((await jose.jwtVerify(token, new TextEncoder().encode(strong))).payload).toEqual({ sub: 'x' });
    expect(legacySecret(new Secret(strong), { kid: 'legacy' }).jwk).toBeUndefined();
  });

  it.each([
    '',
    'secret',
    'x'.repeat(31),
    'ab'.repeat(40),
    'dev-secret-key-change-in-production',
    'dev_secret.dev_secret.dev_secret.dev_secret',
    'change-me-change-me-change-me-change-me',
    'please CHANGE ME before you go to production!',
    'your-256-bit-secret-your-256-bit-secret',
    'dev-token-change-in-production-0123456789',
    'my-super-secret-jwt-signing-key-for-dev!',
    'correct-password-of-more-than-32-bytes',
    'this-is-the-default-value-of-jwt-secret',
  ])('is refused when everybody can guess it: %s', (weak) => {
    expect(attempt(weak)).toThrow('legacySecret: secret must');
    if (weak.length > 8) expect(attempt(weak)).not.toThrow(weak);
  });

  it('is accepted when it is random', () => {
    for (let i = 0; i < 200; i++) {
      expect(attempt(randomBytes(32).toString('hex'))).not.toThrow();
      expect(attempt(randomBytes(32).toString('base64'))).not.toThrow();
      expect(attempt(new Secret(randomBytes(32)))).not.toThrow();
    }
  });
});

it.each([null, undefined, 'set', {}, { keys: null }, { keys: { 0: {} } }])('%j is no set of keys', (set) => {
  expect(() => publicKeys(set as never)).toThrow(
    /^publicKeys: set must be an object with an array of keys, got /,
  );
});

it('what is no key in a set is left out', () => {
  const [key] = keyRing({ signing: [generateSigningKey('EdDSA', { kid: 'a' })] }).jwks().keys;
  expect(publicKeys({ keys: [null, 7, key] as never }).find('a')?.alg).toBe('EdDSA');
});

it.each<[(secret: never) => unknown, string, unknown, string]>([
  [(secret) => sealingKey(secret, { kid: 's' }), 'sealingKey', 'hunter2', 'a string of length 7'],
  [(secret) => sealingKey(secret, { kid: 's' }), 'sealingKey', null, 'null'],
  [(secret) => legacySecret(secret, { kid: 's' }), 'legacySecret', 604_213, 'a number'],
  [(secret) => legacySecret(secret, { kid: 's' }), 'legacySecret', {}, 'an object'],
])('%s: a secret of another kind is refused, and not shown', (make, owner, secret, kind) => {
  const rule = owner === 'sealingKey' ? 'an object' : 'a string or an object';
  expect(() => make(secret as never)).toThrow(
    new TypeError(`${owner}: secret must be ${rule} with the method bytes, got ${kind}`),
  );
});

it('a sealing key has 32 bytes', () => {
  expect(sealingKey(new Secret(randomBytes(32)), { kid: 's' }).alg).toBe('dir');
  expect(() => sealingKey(new Secret(randomBytes(31)), { kid: 's' })).toThrow('must have 32 bytes, got 31');
});
