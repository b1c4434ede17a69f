import { TokenError } from '@holdfast/credential-broker';
import { expect, test } from 'vitest';
import { memoryApiKeys } from '../../src/auth/api-key-store.ts';
import { createApiKeys } from '../../src/auth/api-keys.ts';
import { createAuthenticator } from '../../src/auth/authenticator.ts';
import { challenge } from '../../src/auth/challenge.ts';
import { KeysUnavailableError } from '../../src/auth/remote-keys.ts';
import type { Identity } from '../../src/auth/identity.ts';

const user: Identity = { id: 'u', tenant: 'acme', type: 'user' };
const ci: Identity = { id: 'ci', tenant: 'acme', type: 'workload' };

async function tokens(token: string): Promise<Identity> {
  if (token === 'genuine') return user;
  if (token === 'broken') throw new RangeError('our mistake');
  if (token.startsWith('down-')) throw new KeysUnavailableError(Number(token.slice(5)), undefined);
  if (token === 'down') throw new KeysUnavailableError(1_500, new Error('https://idp.internal:8443 refused'));
  throw new TokenError(token === 'late' ? 'expired' : 'signature', 'secret reason');
}

const apiKeys = createApiKeys({ store: memoryApiKeys() });
const authenticator = createAuthenticator({ realm: 'agent-api', tokens, apiKeys });

const asking = (headersDistinct: Record<string, string[]>, url = '/') =>
  authenticator.authenticate({ headersDistinct, url });
const bearing = (credential: string) => asking({ authorization: [`Bearer ${credential}`] });

test('a token or a key tells who asks', async () => {
  const key = (await apiKeys.issue(ci)).key.reveal();
  expect(await bearing('genuine')).toEqual(user);
  expect(await asking({ authorization: ['bearer genuine'] })).toEqual(user);
  expect(await bearing(key)).toEqual(ci);
  expect(await asking({ 'x-api-key': [key] })).toEqual(ci);
});

test.each([{}, { authorization: ['Basic dTpw'] }, { authorization: ['Bearer'] }])(
  'without one of them nobody asks: %j',
  async (headers) => {
    expect(await asking(headers)).toBeUndefined();
    expect(authenticator.required()).toMatchObject({
      status: 401,
      headers: { 'WWW-Authenticate': 'Bearer realm="agent-api"' },
    });
  },
);

test.each([
  ['late', 'The token has expired'],
  ['forged', 'The token is not valid'],
  ['hfk_forged', 'The API key is not valid'],
])('%s is refused with a challenge that tells no more than it must', async (credential, description) => {
  await expect(bearing(credential)).rejects.toMatchObject({
    status: 401,
    headers: {
      'WWW-Authenticate': `Bearer realm="agent-api", error="invalid_token", error_description="${description}"`,
    },
  });
});

test('keys of the issuer that cannot be had are not the fault of the token', async () => {
  const error: unknown = await bearing('down').catch((caught: unknown) => caught);
  expect(error).toMatchObject({ status: 503, headers: { 'Retry-After': '2' } });
  expect(JSON.stringify(error)).not.toContain('internal');
});

test.each([
  [0, '1'],
  [1, '1'],
  [1_000, '1'],
  [2_000, '2'],
  [2_001, '3'],
])('keys that can be had in %i ms are to be asked for in %s s', async (retryAfterMs, seconds) => {
  await expect(bearing(`down-${retryAfterMs}`)).rejects.toMatchObject({
    headers: { 'Retry-After': seconds },
  });
});

test('what goes wrong on our side is no fault of the credential', async () => {
  await expect(bearing('broken')).rejects.toThrow(new RangeError('our mistake'));
});

test('keys are refused where none are taken', async () => {
  const key = (await apiKeys.issue(ci)).key.reveal();
  const closed = createAuthenticator({ realm: 'x', tokens });
  const request = { headersDistinct: { 'x-api-key': [key] }, url: '/' };
  await expect(closed.authenticate(request)).rejects.toMatchObject({ status: 401 });
});

test('what comes under the name of a key may be a token, and under that of a token a key', async () => {
  expect(await asking({ 'x-api-key': ['genuine'] })).toEqual(user);
});

test('where the metadata of the resource is, is told with each challenge', () => {
  const told = createAuthenticator({ realm: 'x', resourceMetadata: 'https://x.example/.well-known' });
  const parameter = 'resource_metadata="https://x.example/.well-known"';
  expect(told.required().headers['WWW-Authenticate']).toBe(`Bearer realm="x", ${parameter}`);
  expect(told.forbidden('No.', 'a').headers['WWW-Authenticate']).toBe(
    `Bearer realm="x", error="insufficient_scope", scope="a", ${parameter}`,
  );
});

test('a credential may be as long as a head, and no longer', async () => {
  await expect(bearing('a'.repeat(16_384))).rejects.toMatchObject({ status: 401 });
  await expect(bearing('a'.repeat(16_385))).rejects.toMatchObject({ status: 400 });
});

test.each(['/things', '/things?', '/things?page=1&keys=2&tokens=3', '/token/key?q=token', '/?q=a?token=b'])(
  'a query without a credential is none: %s',
  async (url) => {
    expect(await asking({}, url)).toBeUndefined();
  },
);

test.each([
  [{ authorization: ['Bearer genuine', 'Bearer other'] }],
  [{ authorization: ['Bearer genuine'], 'x-api-key': ['genuine'] }],
  [{ authorization: ['Bearer two words'] }],
  [{ authorization: ['Bearer  genuine'] }],
  [{ authorization: ['Bearer '] }],
  [{ authorization: [`Bearer ${'a'.repeat(16_385)}`] }],
  [{ 'x-api-key': ['a\u0000b'] }],
])('several credentials, or a malformed one, are a bad request (%#)', async (headers) => {
  await expect(asking(headers)).rejects.toMatchObject({ status: 400 });
});

// N18: the earlier system took keys from the query.
test.each(['api_key', 'apikey', 'API_KEY', 'access_token', 'token', 'key', 'authorization', 'x%2dapi%2dkey'])(
  'a credential in the query is refused, even with a genuine one beside it: %s',
  async (name) => {
    const url = `/incidents?page=1&${name}=genuine`;
    await expect(asking({}, url)).rejects.toMatchObject({ status: 400 });
    await expect(asking({ authorization: ['Bearer genuine'] }, url)).rejects.toMatchObject({ status: 400 });
  },
);

test('who may not do something learns what it would take', () => {
  expect(authenticator.forbidden('No.', 'incidents:write').headers).toEqual({
    'WWW-Authenticate': 'Bearer realm="agent-api", error="insufficient_scope", scope="incidents:write"',
  });
  expect(authenticator.forbidden('No.').headers).toEqual({});
});

test('tokens are refused where none are taken', async () => {
  const closed = createAuthenticator({ realm: 'x', apiKeys });
  const request = { headersDistinct: { authorization: ['Bearer genuine'] }, url: '/' };
  await expect(closed.authenticate(request)).rejects.toMatchObject({ status: 401 });
});

test('a challenge quotes what it is given, and lets no line break through', () => {
  expect(challenge({ realm: 'a "b" \\' })).toBe('Bearer realm="a \\"b\\" \\\\"');
  expect(() => challenge({ realm: 'a\r\nSet-Cookie: x' })).toThrow(TypeError);
});
