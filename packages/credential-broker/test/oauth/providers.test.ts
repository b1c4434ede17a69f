import { expect, it } from 'vitest';
import { Secret } from '@holdfast/credential-broker';
import {
  auth0Provider,
  azureProvider,
  discoveredProvider,
  githubProvider,
  googleProvider,
} from '@holdfast/credential-broker/oauth';
import { aClient, KEY } from './rig.ts';

const application = { clientId: 'app', clientSecret: new Secret('canary') };

it('have the addresses and parameters of the real ones', () => {
  expect(githubProvider(application).server).toEqual({
    issuer: 'https://github.com/login/oauth',
    authorization_endpoint: 'https://github.com/login/oauth/authorize',
    token_endpoint: 'https://github.com/login/oauth/access_token',
  });
  expect(googleProvider(application)).toMatchObject({
    server: 'https://accounts.google.com',
    parameters: { access_type: 'offline', prompt: 'consent' },
  });
  expect(azureProvider({ ...application, directory: 'contoso.example' })).toMatchObject({
    server: 'https://login.microsoftonline.com/contoso.example/v2.0',
    parameters: { response_mode: 'query' },
  });
  const issuer = 'https://acme.eu.auth0.com/';
  expect(auth0Provider({ ...application, issuer, audience: 'https://api' })).toMatchObject({
    server: issuer,
    parameters: { audience: 'https://api' },
  });
});

it.each(['common', 'Organizations', 'consumers', '', '../evil', 'a/b'])(
  'Azure has no directory %j',
  (directory) => {
    expect(() => azureProvider({ ...application, directory })).toThrow(TypeError);
  },
);

it('any other is asked for consent where it is asked for offline access', () => {
  const options = { ...application, name: 'sso', issuer: 'https://sso.example' };
  expect(discoveredProvider(options).parameters).toEqual({ prompt: 'consent' });
  expect(discoveredProvider({ ...options, scope: ['read'] }).parameters).toEqual({});
});

const providers: Readonly<Record<string, readonly [make: (options: never) => unknown, own: object]>> = {
  githubProvider: [githubProvider, {}],
  googleProvider: [googleProvider, {}],
  azureProvider: [azureProvider, { directory: 'contoso.example' }],
  auth0Provider: [auth0Provider, { issuer: 'https://acme.eu.auth0.com/', audience: 'https://api' }],
  discoveredProvider: [discoveredProvider, { name: 'sso', issuer: 'https://sso.example' }],
};

it.each(Object.entries(providers))('%s says which option is missing or wrong', (name, [make, own]) => {
  const fine = { ...application, ...own };
  const made = (more: object) => () => make({ ...fine, ...more } as never);
  expect(made({ scope: ['read:user'] })).not.toThrow();
  for (const [option, value] of [
    ['clientId', undefined],
    ['clientId', ''],
    ['clientId', 7],
    ['clientSecret', 'canary-plain'],
    ['scope', 'read'],
    ['scope', ['read write']],
    ['scope', ['']],
    ...Object.keys(own).flatMap((key) => [[key, undefined] as const, [key, 7] as const]),
  ] as const) {
    expect(made({ [option]: value }), option).toThrow(TypeError);
    expect(made({ [option]: value }), option).toThrow(`${name}: ${option} must`);
    expect(made({ [option]: value }), option).not.toThrow('canary-plain');
  }
  expect(made({ redirect: 'x' })).toThrow(`${name} has no option "redirect"`);
});

it.each([
  '',
  'github.example',
  'ftp://x.example',
  'https://u:pw@x.example',
  'https://x.example/?a',
  'https://x.example/#a',
])('none is served at %j', (address) => {
  const [audience, name, directory] = ['https://api', 'sso', 'contoso.example'];
  expect(() => githubProvider({ ...application, url: address })).toThrow(/url must be/);
  expect(() => githubProvider({ ...application, apiUrl: address })).toThrow(/apiUrl must be/);
  expect(() => googleProvider({ ...application, issuer: address })).toThrow(/issuer must be/);
  expect(() => auth0Provider({ ...application, audience, issuer: address })).toThrow(/issuer must be/);
  expect(() => discoveredProvider({ ...application, name, issuer: address })).toThrow(/issuer must be/);
  expect(() => azureProvider({ ...application, directory, authority: address })).toThrow(/authority must be/);
});

it('one that is made by hand is checked by the client', () => {
  for (const wrong of [{ clientId: '' }, { clientSecret: 'canary' as never }]) {
    const provider = { ...githubProvider(application), ...wrong };
    expect(() => aClient([], { provider })).toThrow(/^createOAuthClient: provider.client(Id|Secret) must be/);
  }
  for (const name of ['name', 'server', 'scope']) {
    const provider = { ...githubProvider(application), [name]: undefined };
    expect(() => aClient([], { provider })).toThrow(`createOAuthClient: provider.${name} must be`);
  }
});

it('show no secret', () => {
  expect(JSON.stringify(githubProvider(application))).not.toContain('canary');
});

const aToken = {
  accessToken: new Secret('access-0'),
  refreshToken: new Secret('refresh-0'),
  ...{ tokenType: 'bearer', scope: [], obtainedAtMs: 0, expiresAtMs: 1 },
};

it.each([
  ['bad_refresh_token', 'grant', 'invalid_grant'],
  ['bad_verification_code', 'grant', 'invalid_grant'],
  ['incorrect_client_credentials', 'refused', 'incorrect_client_credentials'],
])('GitHub says %s with status 200, which is a failure', async (said, failure, error) => {
  const { client, sent } = aClient([() => Response.json({ error: said })], {
    provider: githubProvider(application),
  });
  await expect(client.refresh(KEY, aToken)).rejects.toMatchObject({ failure, error });
  expect(sent[0]?.headers.get('accept')).toBe('application/json');
});

it.each([
  [204, 'true'],
  [404, 'true'],
  [422, 'true'],
  [401, 'refused'],
  [503, 'unavailable'],
])('GitHub answers a revocation with %i: %s', async (status, outcome) => {
  const { client, sent } = aClient([() => new Response(null, { status })], {
    provider: githubProvider(application),
  });
  const answer = await client.revoke(aToken).then(String, (error: { failure: string }) => error.failure);
  expect(answer).toBe(outcome);
  expect(sent[0]).toMatchObject({ url: 'https://api.github.com/applications/app/token', method: 'DELETE' });
  expect(sent[0]?.headers.get('authorization')).toBe(`Basic ${btoa('app:canary')}`);
});
