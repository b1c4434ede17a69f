import { randomBytes } from 'node:crypto';
import {
  createBroker,
  createTokenVerifier,
  definePolicy,
  generateSealingKey,
  generateSigningKey,
  generateWorkloadKey,
  keyRing,
  legacySecret,
  Secret,
  signToken,
  type Backend,
  type Principal,
  type SigningKey,
} from '@holdfast/credential-broker';
import * as jose from 'jose';
import { asyncWrapper, bareCall } from '../baseline.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';

const ISSUER = 'https://broker.example';
const AUDIENCE = 'orders-db';
const US = 1_000;

const about = `What a broker does for one credential: policy, lease, handle or token, and turning a handle into the credential; the
store is in memory, the backend answers at once, and nothing is audited (the suite \`audit\` says what an event costs).
"Sealed" is a signed token (EdDSA) around an encrypted credential: to a key that both sides share (A256KW), or to the
public key of the workload (ECDH-ES with X25519). Verifying is done strictly and then by jose; the cases of jose are the
library alone with the same algorithms. Most of that work happens on other threads, so that these are times and not costs.

An earlier broker in Python, measured elsewhere, took 104 us for a token with an encrypted claim, 33 us to verify one.`;

const agent: Principal = { id: 'agent-7', tenant: 'acme', type: 'workload' };

export const brokerIssue = timingSuite('broker-issue', about, () => [
  bareCall,
  asyncWrapper,
  ...brokerCases(),
  ...verifyCases(),
  ...joseCases(),
]);

/** A backend that answers at once, with a credential that it only keeps. */
const backend: Backend = {
  kind: 'benchmark',
  inspect: () => Promise.resolve({}),
  issue: () => Promise.resolve({ credential: { password: new Secret('correct horse battery staple') } }),
  health: () => Promise.resolve(),
};

function brokerCases(): readonly TimedCase[] {
  const keys = keyRing({ signing: [generateSigningKey()], sealing: [generateSealingKey()] });
  const workload = generateWorkloadKey();
  const rule = { id: 'orders', tenants: ['acme'], refs: ['vault://orders/*'], oneTime: false };
  const broker = createBroker({
    backends: { vault: backend },
    policy: definePolicy({ rules: [rule] }),
    audit: 'none',
    guard: 'none',
    limit: 'none',
    tokens: { keys, issuer: ISSUER },
    keepMs: 0,
  });
  const resource = { type: 'database', ref: 'vault://orders/db' } as const;
  // A second, so that what a run leaves does not fill the memory.
  const request = { principal: agent, resource, ttlSeconds: 1 };
  const sealed = { ...request, mode: 'sealed' } as const;
  let handle = '';
  const issueOne = async () => {
    handle = (await broker.issue({ ...request, ttlSeconds: 900 })).handle ?? '';
  };
  const issued = issueOne();
  return [
    ours('issue a reference', 15, () => broker.issue(request)),
    ours('redeem a reference', 10, async () => {
      if (handle === '') await issued;
      return broker.redeem(handle, agent);
    }),
    ours('issue sealed to a shared key', 250, () => broker.issue(sealed), 'shared'),
    ours(
      'issue sealed to a public key',
      700,
      () => broker.issue({ ...sealed, sealTo: workload.jwk }),
      'public',
    ),
  ];
}

function ours(name: string, us: number, op: () => Promise<unknown>, job?: string): TimedCase {
  const target = { atMost: { nsPerOp: us * US } };
  return { name, subject: 'holdfast', op, target, ...(job !== undefined && { job }) };
}

function verifyCases(): readonly TimedCase[] {
  const secret = legacySecret(randomBytes(32).toString('hex'), { kid: 'legacy' });
  const keys: readonly (readonly [string, SigningKey, number])[] = [
    ['EdDSA', generateSigningKey('EdDSA'), 220],
    ['ES256', generateSigningKey('ES256'), 220],
    ['RS256', generateSigningKey('RS256'), 120],
    ['HS256', secret, 120],
  ];
  return keys.map(([alg, key, us]) => {
    const ring = keyRing({ signing: [key] });
    const verifier = createTokenVerifier({ keys: ring, issuer: ISSUER, audience: AUDIENCE, type: 'at+jwt' });
    const nowS = Math.floor(Date.now() / 1_000);
    const claims = { iss: ISSUER, aud: AUDIENCE, sub: agent.id, iat: nowS, exp: nowS + 3_600 };
    let token: Promise<string> | undefined;
    return ours(
      `verify ${alg}`,
      us,
      async () => verifier.verify(await (token ??= signToken(key, 'at+jwt', claims))),
      `verify ${alg}`,
    );
  });
}

function joseCases(): readonly TimedCase[] {
  const made = makeJose();
  const subject = 'jose';
  const sign = async (encrypted: string) => {
    const { signing } = await made;
    return new jose.SignJWT({ credential: encrypted })
      .setProtectedHeader({ alg: 'EdDSA' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(signing.privateKey);
  };
  const plaintext = new TextEncoder().encode('{"password":"correct horse battery staple"}');
  const encrypt = (alg: string, key: jose.CryptoKey | Uint8Array) =>
    new jose.CompactEncrypt(plaintext).setProtectedHeader({ alg, enc: 'A256GCM' }).encrypt(key);
  return [
    {
      name: 'sign and encrypt, shared key',
      subject,
      job: 'shared',
      op: async () => sign(await encrypt('A256KW', (await made).shared)),
    },
    {
      name: 'sign and encrypt, public key',
      subject,
      job: 'public',
      op: async () => sign(await encrypt('ECDH-ES+A256KW', (await made).sealing.publicKey)),
    },
    ...(['EdDSA', 'ES256', 'RS256', 'HS256'] as const).map((alg): TimedCase => {
      const ready = made.then(({ keys }) => keys[alg]);
      return {
        name: `verify ${alg}`,
        subject,
        job: `verify ${alg}`,
        op: async () => {
          const { token, key } = await ready;
          return jose.jwtVerify(token, key, { issuer: ISSUER, audience: AUDIENCE, algorithms: [alg] });
        },
      };
    }),
  ];
}

async function makeJose() {
  const pair = async (alg: string) => {
    const { privateKey, publicKey } = await jose.generateKeyPair(alg, { modulusLength: 3072 });
    return { key: publicKey, token: await signedBy(alg, privateKey) };
  };
  const shared = await jose.generateSecret('A256KW');
  const secret = await jose.generateSecret('HS256');
  return {
    signing: await jose.generateKeyPair('EdDSA'),
    sealing: await jose.generateKeyPair('ECDH-ES+A256KW', { crv: 'X25519' }),
    shared,
    keys: {
      EdDSA: await pair('EdDSA'),
      ES256: await pair('ES256'),
      RS256: await pair('RS256'),
      HS256: { key: secret, token: await signedBy('HS256', secret) },
    },
  };
}

const signedBy = (alg: string, key: jose.CryptoKey | Uint8Array) =>
  new jose.SignJWT({ sub: agent.id })
    .setProtectedHeader({ alg })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(key);
