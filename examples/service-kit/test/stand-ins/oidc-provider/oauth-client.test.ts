import { inspect } from 'node:util';
import { createTokenManager, memoryLock, sealedTokens, type Token } from '@holdfast/credential-broker';
import { createOAuthClient } from '@holdfast/credential-broker/oauth';
import { createEgress } from '@holdfast/credential-broker/egress';
import { describe, expect, it } from 'vitest';
import { ADA, BROWSER, KEY, oauthFixture, REDIRECT } from './fixture.ts';

const refused = { code: 'ERR_OAUTH_CLIENT', failure: 'state' };

describe('a whole flow', () => {
  it('sends a challenge, never the verifier, and tells who granted what', async () => {
    const { client, provider, end } = await oauthFixture();
    const { url, expiresAtMs } = await client.initiate({
      ...{ key: KEY, redirectUri: REDIRECT, browser: BROWSER, data: '/settings' },
    });
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as unknown,
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[\w-]{43}$/) as unknown,
    });
    expect(expiresAtMs).toBeGreaterThan(Date.now());
    const grant = await end(await provider.authorize(url, ADA));
    expect(grant).toMatchObject({ key: KEY, subject: 'ada', data: '/settings' });
    expect(provider.activity.map(({ grantType }) => grantType)).toContain('authorization_code');
  });

  it('is kept encrypted while the user is away (failing N8: both halves use one table, one form)', async () => {
    const { rows, begin, provider, end } = await oauthFixture();
    const { url } = await begin();
    const shown = inspect(rows, { depth: 9 });
    expect(shown).toContain("kind: 'flow'");
    expect(shown).not.toContain(url.searchParams.get('state'));
    expect(shown).not.toContain(REDIRECT);
    await expect(end(await provider.authorize(url, ADA))).resolves.toMatchObject({ key: KEY });
    expect(inspect(rows, { depth: 9 })).not.toContain("kind: 'flow'");
  });
});

describe('a return is refused', () => {
  it('the second time', async () => {
    const { comeBack, end } = await oauthFixture();
    const back = await comeBack();
    await end(back);
    await expect(end(back)).rejects.toMatchObject(refused);
  });

  it('to all but one of many at a time', async () => {
    const { comeBack, end } = await oauthFixture();
    const back = await comeBack();
    const ends = await Promise.allSettled(Array.from({ length: 10 }, () => end(back)));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('in another browser, for another tenant, and with another state, all alike; the true one goes on', async () => {
    const { client, comeBack, end } = await oauthFixture();
    const back = await comeBack();
    const forged = new URL(back);
    forged.searchParams.set('state', 'A'.repeat(43));
    const none = new URL(back);
    none.searchParams.delete('state');
    const tries = [
      client.callback({ url: back, tenant: KEY.tenant, browser: 'another-browser-0815' }),
      client.callback({ url: back, tenant: 'evil', browser: BROWSER }),
      end(forged),
      end(none),
    ];
    const errors = await Promise.all(tries.map((each) => each.catch((error: unknown) => error)));
    expect(new Set(errors.map(String)).size).toBe(1);
    for (const error of errors) expect(error).toMatchObject(refused);
    await expect(end(back)).resolves.toBeDefined();
  });

  it('after ten minutes, and not a moment before', async () => {
    const { comeBack, end, clock } = await oauthFixture();
    const [early, late] = [await comeBack(), await comeBack()];
    await clock.advance(599_999);
    await expect(end(early)).resolves.toBeDefined();
    await clock.advance(1);
    await expect(end(late)).rejects.toMatchObject(refused);
  });

  it.each(['https://evil.example', ''])('where another provider answers: iss=%s', async (iss) => {
    const { comeBack, end, provider } = await oauthFixture();
    const back = await comeBack();
    expect(back.searchParams.get('iss')).toBe(provider.issuer);
    back.searchParams.set('iss', iss);
    if (iss === '') back.searchParams.delete('iss');
    await expect(end(back)).rejects.toMatchObject({ failure: 'response' });
    expect(provider.activity.some(({ grantType }) => grantType !== undefined)).toBe(false);
  });

  it('where it belongs to another provider of ours', async () => {
    const { comeBack, settings } = await oauthFixture();
    const other = createOAuthClient({ ...settings, provider: { ...settings.provider, name: 'other' } });
    const back = { url: await comeBack(), tenant: KEY.tenant, browser: BROWSER };
    await expect(other.callback(back)).rejects.toMatchObject(refused);
  });

  it('with the code of another flow: PKCE tells them apart', async () => {
    const { comeBack, end } = await oauthFixture();
    const [mine, stolen] = [await comeBack(), await comeBack()];
    mine.searchParams.set('code', stolen.searchParams.get('code') ?? '');
    await expect(end(mine)).rejects.toMatchObject({ failure: 'grant', error: 'invalid_grant' });
  });
});

describe('renewing and revoking', () => {
  it('rotates the refresh token, and a used one ends the grant at the provider', async () => {
    const { client, comeBack, end, provider } = await oauthFixture();
    const { token } = await end(await comeBack());
    const next = await client.refresh(KEY, token);
    expect(next.refreshToken?.reveal()).not.toBe(token.refreshToken?.reveal());
    expect(await provider.knows(next.accessToken.reveal())).toBe(true);
    await expect(client.refresh(KEY, token)).rejects.toMatchObject({
      ...{ failure: 'grant', error: 'invalid_grant' },
    });
    await expect(client.refresh(KEY, next)).rejects.toMatchObject({ failure: 'grant' });
  });

  it('takes the whole grant back', async () => {
    const { client, comeBack, end, provider } = await oauthFixture();
    const { token } = await end(await comeBack());
    expect(await client.revoke(token)).toBe(true);
    expect(await provider.knows(token.refreshToken?.reveal() ?? '')).toBe(false);
    expect(await provider.knows(token.accessToken.reveal())).toBe(false);
    await expect(client.refresh(KEY, token)).rejects.toMatchObject({ failure: 'grant' });
  });

  it.each([
    [{ status: 503 }, 'unavailable', undefined],
    [{ status: 429 }, 'unavailable', undefined],
    [{ error: 'invalid_grant' }, 'grant', 'invalid_grant'],
    [{ error: 'invalid_client' }, 'refused', 'invalid_client'],
    [{ error: '<script>', latencyMs: 1 }, 'refused', undefined],
  ])('tells failures apart: %o', async (fault, failure, error) => {
    const { client, comeBack, end, provider } = await oauthFixture();
    const { token } = await end(await comeBack());
    provider.fail(fault);
    const failed = await client.refresh(KEY, token).catch((reason: unknown) => reason);
    expect(failed).toMatchObject({ failure, error });
    // The secrets are looked for where they could be, and a control shows that they would be found.
    const canary = token.refreshToken?.reveal() ?? '';
    expect(inspect(failed, { depth: 9, showHidden: true })).not.toContain(canary);
    expect(inspect({ canary })).toContain(canary);
    await expect(client.refresh(KEY, token)).resolves.toBeDefined();
  });

  it('a provider too slow for the way out is unavailable', async () => {
    const { settings, comeBack, end, provider } = await oauthFixture();
    const { token } = await end(await comeBack());
    const options = { allowNetworks: ['127.0.0.0/8'], allowHttp: true, timeoutMs: 150 };
    const egress = createEgress({ ...options, ports: [Number(new URL(provider.url).port)] });
    const hasty = createOAuthClient({ ...settings, egress });
    await hasty.initiate({ key: KEY, redirectUri: REDIRECT, browser: BROWSER });
    provider.fail({ latencyMs: 400 });
    await expect(hasty.refresh(KEY, token)).rejects.toMatchObject({ failure: 'unavailable' });
    await egress.close();
  });
});

describe('the way out', () => {
  it('leads nowhere private unless that is allowed', async () => {
    const { settings } = await oauthFixture();
    const { egress: _, ...guarded } = settings;
    const start = createOAuthClient(guarded).initiate({ key: KEY, redirectUri: REDIRECT, browser: BROWSER });
    await expect(start).rejects.toMatchObject({ failure: 'unavailable', cause: { code: 'ERR_EGRESS' } });
  });
});

it('two processes keep a token of a real provider valid, and never use a refresh token twice', async () => {
  const { client, comeBack, end, provider, rows, keys } = await oauthFixture();
  const [store, lock] = [sealedTokens({ rows, keys }), memoryLock()];
  const managers = [1, 2].map(() => createTokenManager({ store, lock, refresh: client.refresh }));
  const { key, token } = await end(await comeBack());
  await managers[0]?.put(key, token);
  for (let round = 0; round < 3; round++) {
    const renewed: Token[] = await Promise.all(
      Array.from({ length: 10 }, (_, at) => managers[at % 2]?.renew(key) ?? Promise.reject(new Error())),
    );
    const secrets = new Set(renewed.map(({ accessToken }) => accessToken.reveal()));
    for (const secret of secrets) expect(await provider.knows(secret)).toBe(true);
  }
  const refreshes = provider.activity.filter(({ grantType }) => grantType === 'refresh_token');
  expect(refreshes.every(({ status }) => status === 200)).toBe(true);
  expect(managers.map((manager) => manager.stats().ended)).toEqual([0, 0]);
  await Promise.all(managers.map((manager) => manager.close()));
});
