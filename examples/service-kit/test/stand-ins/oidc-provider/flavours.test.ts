import { NEVER_MS } from '@holdfast/credential-broker';
import { describe, expect, it } from 'vitest';
import type { OidcFlavour } from '@holdfast/example-service-kit';
import { ADA, KEY, oauthFixture } from './fixture.ts';

describe.each<OidcFlavour>(['plain', 'github', 'google', 'azure', 'auth0'])('at %s', (flavour) => {
  it('a user grants access, and the token works', async () => {
    const { provider, comeBack, end } = await oauthFixture(flavour);
    const { key, token } = await end(await comeBack());
    expect(key).toEqual(KEY);
    expect(token.tokenType).toBe('bearer');
    expect(await provider.knows(token.accessToken.reveal())).toBe(true);
    expect(token.refreshToken === undefined).toBe(flavour === 'github');
  });

  it('a code is used up by its use', async () => {
    const { client, begin, comeBack, end } = await oauthFixture(flavour);
    const first = await comeBack();
    await end(first);
    const { url } = await begin();
    const second = new URL(first);
    second.searchParams.set('state', url.searchParams.get('state') ?? '');
    await expect(end(second)).rejects.toMatchObject({ failure: 'grant', error: 'invalid_grant' });
    expect(client).toBeDefined();
  });

  it('a user who says no is told apart from what fails', async () => {
    const { provider, begin, end } = await oauthFixture(flavour);
    const back = await provider.authorize((await begin()).url, { ...ADA, refuses: true });
    await expect(end(back)).rejects.toMatchObject({ failure: 'denied', error: 'access_denied' });
  });
});

it('GitHub gives a token without an end, scopes with commas, and takes it back in its own way', async () => {
  const { provider, client, comeBack, end } = await oauthFixture('github');
  const { token } = await end(await comeBack());
  expect(token).toMatchObject({ scope: ['read:user', 'repo'], expiresAtMs: NEVER_MS });
  await expect(client.refresh(KEY, token)).rejects.toMatchObject({ failure: 'grant' });
  expect(await client.revoke(token)).toBe(true);
  expect(await provider.knows(token.accessToken.reveal())).toBe(false);
  expect(provider.activity.at(-1)).toMatchObject({ method: 'DELETE', path: '/applications/app/token' });
});

it('Google is asked for offline access and consent, and its refresh token stays the same', async () => {
  const { provider, client, comeBack, end } = await oauthFixture('google');
  const { token } = await end(await comeBack());
  expect(provider.activity.map(({ parameters }) => parameters)).toContainEqual(
    expect.objectContaining({ access_type: 'offline', prompt: 'consent' }),
  );
  const next = await client.refresh(KEY, token);
  expect(next.refreshToken?.reveal()).toBe(token.refreshToken?.reveal());
  expect(next.accessToken.reveal()).not.toBe(token.accessToken.reveal());
});

it('Azure is asked in its directory for an answer in the query, and cannot revoke', async () => {
  const { provider, client, begin, comeBack, end } = await oauthFixture('azure');
  const { url } = await begin();
  expect(url.pathname).toBe('/contoso.example/v2.0/auth');
  expect(url.searchParams.get('response_mode')).toBe('query');
  const { token } = await end(await comeBack());
  expect(await client.revoke(token)).toBe(false);
  expect(await provider.knows(token.accessToken.reveal())).toBe(true);
});

it('Auth0 is told the API that the token is for', async () => {
  const { begin } = await oauthFixture('auth0');
  const { url } = await begin();
  expect(url.pathname).toBe('/authorize');
  expect(url.searchParams.get('audience')).toBe('https://api.example');
});
