import { createHmac } from 'node:crypto';
import { generateSigningKey, keyRing, legacySecret, signToken } from '@holdfast/credential-broker';
import { expect, test } from 'vitest';
import { remoteKeys } from '../../src/auth/remote-keys.ts';
import { tokenIdentities, type TokenIdentitiesOptions } from '../../src/auth/token-identities.ts';
import { AUDIENCE, createIssuer, ISSUER } from './issuer.ts';

function fixture(options: Partial<TokenIdentitiesOptions> = {}) {
  const issuer = createIssuer('ES256', 'EdDSA', 'RS256');
  const { clock, egress } = issuer;
  const keys = remoteKeys({ url: 'https://idp.example/jwks', egress, clock });
  const identities = tokenIdentities({ keys, issuer: ISSUER, audience: AUDIENCE, clock, ...options });
  const [key] = issuer.keys as [(typeof issuer.keys)[number]];
  const identify = async (claims: object, type?: string) => identities(await issuer.token(key, claims, type));
  return { ...issuer, key, identities, identify };
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

test.each([0, 1, 2])('a token of each algorithm tells who it is (%#)', async (index) => {
  const { keys, identities, token, claims } = fixture();
  const key = keys[index] as (typeof keys)[number];
  expect(await identities(await token(key, claims({ scope: 'incidents:read  tasks:write' })))).toEqual({
    id: 'user-1',
    tenant: 'acme',
    type: 'user',
    roles: ['admin'],
    scopes: ['incidents:read', 'tasks:write'],
  });
});

test('who acts for somebody is told apart from whom they act for', async () => {
  const { identify, claims } = fixture();
  const identity = await identify(claims({ act: { sub: 'agent-7', act: { sub: 'agent-1' } } }));
  expect(identity).toMatchObject({ id: 'agent-7', type: 'agent', onBehalfOf: 'user-1' });
});

test('a client of its own is a workload', async () => {
  const { identify, claims } = fixture();
  expect(await identify(claims({ sub: 'ci', client_id: 'ci', scp: ['a'] }))).toMatchObject({
    type: 'workload',
    scopes: ['a'],
  });
  expect(await identify(claims({ client_id: 'web' }))).toMatchObject({ type: 'user' });
});

test('who has no roles is known nevertheless', async () => {
  const { identify, claims } = fixture();
  const identity = await identify(claims({ roles: undefined }));
  expect(identity).toEqual({ id: 'user-1', tenant: 'acme', type: 'user', roles: [] });
});

test('a scope that says nothing is good for nothing, and none at all for whatever the roles grant', async () => {
  const { identify, claims } = fixture();
  expect(await identify(claims({ scope: '' }))).toHaveProperty('scopes', []);
  expect(await identify(claims({ scp: [] }))).toHaveProperty('scopes', []);
  expect(await identify(claims())).not.toHaveProperty('scopes');
});

test('where both are there, `scope` counts', async () => {
  const { identify, claims } = fixture();
  expect(await identify(claims({ scope: 'a', scp: ['a', 'b'] }))).toHaveProperty('scopes', ['a']);
});

test('claims may have other names, as those of Supabase', async () => {
  const { identify, claims } = fixture({ type: 'JWT', tenantClaim: 'org_id', rolesClaim: 'app_roles' });
  const identity = await identify(claims({ org_id: 'org-1', app_roles: ['user'] }), 'JWT');
  expect(identity).toMatchObject({ tenant: 'org-1', roles: ['user'] });
});

test.each<[string, object]>([
  ['without expiry', { exp: undefined }],
  ['that is over', { exp: 1_000, iat: 1 }],
  ['of another issuer', { iss: 'https://evil.example' }],
  ['for another service', { aud: 'other' }],
  ['for others as well', { aud: [AUDIENCE, 'other'] }],
  ['not valid yet', { nbf: 4_000_000_000 }],
  ['without a tenant', { tenant: undefined }],
  ['with a tenant that is no text', { tenant: { $ne: '' } }],
  ['with a tenant that breaks lines', { tenant: 'acme\nadmin' }],
  ['with a long subject', { sub: 'x'.repeat(257) }],
  ['without a subject', { sub: undefined }],
  ['with roles that are a text', { roles: 'admin' }],
  ['with roles that are no texts', { roles: [{}] }],
  ['with a thousand roles', { roles: Array.from({ length: 1_000 }, (_, i) => `r${i}`) }],
  ['with a scope that is no text', { scope: ['a'] }],
  ['with scopes that are one text', { scp: 'a b' }],
  ['with scopes that are no texts', { scp: [1] }],
  ['with an actor without name', { act: {} }],
  ['with an actor that is null', { act: null }],
  ['bound to a key (DPoP)', { cnf: { jkt: 'a' } }],
  ['bound to a certificate', { cnf: { 'x5t#S256': 'a' } }],
  ['bound to nothing readable', { cnf: null }],
  ['of an actor for nobody', { sub: undefined, act: { sub: 'agent' } }],
])('a token %s is refused', async (_what, more) => {
  const { identify, claims } = fixture();
  await expect(identify(claims(more))).rejects.toMatchObject({ code: 'ERR_BROKER_TOKEN' });
});

test('an id token is no access token', async () => {
  const { identify, claims } = fixture();
  await expect(identify(claims(), 'JWT')).rejects.toMatchObject({ failure: 'type' });
});

// N21: the earlier system decoded tokens and believed them.
test('a token is believed by its signature alone', async () => {
  const { token, key, claims, identities } = fixture();
  const genuine = await token(key, claims());
  const [header = '', , signature = ''] = genuine.split('.');
  const promoted = `${header}.${part(claims({ roles: ['admin', 'root'] }))}.${signature}`;
  await expect(identities(promoted)).rejects.toMatchObject({ failure: 'signature' });
  const stranger = await token(generateSigningKey('ES256', { kid: 'ES256' }), claims());
  await expect(identities(stranger)).rejects.toMatchObject({ failure: 'signature' });
});

test.each(['none', 'None', 'NONE', 'nOnE', '', 'HS256', 'RS512'])(
  'the algorithm is not for the token: %j',
  async (alg) => {
    const { claims, identities, key } = fixture();
    const unsigned = `${part({ alg, kid: 'ES256', typ: 'at+jwt' })}.${part(claims())}`;
    const signature = createHmac('sha256', JSON.stringify(key.jwk)).update(unsigned).digest('base64url');
    for (const text of [`${unsigned}.`, `${unsigned}.${signature}`]) {
      await expect(identities(text)).rejects.toMatchObject({ code: 'ERR_BROKER_TOKEN' });
    }
  },
);

test.each(["' OR 1=1 --", '../../etc/passwd', '__proto__', 'constructor', ''])(
  'an id of a key finds that key and nothing else: %j',
  async (kid) => {
    const { claims, identities, clock } = fixture();
    const token = await signToken({ ...generateSigningKey('ES256', { kid: 'x' }), kid }, 'at+jwt', claims());
    await expect(identities(token)).rejects.toMatchObject({ failure: 'key' });
    expect(clock.pendingTimers).toBe(0);
  },
);

test('a named legacy secret verifies HS256, and a public key never does', async () => {
  const { clock, claims } = createIssuer();
  const legacy = legacySecret('f3a91c7be04d5286f3a91c7be04d5286', { kid: 'legacy' });
  const identities = tokenIdentities({
    keys: keyRing({ signing: [legacy], clock }),
    issuer: ISSUER,
    audience: AUDIENCE,
    clock,
  });
  const token = await signToken(legacy, 'at+jwt', claims());
  expect(await identities(token)).toMatchObject({ id: 'user-1' });
  const unnamed = `${part({ alg: 'HS256', typ: 'at+jwt' })}.${token.split('.').slice(1).join('.')}`;
  await expect(identities(unnamed)).rejects.toMatchObject({ failure: 'key' });
});
