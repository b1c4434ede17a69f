import { Buffer } from 'node:buffer';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import * as jose from 'jose';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/secret/secret.ts';
import { createCredentialTokenVerifier } from '../../../src/tokens/credential/credential-token-verifier.ts';
import {
  issueCredentialToken,
  openSealed,
  type CredentialTokenContent,
} from '../../../src/tokens/credential/credential-token.ts';
import { signToken } from '../../../src/tokens/jose/sign-token.ts';
import { keyRing } from '../../../src/tokens/keys/key-ring.ts';
import { publicKeys } from '../../../src/tokens/keys/public-keys.ts';
import { generateSealingKey, sealingKey } from '../../../src/tokens/keys/sealing-key.ts';
import { generateSigningKey } from '../../../src/tokens/keys/signing-key.ts';
import { generateWorkloadKey, workloadKey } from '../../../src/tokens/keys/workload-key.ts';
import { failureOf } from '../failure-of.ts';

const NOW = Date.UTC(2026, 0, 1);
const clock = manualClock();
const sealBytes = randomBytes(32);
const keys = keyRing({
  signing: [generateSigningKey()],
  sealing: [sealingKey(new Secret(sealBytes), { kid: 'seal' })],
  clock,
});
const workload = generateWorkloadKey();
const content: CredentialTokenContent = {
  issuer: 'https://broker.example',
  audience: 'orders-db',
  tokenId: 'token-1',
  subject: 'agent-1',
  tenant: 'acme',
  resource: { type: 'database', ref: 'op://prod/orders-db' },
  scope: ['read', 'write'],
  issuedAtMs: NOW + 999,
  expiresAtMs: NOW + 300_999,
};
const PASSWORD = 'c4n"ary/pässword\n';
const credential = () => ({ username: new Secret('orders'), password: new Secret(PASSWORD) });

const verifier = createCredentialTokenVerifier({
  keys: publicKeys(keys.jwks()),
  issuer: content.issuer,
  audience: content.audience,
  clock,
});
const issue = (
  changed: Partial<CredentialTokenContent> = {},
  sealTo: JsonWebKey | undefined = workload.jwk,
) => issueCredentialToken({ ...content, ...changed }, credential(), { keys, sealTo });
const claimsOf = (token: string) => jose.decodeJwt(token);
/** Signs claims with the broker's own key, as an issuer with a mistake would. */
const signed = (claims: object) => signToken(keys.signer(), 'cred+jwt', claims as Record<string, unknown>);
const reveal = (opened: Readonly<Record<string, Secret>>) =>
  Object.fromEntries(Object.entries(opened).map(([field, secret]) => [field, secret.reveal()]));

describe('a credential token', () => {
  it('says what it is for to who cannot open it', async () => {
    const token = await issue({ keyThumbprint: 'jkt', actor: { sub: 'proxy', act: { sub: 'agent-0' } } });
    const read = await verifier.verify(token);
    expect(read).toMatchObject({
      ...content,
      issuedAtMs: NOW,
      expiresAtMs: NOW + 300_000,
      keyThumbprint: 'jkt',
      actor: { sub: 'proxy', act: { sub: 'agent-0' } },
    });
    expect(jose.decodeProtectedHeader(token)).toEqual({
      alg: 'EdDSA',
      kid: keys.signer().kid,
      typ: 'cred+jwt',
    });
    expect(Object.keys(read.claims).sort()).toEqual([
      'act',
      'aud',
      'cnf',
      'credential',
      'exp',
      'iat',
      'iss',
      'jti',
      'nbf',
      'rn',
      'rt',
      'scope',
      'sub',
      'tid',
    ]);
  });

  it.each([
    ['X25519', workload],
    ['P-256', generateWorkloadKey('P-256')],
  ])('is opened by the workload with its key of %s, and by no other', async (_, key) => {
    const token = await verifier.verify(await issue({}, key.jwk));
    expect(reveal(await openSealed(token, key))).toEqual({ username: 'orders', password: PASSWORD });
    for (const other of [generateWorkloadKey(), generateWorkloadKey('P-256'), keys.sealer()]) {
      expect(await failureOf(openSealed(token, other))).toBe('sealed');
    }
  });

  it('is opened with the key of the ring where no workload is named', async () => {
    const made = await issueCredentialToken(content, credential(), { keys });
    const token = await verifier.verify(made);
    expect(reveal(await openSealed(token, keys.sealer()))).toEqual({
      username: 'orders',
      password: PASSWORD,
    });
    for (const other of [workload, generateSealingKey()]) {
      expect(await failureOf(openSealed(token, other))).toBe('sealed');
    }
  });

  it('shows nothing of the credential', async () => {
    for (const token of [await issue(), await issueCredentialToken(content, credential(), { keys })]) {
      const texts = [
        token,
        ...token.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1')),
      ];
      texts.push(JSON.stringify(await verifier.verify(token)));
      for (const text of texts) expect(text).not.toMatch(/orders"|ssword/);
    }
  });

  it('carries any credential of text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.string({ unit: 'grapheme' })), async (fields) => {
        const secrets = Object.fromEntries(
          Object.entries(fields).map(([name, value]) => [name, new Secret(value)]),
        );
        const token = await issueCredentialToken(content, secrets, { keys });
        expect(reveal(await openSealed(await verifier.verify(token), keys.sealer()))).toEqual(fields);
      }),
      { numRuns: 50 },
    );
  });

  it('is never sealed twice with one nonce', async () => {
    const nonces = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const sealed = claimsOf(await issueCredentialToken(content, credential(), { keys }))['credential'];
      nonces.add(String(sealed).split('.')[2] as string);
    }
    expect(nonces.size).toBe(200);
  });
});

describe('sealing', () => {
  it('is to this token alone: what was sealed for another is refused before it is opened', async () => {
    for (const sealTo of [workload.jwk, undefined]) {
      const [one, other] = [
        claimsOf(await issue({}, sealTo)),
        claimsOf(await issue({ tokenId: 'token-2' }, sealTo)),
      ];
      const swapped = await signed({ ...one, credential: other['credential'] });
      expect(await failureOf(verifier.verify(swapped))).toBe('sealed');
      expect(await failureOf(verifier.verify(await signed(one)))).toBe('accepted');
    }
  });

  it('cannot be claimed for another token by changing its header', async () => {
    for (const key of [workload, keys.sealer()]) {
      const other = claimsOf(
        await issue({ tokenId: 'token-2' }, key === workload ? workload.jwk : undefined),
      );
      const [header = '', ...rest] = String(other['credential']).split('.');
      const changed = Buffer.from(header, 'base64url').toString().replace('token-2', 'token-1');
      const sealed = [Buffer.from(changed).toString('base64url'), ...rest].join('.');
      const forged = await verifier.verify(await signed({ ...claimsOf(await issue()), credential: sealed }));
      expect(await failureOf(openSealed(forged, key))).toBe('sealed');
    }
  });

  it('is refused when any part of it is cut or changed', async () => {
    const token = await verifier.verify(await issueCredentialToken(content, credential(), { keys }));
    const parts = token.sealed.split('.');
    const openChanged = (sealed: string) => failureOf(() => openSealed({ ...token, sealed }, keys.sealer()));
    for (const at of [0, 2, 3, 4]) {
      const bytes = Buffer.from(parts[at] as string, 'base64url');
      for (let end = 0; end < bytes.length; end += 3) {
        const cut = bytes.subarray(0, end).toString('base64url');
        expect(await openChanged(parts.with(at, cut).join('.'))).toMatch(/sealed|malformed/);
      }
      const flipped = Buffer.from(bytes);
      flipped[bytes.length >> 1] = (flipped[bytes.length >> 1] as number) ^ 1;
      expect(await openChanged(parts.with(at, flipped.toString('base64url')).join('.'))).toMatch(
        /sealed|malformed/,
      );
    }
    expect(await openChanged(token.sealed)).toBe('accepted');
  });

  it.each([
    ['another encryption', { enc: 'A128GCM' }],
    ['a password', { alg: 'PBES2-HS256+A128KW', p2c: 2_147_483_647, p2s: 'AAAAAAAAAAA' }],
    ['RSA', { alg: 'RSA1_5' }],
    ['compression', { zip: 'DEF' }],
    ['an extension', { crit: ['x'], x: 1 }],
    ['no token', { jti: undefined }],
    ['another token', { jti: ['token-1'] }],
  ])('with %s is refused', async (_, header) => {
    const own = { alg: 'dir', enc: 'A256GCM', jti: 'token-1', ...header };
    const sealed = `${Buffer.from(JSON.stringify(own)).toString('base64url')}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA`;
    const attempt = async () => {
      const token = await verifier.verify(await signed({ ...claimsOf(await issue()), credential: sealed }));
      return openSealed(token, keys.sealer());
    };
    expect(await failureOf(attempt())).toMatch(/sealed|malformed/);
  });

  it('is only to a public key for agreement', async () => {
    const d = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
    const wrong = [
      {},
      { kty: 'oct', k: 'AAAA' },
      d,
      { ...workload.jwk, x: 'AAAA' },
      { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' },
    ];
    for (const jwk of wrong) expect(await failureOf(issue({}, jwk as JsonWebKey))).toBe('key');
  });

  it('refuses a private key, which a workload keeps, and a point that agrees on the same with everybody', async () => {
    const pair = generateKeyPairSync('x25519').privateKey;
    const zero = { kty: 'OKP', crv: 'X25519', x: Buffer.alloc(32).toString('base64url') };
    expect(await failureOf(issue({}, pair.export({ format: 'jwk' }) as JsonWebKey))).toBe('key');
    expect(await failureOf(issue({}, zero))).toBe('key');
    expect(workloadKey(pair).jwk).not.toHaveProperty('d');
    const token = await verifier.verify(await issue({}, workloadKey(pair).jwk));
    expect(reveal(await openSealed(token, workloadKey(pair)))).toHaveProperty('username', 'orders');
  });

  it('of text that is none, or of what was disposed of, fails', async () => {
    const gone = new Secret('x');
    gone.dispose();
    for (const secret of [gone, new Secret(Uint8Array.of(0xff))]) {
      await expect(issueCredentialToken(content, { secret }, { keys })).rejects.toThrow(TypeError);
    }
  });

  it('of too much fails', async () => {
    const large = { key: new Secret('x'.repeat(10_000)) };
    expect(await failureOf(issueCredentialToken(content, large, { keys }))).toBe('sealed');
    const fits = { key: new Secret('x'.repeat(8_000)) };
    expect(await failureOf(issueCredentialToken(content, fits, { keys }))).toBe('accepted');
  });
});

describe('interoperation', () => {
  it('a workload with plain jose opens what we seal', async () => {
    const pair = generateKeyPairSync('x25519').privateKey;
    const token = await issue({}, workloadKey(pair).jwk);
    const { payload } = await jose.jwtVerify(
      token,
      jose.createLocalJWKSet(keys.jwks() as jose.JSONWebKeySet),
      {
        issuer: content.issuer,
        audience: content.audience,
        typ: 'cred+jwt',
        currentDate: new Date(NOW),
      },
    );
    const { plaintext } = await jose.compactDecrypt(String(payload['credential']), pair);
    expect(JSON.parse(new TextDecoder().decode(plaintext))).toEqual({
      username: 'orders',
      password: PASSWORD,
    });
    const shared = claimsOf(await issueCredentialToken(content, credential(), { keys }));
    const opened = await jose.compactDecrypt(String(shared['credential']), sealBytes);
    expect(opened.protectedHeader).toEqual({ alg: 'dir', enc: 'A256GCM', kid: 'seal', jti: 'token-1' });
  });

  it('we open what plain jose seals', async () => {
    const plain = new TextEncoder().encode(JSON.stringify({ password: 'x' }));
    const sealed = await new jose.CompactEncrypt(plain)
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', jti: 'token-1' })
      .encrypt(await jose.importJWK(workload.jwk, 'ECDH-ES'));
    const token = await verifier.verify(await signed({ ...claimsOf(await issue()), credential: sealed }));
    expect(reveal(await openSealed(token, workload))).toEqual({ password: 'x' });
  });

  it('a credential must be fields of text', async () => {
    for (const plain of ['{"a":1}', '{"a":"x","a":"y"}', '{"a":null}']) {
      const sealed = await new jose.CompactEncrypt(new TextEncoder().encode(plain))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', jti: 'token-1' })
        .encrypt(sealBytes);
      const token = await verifier.verify(await signed({ ...claimsOf(await issue()), credential: sealed }));
      expect(await failureOf(openSealed(token, keys.sealer()))).toBe('sealed');
    }
  });
});

describe('a verifier of credential tokens', () => {
  const required = [
    'iss',
    'aud',
    'sub',
    'tid',
    'jti',
    'iat',
    'nbf',
    'exp',
    'rt',
    'rn',
    'scope',
    'credential',
  ];

  it.each(required)('requires %s', async (name) => {
    const claims = { ...claimsOf(await issue()), [name]: undefined };
    expect(await failureOf(verifier.verify(await signed(claims)))).not.toBe('accepted');
  });

  it.each([
    ['tid', 7],
    ['sub', ''],
    ['rn', ['x']],
    ['rt', 'house'],
    ['rt', '__proto__'],
    ['scope', ['read']],
    ['scope', 'read  write'],
    ['scope', 'read "all"'],
    ['cnf', null],
    ['cnf', {}],
    ['cnf', { jkt: 7 }],
    ['cnf', 'jkt'],
    ['act', null],
    ['act', {}],
    ['act', { sub: 'x', act: { sub: 7 } }],
    ['aud', ['orders-db']],
  ])('refuses %s as %j', async (name, value) => {
    expect(
      await failureOf(verifier.verify(await signed({ ...claimsOf(await issue()), [name]: value }))),
    ).toBe('claims');
  });

  it('refuses a chain of actors that goes too deep', async () => {
    const chain = (depth: number): object =>
      depth === 1 ? { sub: 'x' } : { sub: 'x', act: chain(depth - 1) };
    const claims = claimsOf(await issue());
    expect(await failureOf(verifier.verify(await signed({ ...claims, act: chain(8) })))).toBe('accepted');
    expect(await failureOf(verifier.verify(await signed({ ...claims, act: chain(9) })))).toBe('claims');
  });

  it('takes no other kind of token, and others do not take these', async () => {
    const claims = claimsOf(await issue());
    const idToken = await signToken(keys.signer(), 'JWT', claims);
    expect(await failureOf(verifier.verify(idToken))).toBe('type');
  });
});

describe('issuing', () => {
  it.each([
    ['a scope with a blank', { scope: ['read all'] }],
    ['an empty scope', { scope: ['read', ''] }],
    ['no time', { expiresAtMs: NOW + 999 }],
    ['an end before the beginning', { expiresAtMs: NOW - 1 }],
    ['no end', { expiresAtMs: NaN }],
  ])('refuses %s', async (_, changed) => {
    expect(await failureOf(issue(changed))).toBe('claims');
  });

  it('takes no scope at all', async () => {
    expect((await verifier.verify(await issue({ scope: [] }))).scope).toEqual([]);
  });
});
