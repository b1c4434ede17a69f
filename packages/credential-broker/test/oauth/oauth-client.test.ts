import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { NEVER_MS, Secret, type Token } from '@holdfast/credential-broker';
import { createOAuthClient } from '@holdfast/credential-broker/oauth';
import { newState, newVerifier } from '../../src/oauth/flow.ts';
import { aClient, BROWSER, granted, identified, KEY, keys, METADATA, PROVIDER, REDIRECT } from './rig.ts';

const aToken = (part: Partial<Token> = {}): Token => ({
  accessToken: new Secret('access-0'),
  refreshToken: new Secret('refresh-0'),
  tokenType: 'bearer',
  scope: ['read'],
  obtainedAtMs: 0,
  expiresAtMs: 1,
  ...part,
});

describe('a flow (failing N8)', () => {
  it('ends with the verifier that it began with, at the address that it began with', async () => {
    const { sent, begin, end } = aClient([granted({ expires_in: 60 })]);
    const { url } = await begin();
    await end(url);
    const [{ body } = { body: new URLSearchParams() }] = sent;
    const verifier = body.get('code_verifier') ?? '';
    expect(verifier).toMatch(/^[\w-]{128}$/);
    expect(createHash('sha256').update(verifier).digest('base64url')).toBe(
      url.searchParams.get('code_challenge'),
    );
    expect(body.get('redirect_uri')).toBe(REDIRECT);
    expect(body.get('code')).toBe('code-1');
  });

  it('keeps neither state nor verifier in the clear', async () => {
    const { rows, sent, begin, end } = aClient([granted()]);
    const { url } = await begin();
    const kept = inspect(rows, { depth: 9 });
    await end(url);
    const verifier = sent[0]?.body.get('code_verifier') ?? 'none';
    for (const secret of [verifier, url.searchParams.get('state') ?? 'none', BROWSER])
      expect(kept).not.toContain(secret);
    expect(kept).toMatch(/box: '[\w-]+\.[\w-]{100,}'/);
  });

  it('lasts ten minutes at the most', () => {
    expect(() => aClient([], { flowTtlMs: 600_001 })).toThrow(
      /flowTtlMs must be an integer >= 1000 and <= 600000/,
    );
  });

  it('is over after its time', async () => {
    const { clock, begin, end } = aClient([granted()], { flowTtlMs: 1_000 });
    const { url, expiresAtMs } = await begin();
    expect(expiresAtMs).toBe(clock.wallNow() + 1_000);
    await clock.advance(1_000);
    await expect(end(url)).rejects.toMatchObject({ failure: 'state' });
  });

  it('that nobody finishes is removed when another begins, and tokens are left alone', async () => {
    const { clock, rows, begin } = aClient([], { flowTtlMs: 1_000 });
    const times = { expiresAtMs: 1, dueAtMs: 1, removeAtMs: 1 };
    await rows.put({ kind: 'token', tenant: 'acme', id: 'a', box: 'k.AAAA', ...times, version: 1 });
    for (const waitMs of [999, 1, 0]) {
      await begin();
      await clock.advance(waitMs);
    }
    expect(await rows.count('flow', clock.wallNow())).toEqual({ valid: 2, expired: 0 });
    expect(await rows.count('token', clock.wallNow())).toEqual({ valid: 0, expired: 1 });
  });

  it.each([
    { name: 'other' },
    { clientId: 'other' },
    { server: { ...METADATA, issuer: 'https://other.example' } },
    { server: 'https://other.example' },
  ])('does not end at another provider: %o', async (other) => {
    const { rows, begin, end } = aClient([granted()]);
    const { url } = await begin();
    const elsewhere = aClient([granted()], { rows, provider: { ...PROVIDER, ...other } });
    await expect(elsewhere.end(url)).rejects.toMatchObject({ failure: 'state' });
    expect(elsewhere.sent).toEqual([]);
    await end(url);
  });

  it('ends at the provider that it began at, whether its metadata is known or looked up', async () => {
    const { rows, begin } = aClient([]);
    const { url } = await begin();
    const metadata = () => Response.json(METADATA);
    const provider = { ...PROVIDER, server: METADATA.issuer };
    const { token } = await aClient([metadata, granted()], { rows, provider }).end(url);
    expect(token.accessToken.reveal()).toBe('access-1');
  });

  it('needs a browser that nobody can guess, and bounded data', async () => {
    const { client } = aClient([]);
    const some = { key: KEY, redirectUri: REDIRECT };
    for (const key of [undefined, { tenant: 'acme' }, { tenant: '', name: 'sso/ada' }] as never[])
      await expect(client.initiate({ ...some, key, browser: BROWSER })).rejects.toThrow(/^token key/);
    await expect(client.initiate({ ...some, browser: 'short' })).rejects.toThrow(
      /browser must be a string of at least 16/,
    );
    const data = 'x'.repeat(2_049);
    await expect(client.initiate({ ...some, browser: BROWSER, data })).rejects.toThrow(
      /data must have at most 2048/,
    );
  });

  it.each([null, undefined, 'https://app.example/?state=x'])(
    'refuses what is no flow at all: %s',
    async (nothing) => {
      const { client } = aClient([]);
      await expect(client.initiate(nothing as never)).rejects.toThrow(
        /^initiate: initiation must be an object/,
      );
      await expect(client.callback(nothing as never)).rejects.toThrow(
        /^callback: callback must be an object/,
      );
    },
  );

  it.each(['', 'no url', '?state=x', `?state=${'x'.repeat(9_000)}`, 'http://['])(
    'refuses what is no return: %s',
    async (url) => {
      const back = aClient([]).client.callback({ url, tenant: KEY.tenant, browser: BROWSER });
      await expect(back).rejects.toMatchObject({ failure: 'state' });
    },
  );

  it.each(['&state=again', '&code=again', '&iss=https%3A%2F%2Fevil.example'])(
    'refuses a return with %s, without asking the provider',
    async (more) => {
      const { sent, begin, end } = aClient([granted()]);
      const { url } = await begin();
      await expect(end(url, more)).rejects.toMatchObject({ code: 'ERR_OAUTH_CLIENT' });
      expect(sent).toEqual([]);
    },
  );

  it('lets no parameter of a provider stand in for its own', async () => {
    const parameters = {
      state: 'mine',
      redirect_uri: 'https://evil.example',
      code_challenge_method: 'plain',
    };
    const { begin } = aClient([], { provider: { ...PROVIDER, parameters } });
    const { url } = await begin();
    expect(url.searchParams.get('redirect_uri')).toBe(REDIRECT);
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(url.searchParams.get('state')).toMatch(/^[\w-]{43}$/);
  });
});

describe('an ID token (OpenID Connect Core, 3.1.3.7)', () => {
  const provider = { ...PROVIDER, scope: ['openid'] };
  const nonceOf = (url: URL) => url.searchParams.get('nonce') ?? '';

  it('is asked for with a nonce of each flow, and not without that scope', async () => {
    const { begin } = aClient([], { provider });
    const nonces = [await begin(), await begin()].map(({ url }) => nonceOf(url));
    for (const nonce of nonces) expect(nonce).toMatch(/^[\w-]{43}$/);
    expect(new Set(nonces).size).toBe(2);
    expect((await aClient([]).begin()).url.searchParams.has('nonce')).toBe(false);
  });

  it('says who granted access where it has the nonce of the flow', async () => {
    let answer = granted();
    const { begin, end } = aClient([() => answer()], { provider });
    const { url } = await begin();
    answer = identified({ nonce: nonceOf(url) });
    expect(await end(url)).toMatchObject({ subject: 'ada' });
  });

  it.each([
    ['that is missing', granted()],
    ['without a nonce', identified({})],
    ['of another flow', identified({ nonce: newState() })],
  ])('%s is refused', async (_, answer) => {
    const { begin, end } = aClient([answer], { provider });
    await expect(end((await begin()).url)).rejects.toMatchObject({ failure: 'response' });
  });

  it('has no nonce of a provider’s parameters', async () => {
    const parameters = { nonce: 'mine' };
    const { url } = await aClient([], { provider: { ...provider, parameters } }).begin();
    expect(nonceOf(url)).not.toBe('mine');
  });
});

describe('the list of addresses to come back to', () => {
  it.each([
    'https://app.example/callback/',
    'https://app.example/callback?x=1',
    'https://app.example.evil.example/callback',
    'https://APP.example/callback',
    'https://app.example/callback/../callback',
    '',
  ])('is compared character by character: not %s', async (redirectUri) => {
    const start = aClient([]).client.initiate({ key: KEY, redirectUri, browser: BROWSER });
    await expect(start).rejects.toMatchObject({ failure: 'redirect' });
  });

  it.each([
    'http://app.example/callback',
    'https://*.example/callback',
    'https://app.example/callback#x',
    'https://app.example/callback?x=1',
    'https://user:pass@app.example/',
    'javascript:alert(1)',
    'callback',
  ])('does not take %s', (uri) => {
    expect(() => aClient([], { redirectUris: [uri] })).toThrow(/redirectUris must be an array of addresses/);
  });

  it('takes loopback without TLS, and is never empty', () => {
    expect(() => aClient([], { redirectUris: ['http://127.0.0.1:8080/callback'] })).not.toThrow();
    expect(() => aClient([], { redirectUris: [] })).toThrow(/at least one/);
  });
});

describe('randomness without a bias (failing N8)', () => {
  it('draws every character of the alphabet as often as any other', () => {
    const counts = new Map<string, number>();
    const drawn = Array.from({ length: 1_000 }, newVerifier).join('');
    for (const char of drawn) counts.set(char, (counts.get(char) ?? 0) + 1);
    // 128,000 draws of 64: 2,000 each, with a standard deviation of 44. A remainder of 256 by 66 leaves some a quarter short.
    expect(counts.size).toBe(64);
    for (const count of counts.values()) expect(Math.abs(count - 2_000)).toBeLessThan(44 * 7);
  });

  it('never draws the same twice', () => {
    expect(new Set(Array.from({ length: 1_000 }, newState)).size).toBe(1_000);
  });
});

describe('a token', () => {
  it.each([
    [{ expires_in: 60 }, 60_000],
    [{ refresh_token: 'r' }, 3_600_000],
    [{ expires_in: 1.5 }, 1_500],
  ])('of %o lives %i ms', async (answer, lifeMs) => {
    const { clock, begin, end } = aClient([granted(answer)]);
    const { token } = await end((await begin()).url);
    expect(token.expiresAtMs - clock.wallNow()).toBe(lifeMs);
  });

  it('that says nothing of an end has none, and has the scope that was asked for', async () => {
    const { begin, end } = aClient([granted()]);
    const { token } = await end((await begin()).url);
    expect(token).toMatchObject({ expiresAtMs: NEVER_MS, scope: ['read'] });
    expect(token.refreshToken).toBeUndefined();
  });

  it('is shown nowhere', async () => {
    const { begin, end } = aClient([granted({ refresh_token: 'canary' })]);
    const grant = await end((await begin()).url);
    expect(inspect(grant, { depth: 9 }) + JSON.stringify(grant)).not.toMatch(/canary|access-1/);
    expect(grant.token.refreshToken?.reveal()).toBe('canary');
  });
});

describe('renewing', () => {
  it('keeps the old refresh token where there is no other', async () => {
    const { client, sent } = aClient([granted()]);
    const token = await client.refresh(KEY, aToken());
    expect(sent[0]?.body.get('refresh_token')).toBe('refresh-0');
    expect(token.refreshToken?.reveal()).toBe('refresh-0');
    expect(token.expiresAtMs).toBeLessThan(NEVER_MS);
  });

  it('ends where there is none', async () => {
    const { refreshToken: _, ...plain } = aToken();
    await expect(aClient([]).client.refresh(KEY, plain)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it.each([
    ['no JSON', () => new Response('<html>', { status: 200 })],
    ['no token', () => Response.json({ token_type: 'bearer' })],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'https://evil.example' } })],
  ])('refuses an answer with %s', async (_, answer) => {
    const { client } = aClient([answer]);
    await expect(client.refresh(KEY, aToken())).rejects.toMatchObject({ failure: 'response' });
  });

  it('tells nothing of a body or a description', async () => {
    const body = { error: 'invalid_request', error_description: 'canary refresh-0' };
    const { client } = aClient([() => Response.json(body, { status: 400 })]);
    const error = await client.refresh(KEY, aToken()).catch((reason: unknown) => reason);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/canary|refresh-0/);
    expect(error).toMatchObject({ failure: 'refused', error: 'invalid_request' });
  });
});

describe('metadata', () => {
  const provider = { ...PROVIDER, server: 'https://sso.example' };
  const found = () => Response.json(METADATA);

  it('is looked up once, when it is needed first, and again after a failure', async () => {
    const { begin, sent } = aClient([() => new Response(null, { status: 503 }), found], { provider });
    expect(sent).toEqual([]);
    await expect(begin()).rejects.toMatchObject({ failure: 'unavailable' });
    await Promise.all([begin(), begin()]);
    await begin();
    expect(sent.map(({ url }) => url)).toEqual([
      'https://sso.example/.well-known/openid-configuration',
      'https://sso.example/.well-known/openid-configuration',
    ]);
  });

  it('of another issuer is refused', async () => {
    const evil = () => Response.json({ ...METADATA, issuer: 'https://evil.example' });
    await expect(aClient([evil], { provider }).begin()).rejects.toMatchObject({ failure: 'response' });
  });
});

it('names an option that is wrong', () => {
  const wrong = { provider: PROVIDER, redirectUris: [REDIRECT], keys } as never;
  expect(() => createOAuthClient(wrong)).toThrow(/rows must be an object/);
  expect(() => aClient([], { redirectUris: undefined as never })).toThrow(/redirectUris/);
});
