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
