import { describe, expect, test } from 'vitest';
import { QUIRKS, type OidcFlavour } from '../../../src/stand-ins/oidc-provider/quirks.ts';
import { rewrite } from '../../../src/stand-ins/oidc-provider/rewrite.ts';

const FLAVOURS: readonly OidcFlavour[] = ['plain', 'github', 'google', 'azure', 'auth0'];

/** An answer as it stands before it is rewritten, for a client that takes what `accept` says. */
function answered(
  path: string,
  more: { status?: number; body?: unknown; location?: string; accept?: string } = {},
) {
  const { status = 200, body = {}, location = '', accept = 'application/json' } = more;
  const headers = new Map([['location', location]]);
  return {
    path,
    status,
    body,
    type: 'application/json',
    get: (name: string) => (name === 'accept' ? accept : ''),
    set: (name: string, value: string) => void headers.set(name, value),
    response: { get: (name: string) => headers.get(name) ?? '' },
  };
}

const TOKENS = {
  access_token: 'a',
  token_type: 'Bearer',
  scope: 'repo user',
  refresh_token: 'r',
  expires_in: 1,
};
const tokenAnswer = (flavour: OidcFlavour, more: object = {}) =>
  answered(QUIRKS[flavour].paths.token, { body: TOKENS, ...more });

describe('the issuer is named to who comes back', () => {
  const callback = 'https://app.example/callback?code=c&iss=https%3A%2F%2Fidp.example&state=s';

  test.each(FLAVOURS)('by %s as its metadata says', (flavour) => {
    const answer = answered(QUIRKS[flavour].paths.authorization, { location: callback });
    const metadata = answered('/.well-known/openid-configuration', { body: { issuer: 'i' } });
    rewrite(answer, flavour, undefined);
    rewrite(metadata, flavour, undefined);
    const isNamed = new URL(answer.response.get('location')).searchParams.has('iss');
    expect(isNamed).toBe(flavour === 'plain');
    if (flavour === 'github') expect(metadata).toMatchObject({ status: 404, body: '' });
    else
      expect(metadata.body).toEqual(
        isNamed ? { issuer: 'i' } : { issuer: 'i', authorization_response_iss_parameter_supported: false },
      );
  });

  test.each(['', '/interaction/7', 'https://app.example/callback?code=c'])(
    'and a place without it stays as it is: %j',
    (location) => {
      const answer = answered('/authorize', { location });
      rewrite(answer, 'auth0', undefined);
      expect(answer.response.get('location')).toBe(location);
    },
  );
});

describe('tokens', () => {
  test.each(['plain', 'azure', 'auth0'] as const)('of %s are given as they are', (flavour) => {
    for (const grantType of ['authorization_code', 'refresh_token']) {
      const answer = tokenAnswer(flavour);
      rewrite(answer, flavour, grantType);
      expect(answer).toMatchObject({ status: 200, body: TOKENS });
    }
  });

  test('of Google come with a refresh token the first time alone', () => {
    const [first, again] = [tokenAnswer('google'), tokenAnswer('google')];
    rewrite(first, 'google', 'authorization_code');
    rewrite(again, 'google', 'refresh_token');
    expect(first.body).toEqual(TOKENS);
    const { refresh_token: _, ...rest } = TOKENS;
    expect(again.body).toEqual(rest);
  });

  test('of GitHub come without an end and with commas, as JSON or as a form', () => {
    const shown = { access_token: 'a', token_type: 'bearer', scope: 'repo,user' };
    const [json, form] = [tokenAnswer('github'), tokenAnswer('github', { accept: '*/*' })];
    rewrite(json, 'github', 'authorization_code');
    rewrite(form, 'github', 'authorization_code');
    expect(json).toMatchObject({ body: shown, type: 'application/json' });
    expect(form.type).toBe('application/x-www-form-urlencoded');
    expect(Object.fromEntries(new URLSearchParams(form.body as string))).toEqual(shown);
  });

  test.each([
    ['invalid_grant', 'bad_verification_code'],
    ['invalid_client', 'invalid_client'],
  ])('that GitHub does not give are refused with 200: %s', (error, told) => {
    const answer = tokenAnswer('github', { status: 400, body: { error, error_description: 'x' } });
    rewrite(answer, 'github', 'authorization_code');
    expect(answer).toMatchObject({ status: 200, body: { error: told } });
  });

  test('without a scope have none at GitHub', () => {
    const answer = tokenAnswer('github', { body: { access_token: 'a' } });
    rewrite(answer, 'github', undefined);
    expect(answer.body).toEqual({ access_token: 'a', token_type: 'bearer', scope: '' });
  });

  test('that a failing server does not give stay a failure', () => {
    const answer = tokenAnswer('github', { status: 503, body: { error: 'server_error' } });
    rewrite(answer, 'github', undefined);
    expect(answer).toMatchObject({ status: 503, body: { error: 'server_error' } });
  });

  test.each([undefined, null, 'x'])('that are no object stay what they are: %j', (body) => {
    const answer = { ...tokenAnswer('github'), body: body as unknown };
    rewrite(answer, 'github', undefined);
    expect(answer).toMatchObject({ status: 200, body });
  });

  test('are told by their path', () => {
    const answer = answered('/elsewhere', { body: TOKENS });
    rewrite(answer, 'github', undefined);
    expect(answer.body).toEqual(TOKENS);
  });
});

describe('a refresh token is given', () => {
  test.each<[OidcFlavour, Record<string, string>, boolean]>([
    ['plain', { scope: 'openid offline_access', prompt: 'consent' }, true],
    ['plain', { scope: 'openid offline_access' }, false],
    ['plain', { scope: 'openid', prompt: 'consent' }, false],
    ['plain', { scope: 'offline_access_too', prompt: 'consent' }, false],
    ['github', { scope: 'offline_access', prompt: 'consent', access_type: 'offline' }, false],
    ['google', { access_type: 'offline', prompt: 'consent' }, true],
    ['google', { access_type: 'offline' }, false],
    ['google', { access_type: 'online', prompt: 'consent' }, false],
    ['google', { scope: 'offline_access', prompt: 'consent' }, false],
    ['azure', { scope: 'offline_access' }, true],
    ['azure', {}, false],
    ['auth0', { scope: 'openid offline_access' }, true],
    ['auth0', { scope: 'openid', audience: 'api' }, false],
  ])('by %s for %j: %s', (flavour, asked, isGiven) => {
    expect(QUIRKS[flavour].givesRefreshToken(asked)).toBe(isGiven);
  });
});
