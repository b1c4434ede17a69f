import { createEgress } from '@holdfast/credential-broker/egress';
import { generateSigningKey, type JwkSet } from '@holdfast/credential-broker';
import { expect, test } from 'vitest';
import { remoteKeys } from '../../src/auth/remote-keys.ts';
import { createIssuer } from './issuer.ts';

const URL_OF_KEYS = 'https://idp.example/jwks';

function fixture() {
  const issuer = createIssuer('ES256', 'EdDSA', 'RS256');
  const keys = remoteKeys({ url: URL_OF_KEYS, egress: issuer.egress, clock: issuer.clock });
  return { ...issuer, find: async (kid: string) => (await keys.find(kid))?.alg };
}

test('keys are asked for once, however many ask at a time', async () => {
  const { find, state } = fixture();
  const found = await Promise.all(Array.from({ length: 100 }, () => find('ES256')));
  expect(new Set(found)).toEqual(new Set(['ES256']));
  expect(state.asked).toBe(1);
});

test('a flood of unknown ids leads to one question per cooldown', async () => {
  const { find, state, clock } = fixture();
  await find('ES256');
  for (let i = 0; i < 100; i++) expect(await find(`unknown-${i}`)).toBeUndefined();
  expect(state.asked).toBe(1);
  await clock.advance(30_000);
  for (let i = 0; i < 100; i++) await find(`unknown-${i}`);
  expect(state.asked).toBe(2);
});

test('so does an issuer that is down', async () => {
  const { find, state, clock } = fixture();
  state.fails = true;
  for (let i = 0; i < 10; i++) {
    await expect(find('ES256')).rejects.toMatchObject({ code: 'ERR_KEYS_UNAVAILABLE', retryAfterMs: 30_000 });
  }
  expect(state.asked).toBe(1);
  state.fails = false;
  await clock.advance(30_000);
  expect(await find('ES256')).toBe('ES256');
});

test('where nothing has to be waited for, nobody is told to wait', async () => {
  const { egress, state, clock } = createIssuer();
  state.fails = true;
  const keys = remoteKeys({ url: URL_OF_KEYS, egress, clock, cooldownMs: 0 });
  await expect(keys.find('a')).rejects.toMatchObject({ retryAfterMs: 0 });
  await clock.advance(10);
  await expect(keys.find('a')).rejects.toMatchObject({ retryAfterMs: 0 });
  expect(state.asked).toBeGreaterThan(1);
});

test('a new key is found although the old ones are fresh', async () => {
  const { find, state, keys, clock } = fixture();
  await find('ES256');
  state.published = [...keys, generateSigningKey('EdDSA', { kid: 'new' })];
  await clock.advance(30_000);
  expect(await find('new')).toBe('EdDSA');
});

test('a key that is withdrawn is refused once the keys are too old', async () => {
  const { find, state, keys, clock } = fixture();
  await find('EdDSA');
  state.published = keys.filter(({ kid }) => kid !== 'EdDSA');
  await clock.advance(600_000);
  expect(await find('EdDSA')).toBeUndefined();
  expect(await find('ES256')).toBe('ES256');
});

test('an issuer that withdraws all its keys is believed', async () => {
  const { find, state, clock } = fixture();
  await find('ES256');
  state.published = [];
  await clock.advance(600_000);
  expect(await find('ES256')).toBeUndefined();
});

test('from half their age on, keys are asked for in the background', async () => {
  const { find, state, clock } = fixture();
  await find('ES256');
  await clock.advance(299_999);
  await find('ES256');
  expect(state.asked).toBe(1);
  await clock.advance(1);
  await find('ES256');
  expect(state.asked).toBe(2);
});

test('while the issuer is down old keys go on, for an hour', async () => {
  const { find, state, clock } = fixture();
  await find('ES256');
  state.fails = true;
  await clock.advance(3_599_999);
  expect(await find('ES256')).toBe('ES256');
  await clock.advance(1);
  await expect(find('ES256')).rejects.toMatchObject({ code: 'ERR_KEYS_UNAVAILABLE' });
});

test.each<[string, JwkSet]>([
  ['secret keys', { keys: [{ kty: 'oct', kid: 'a', k: 'c2VjcmV0' } as JsonWebKey] }],
  ['two keys of one id', { keys: [] }],
])('%s in a published set are not used', async (what, set) => {
  const { keys, clock } = createIssuer('ES256', 'EdDSA');
  const twins = keys.map(({ jwk }) => ({ ...jwk, kid: 'a' }));
  const published = what.startsWith('two') ? { keys: twins } : set;
  const egress = { fetch: async () => Response.json(published) };
  expect(await remoteKeys({ url: URL_OF_KEYS, egress, clock }).find('a')).toBeUndefined();
});

test.each([
  ['no JSON', () => new Response('<html>')],
  ['a redirect', () => Response.redirect('http://169.254.169.254/', 302)],
  ['an error', () => new Response('{"keys":[]}', { status: 500 })],
  ['no set', () => Response.json([])],
])('an answer that is %s is none', async (_what, answer) => {
  const { clock } = createIssuer();
  const keys = remoteKeys({ url: URL_OF_KEYS, egress: { fetch: async () => answer() }, clock });
  await expect(keys.find('a')).rejects.toMatchObject({ code: 'ERR_KEYS_UNAVAILABLE' });
});

test.each(['http://idp.example/', 'https://127.0.0.1/', 'https://169.254.169.254/', 'https://[::1]/'])(
  'the guard of what leaves keeps it from asking %s',
  async (url) => {
    const egress = createEgress();
    const found = remoteKeys({ url, egress }).find('a');
    await expect(found).rejects.toMatchObject({ cause: { code: 'ERR_EGRESS' } });
    await egress.close();
  },
);

test('options are checked', () => {
  const egress = { fetch: async () => new Response() };
  expect(() => remoteKeys({ url: 'x', egress, cooldownMs: -1 })).toThrow(RangeError);
  expect(() => remoteKeys({ url: 'no url', egress })).toThrow(TypeError);
  const least = { maxAgeMs: 1, maxStaleMs: 1, cooldownMs: 0, timeoutMs: 1 };
  expect(() => remoteKeys({ url: URL_OF_KEYS, egress, ...least })).not.toThrow();
  for (const name of Object.keys(least))
    expect(() => remoteKeys({ url: URL_OF_KEYS, egress, ...least, [name]: -1 })).toThrow(name);
  for (const name of ['maxAgeMs', 'maxStaleMs', 'timeoutMs'])
    expect(() => remoteKeys({ url: URL_OF_KEYS, egress, ...least, [name]: 0 })).toThrow(name);
});
