import { Buffer } from 'node:buffer';
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { manualClock } from '@holdfast/pipeline/testing';
import * as jose from 'jose';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/secret/secret.ts';
import { createDpopChecker, type ProvenRequest } from '../../../src/tokens/dpop/dpop-checker.ts';
import { dpopKey, generateDpopKey } from '../../../src/tokens/dpop/dpop-key.ts';
import { createDpopNonces } from '../../../src/tokens/dpop/dpop-nonces.ts';
import { createDpopProof } from '../../../src/tokens/dpop/dpop-proof.ts';
import { signToken } from '../../../src/tokens/jose/sign-token.ts';
import { generateSigningKey } from '../../../src/tokens/keys/signing-key.ts';
import { failureOf } from '../failure-of.ts';
import { handMade } from '../hand-made.ts';

const NOW = Date.UTC(2026, 0, 1) / 1_000;
const request: ProvenRequest = { method: 'POST', url: 'https://api.example/orders?id=7#top' };
const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const jwkOf = (key: KeyObject) => createPublicKey(key).export({ format: 'jwk' });
const key = dpopKey(privateKey);

let serial = 0;
const claims = () => ({ jti: `proof-${serial++}`, htm: 'POST', htu: 'https://api.example/orders', iat: NOW });
const made = (changed: object = {}, header: object = {}, by: KeyObject = privateKey) =>
  handMade({ alg: 'ES256', typ: 'dpop+jwt', jwk: jwkOf(by), ...header }, { ...claims(), ...changed }, by);
const checkerWith = (options: Parameters<typeof createDpopChecker>[0] = {}) =>
  createDpopChecker({ clock: manualClock(), ...options });
const check = (proof: string, asked: Partial<ProvenRequest> = {}) =>
  failureOf(checkerWith().check(proof, { ...request, ...asked }));

describe('a proof', () => {
  it.each(['ES256', 'EdDSA', 'RS256'] as const)('made with %s names its key', async (alg) => {
    const own = generateDpopKey(alg);
    const proof = await createDpopProof({ key: own, ...request, clock: manualClock() });
    expect(await checkerWith().check(proof, request)).toBe(own.thumbprint);
    expect(own.thumbprint).toBe(await jose.calculateJwkThumbprint(own.jwk as jose.JWK));
  });

  it('says what it has to, and no more', async () => {
    const proof = await createDpopProof({
      key,
      ...request,
      accessToken: 'abc',
      nonce: 'n',
      clock: manualClock(),
    });
    const jwk = jose.decodeProtectedHeader(proof).jwk;
    expect(Object.keys(jwk ?? {}).sort()).toEqual(['crv', 'kty', 'x', 'y']);
    expect(jose.decodeJwt(proof)).toEqual({
      jti: expect.stringMatching(/^[\w-]{22}$/) as string,
      htm: 'POST',
      htu: 'https://api.example/orders',
      iat: NOW,
      ath: createHash('sha256').update('abc').digest('base64url'),
      nonce: 'n',
    });
    await expect(createDpopProof({ key, method: 'GET', url: 'ftp://x' })).rejects.toThrow(TypeError);
  });

  it('of ours is understood by plain jose, and one of jose by us', async () => {
    const ours = await createDpopProof({ key, ...request });
    expect((await jose.jwtVerify(ours, jose.EmbeddedJWK, { typ: 'dpop+jwt' })).payload['htm']).toBe('POST');
    const { publicKey, privateKey: theirs } = await jose.generateKeyPair('ES256');
    const proof = await new jose.SignJWT(claims())
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await jose.exportJWK(publicKey) })
      .sign(theirs);
    expect(await check(proof)).toBe('accepted');
  });
});

describe('a proof is refused', () => {
  it('not when everything is right', async () => {
    expect(await check(made())).toBe('accepted');
  });

  it.each(['post', 'Post', 'GET', '', undefined, ['POST']])('for the method %j', async (htm) => {
    expect(await check(made({ htm }))).toBe('proof');
  });

  it.each([
    'https://api.example/orders/',
    'https://api.example/Orders',
    'https://api.example/',
    'http://api.example/orders',
    'https://api.example:8443/orders',
    'https://api.example.evil/orders',
    'https://user@api.example/orders',
    'https://api.example/orders%2F',
    'https://api.example/../orders/x',
    '/orders',
    'orders',
    '',
    undefined,
    7,
  ])('for the URI %j', async (htu) => {
    expect(await check(made({ htu }))).toBe('proof');
  });

  it.each([
    'https://API.example/orders',
    'HTTPS://api.example:443/orders',
    'https://api.example/./a/../orders',
    'https://api.example/%6frders',
    'https://api.example/orders?other=1#x',
  ])('not for another spelling of the URI: %s', async (htu) => {
    expect(await check(made({ htu }))).toBe('accepted');
  });

  it('not where escapes differ only in case', async () => {
    const url = 'https://api.example/a%2fb';
    expect(await check(made({ htu: 'https://api.example/a%2Fb' }), { url })).toBe('accepted');
    expect(await check(made({ htu: 'https://api.example/a/b' }), { url })).toBe('proof');
  });

  it('when it is too old, or of the future', async () => {
    expect(await check(made({ iat: NOW - 60 }))).toBe('accepted');
    expect(await check(made({ iat: NOW - 61 }))).toBe('proof');
    expect(await check(made({ iat: NOW + 5 }))).toBe('accepted');
    expect(await check(made({ iat: NOW + 6 }))).toBe('proof');
    for (const iat of [undefined, null, `${NOW}`, [NOW]]) expect(await check(made({ iat }))).toBe('proof');
    const infinite = JSON.stringify({ ...claims(), iat: 'HERE' }).replace('"HERE"', '1e400');
    const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: jwkOf(privateKey) };
    expect(await check(handMade(header, infinite, privateKey))).toBe('proof');
  });

  it.each([undefined, '', 7, 'x'.repeat(257)])('with the id %j', async (jti) => {
    expect(await check(made({ jti }))).toBe('proof');
  });

  it('when it is not for the access token', async () => {
    const ath = createHash('sha256').update('token').digest('base64url');
    expect(await check(made({ ath }), { accessToken: 'token' })).toBe('accepted');
    expect(await check(made({}), { accessToken: 'token' })).toBe('proof');
    expect(await check(made({ ath }), { accessToken: 'other' })).toBe('proof');
    expect(await check(made({ ath: [ath] }), { accessToken: 'token' })).toBe('proof');
  });

  it('when the token is bound to another key', async () => {
    expect(await check(made(), { keyThumbprint: key.thumbprint })).toBe('accepted');
    expect(await check(made(), { keyThumbprint: generateDpopKey().thumbprint })).toBe('proof');
    expect(await check(made(), { keyThumbprint: '' })).toBe('proof');
  });

  it('when it is another kind of token', async () => {
    for (const typ of [undefined, 'JWT', 'DPOP+JWT', 'at+jwt'])
      expect(await check(made({}, { typ }))).toBe('proof');
    const token = await signToken(generateSigningKey('ES256'), 'dpop+jwt', claims());
    expect(await check(token)).toBe('proof');
  });

  it('when it carries a private key, or a secret one', async () => {
    const whole = privateKey.export({ format: 'jwk' });
    expect(await check(made({}, { jwk: whole }))).toBe('proof');
    for (const name of ['p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) {
      expect(await check(made({}, { jwk: { ...jwkOf(privateKey), [name]: 'AAAA' } }))).toBe('proof');
    }
    const secret = Buffer.from('secret').toString('base64url');
    const symmetric = handMade(
      { alg: 'HS256', typ: 'dpop+jwt', jwk: { kty: 'oct', k: secret } },
      claims(),
      'secret',
    );
    expect(await check(symmetric)).toBe('proof');
  });

  it.each(['none', 'HS256', 'ES384', 'RS256', 'EdDSA', undefined])('with the algorithm %j', async (alg) => {
    expect(await check(made({}, { alg }))).toBe('proof');
  });

  it('with another key than it is signed with, or none', async () => {
    const other = jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
    expect(await check(made({}, { jwk: other }))).toBe('proof');
    for (const jwk of [undefined, null, 'x', [], {}, { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }]) {
      expect(await check(made({}, { jwk }))).toBe('proof');
    }
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    expect(await check(made({}, { alg: 'ES384' }, p384))).toBe('proof');
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    expect(await check(made({}, { alg: 'RS256' }, weak))).toBe('proof');
  });

  it.each([
    null,
    7,
    {},
    { url: 'https://api.example/orders' },
    { method: 'GET' },
    { method: 7, url: 'https://a' },
  ])('for %j, which is no request', async (request) => {
    const proof = await createDpopProof({ key: generateDpopKey(), method: 'GET', url: 'https://a' });
    await expect(createDpopChecker().check(proof, request as never)).rejects.toThrow(
      /^check: (request|method|url) must be/,
    );
  });

  it('that is no single proof', async () => {
    const proof = made();
    for (const wrong of ['', 'x', `${proof}, ${proof}`, ` ${proof}`, `${proof}=`, undefined as never]) {
      expect(await check(wrong)).toBe('malformed');
    }
    for (const name of ['jku', 'x5u', 'x5c', 'crit', 'b64', 'zip']) {
      expect(await check(made({}, { [name]: ['x'] }))).toBe('malformed');
    }
    const twice = JSON.stringify(claims()).replace('}', ',"htm":"POST"}');
    const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: jwkOf(privateKey) };
    expect(await check(handMade(header, twice, privateKey))).toBe('proof');
  });
});

describe('replay', () => {
  it('is refused for as long as the proof is good', async () => {
    const clock = manualClock();
    const checker = checkerWith({ clock });
    const proof = made({ iat: NOW + 5 });
    expect(await failureOf(checker.check(proof, request))).toBe('accepted');
    for (const ms of [0, 1_000, 30_000, 33_999]) {
      await clock.advance(ms);
      expect(await failureOf(checker.check(proof, request))).toBe('replayed');
    }
    await clock.advance(1);
    expect(await failureOf(checker.check(proof, request))).toBe('replayed');
    await clock.advance(1);
    expect(await failureOf(checker.check(proof, request))).toBe('proof');
  });

  it('is refused also when the clock is put back', async () => {
    const clock = manualClock();
    const checker = checkerWith({ clock });
    const proof = made();
    await checker.check(proof, request);
    for (let turn = 0; turn < 4; turn++) {
      await clock.advance(65_000);
      await failureOf(checker.check(made({ iat: clock.wallNow() / 1_000 }), request));
    }
    clock.jumpWall(-4 * 65_000);
    expect(await failureOf(checker.check(proof, request))).not.toBe('accepted');
  });

  it('is told by the key as well: one id at two keys is two proofs', async () => {
    const checker = checkerWith();
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    expect(await failureOf(checker.check(made({ jti: 'same' }), request))).toBe('accepted');
    expect(await failureOf(checker.check(made({ jti: 'same' }, {}, other), request))).toBe('accepted');
    expect(await failureOf(checker.check(made({ jti: 'same' }), request))).toBe('replayed');
  });

  it('has one winner of many at once', async () => {
    const checker = checkerWith();
    const proof = made();
    const results = await Promise.all(
      Array.from({ length: 100 }, () => failureOf(checker.check(proof, request))),
    );
    expect(results.filter((result) => result === 'accepted')).toHaveLength(1);
    expect(results.filter((result) => result === 'replayed')).toHaveLength(99);
  });

  it('is remembered for so many proofs of a key, without harm to other keys', async () => {
    const clock = manualClock();
    const checker = checkerWith({ clock, maxProofsPerKey: 3 });
    for (let i = 0; i < 3; i++) expect(await failureOf(checker.check(made(), request))).toBe('accepted');
    expect(await failureOf(checker.check(made(), request))).toBe('replayed');
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    expect(await failureOf(checker.check(made({}, {}, other), request))).toBe('accepted');
    await clock.advance(2 * 65_000);
    expect(await failureOf(checker.check(made({ iat: NOW + 130 }), request))).toBe('accepted');
  });

  it('is never forgotten to make room', async () => {
    const checker = checkerWith({ maxProofs: 2 });
    const first = made();
    for (const proof of [first, made()])
      expect(await failureOf(checker.check(proof, request))).toBe('accepted');
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    expect(await failureOf(checker.check(made({}, {}, other), request))).toBe('replayed');
    expect(await failureOf(checker.check(first, request))).toBe('replayed');
  });

  it('has room for keys that a token is bound to, however many proofs strangers make with keys of their own', async () => {
    const clock = manualClock();
    const checker = checkerWith({ clock, maxProofs: 2 });
    const strangers = Array.from(
      { length: 3 },
      () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
    );
    const flood = async (more = {}) => {
      const tried = strangers.map((own) => failureOf(checker.check(made(more, {}, own), request)));
      return (await Promise.all(tried)).sort();
    };
    expect(await flood()).toEqual(['accepted', 'accepted', 'replayed']);
    const bound = { ...request, keyThumbprint: key.thumbprint };
    const proof = made();
    expect(await failureOf(checker.check(proof, bound))).toBe('accepted');
    for (const again of [bound, request])
      expect(await failureOf(checker.check(proof, again))).toBe('replayed');
    expect(await failureOf(checker.check(made(), bound))).toBe('accepted');
    // Both generations count.
    await clock.advance(65_000);
    const later = { iat: NOW + 65 };
    expect(await flood(later)).toEqual(['replayed', 'replayed', 'replayed']);
    expect(await failureOf(checker.check(made(later), bound))).toBe('replayed');
    await clock.advance(65_000);
    expect(await failureOf(checker.check(made({ iat: NOW + 130 }), bound))).toBe('accepted');
  });

  it('is refused with a bound key as well where it was first seen as a stranger’s', async () => {
    const checker = checkerWith();
    const proof = made();
    expect(await failureOf(checker.check(proof, request))).toBe('accepted');
    const bound = { ...request, keyThumbprint: key.thumbprint };
    expect(await failureOf(checker.check(proof, bound))).toBe('replayed');
  });

  it('is not noted for a proof that is refused', async () => {
    const checker = checkerWith();
    const proof = made();
    expect(await failureOf(checker.check(proof, { ...request, method: 'GET' }))).toBe('proof');
    expect(await failureOf(checker.check(proof, request))).toBe('accepted');
  });

  it('can be remembered elsewhere, for several instances', async () => {
    const noted: unknown[] = [];
    const replays = { firstUse: async (...args: unknown[]) => noted.push(args) === 1 };
    const [one, other] = [checkerWith({ replays }), checkerWith({ replays })];
    const proof = made({ jti: 'x' });
    expect(await failureOf(one.check(proof, request))).toBe('accepted');
    expect(await failureOf(other.check(proof, request))).toBe('replayed');
    expect(noted[0]).toEqual([key.thumbprint, 'x', (NOW + 60) * 1_000, false]);
    await one.check(made({ jti: 'y' }), { ...request, keyThumbprint: key.thumbprint }).catch(() => {});
    expect(noted[2]).toEqual([key.thumbprint, 'y', (NOW + 60) * 1_000, true]);
  });
});

describe('nonces', () => {
  it('are required where a server gives them, and rotate', async () => {
    const clock = manualClock();
    const nonces = createDpopNonces({ rotateMs: 10_000, clock });
    const checker = checkerWith({ clock, nonces });
    const checkWith = (nonce: unknown) => failureOf(checker.check(made({ nonce }), request));
    const first = nonces.current();
    for (const wrong of [undefined, '', 'x', 7, `${first}x`, [first]])
      expect(await checkWith(wrong)).toBe('nonce');
    expect(await checkWith(first)).toBe('accepted');
    await clock.advance(10_000);
    expect(nonces.current()).not.toBe(first);
    expect(await checkWith(first)).toBe('accepted');
    expect(await checkWith(nonces.current())).toBe('accepted');
    await clock.advance(10_000);
    expect(await checkWith(first)).toBe('nonce');
  });

  it('are the same at instances with one secret, and tell nothing to others', () => {
    const secret = new Secret('s'.repeat(32));
    const clock = manualClock();
    const [one, other] = [createDpopNonces({ secret, clock }), createDpopNonces({ secret, clock })];
    expect(one.accepts(other.current())).toBe(true);
    expect(createDpopNonces({ clock }).accepts(one.current())).toBe(false);
    secret.dispose();
    expect(one.current()).toBe(other.current());
    expect(() => createDpopNonces({ secret: new Secret('short') })).toThrow('at least 32 bytes');
    expect(() => createDpopNonces({ rotateMs: 999 })).toThrow(RangeError);
  });
});

it('the options of a checker are checked', () => {
  for (const wrong of [
    { maxAgeMs: 0 },
    { maxAgeMs: 300_001 },
    { clockSkewMs: -1 },
    { maxProofs: 0 },
    { maxProofsPerKey: 0 },
  ]) {
    expect(() => createDpopChecker(wrong)).toThrow(RangeError);
  }
  expect(() => createDpopChecker({ nonces: {} as never })).toThrow(TypeError);
  expect(() => dpopKey('x')).toThrow(TypeError);
});
