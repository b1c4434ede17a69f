import { check, type } from '@holdfast/pipeline';
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  refreshTokenGrant,
  tokenRevocation,
} from 'openid-client';
import { createEgress, type Egress } from '../egress/egress.ts';
import { checkTokenKey } from '../refresh/check-token.ts';
import type { Token, TokenKey } from '../refresh/token.ts';
import { Flows, newState, newVerifier, type Flow } from './flow.ts';
import type {
  OAuthAuthorization,
  OAuthCallback,
  OAuthClient,
  OAuthGrant,
  OAuthInitiation,
} from './oauth-client.ts';
import { OAuthClientError } from './oauth-client-error.ts';
import { readOAuthClientOptions, type OAuthClientOptions, type OAuthClientSettings } from './options.ts';
import { ProviderConnection } from './provider-connection.ts';
import { toOAuthClientError } from './to-oauth-client-error.ts';
import { tokenOf, type TokenContext } from './token-of.ts';

const OBJECT = type('object');
const MIN_BROWSER = 16;
const MAX_DATA = 2_048;
/** What a browser may bring: more than any provider sends. */
const MAX_QUERY = 8_192;
const STATE = /^[\w-]{43}$/;

/**
 * Makes a client of one provider: users grant access, and tokens come out of it. Needs `openid-client`.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { createTokenManager, type KeyRing, sealedTokens, type SealedRows } from '@holdfast/credential-broker';
 * import { createOAuthClient, discoveredProvider } from '@holdfast/credential-broker/oauth';
 *
 * function connect(rows: SealedRows, keys: KeyRing) {
 *   const provider = discoveredProvider({ name: 'sso', issuer: 'https://sso.example', clientId: 'app' });
 *   const redirectUris = ['https://app.example/oauth/callback'];
 *   const oauth = createOAuthClient({ provider, redirectUris, rows, keys });
 *   const tokens = createTokenManager({ store: sealedTokens({ rows, keys }), refresh: oauth.refresh });
 *   return async (url: string, tenant: string, browser: string) => {
 *     const { key, token } = await oauth.callback({ url, tenant, browser });
 *     await tokens.put(key, token);
 *   };
 * }
 * ```
 */
export function createOAuthClient(options: OAuthClientOptions): OAuthClient {
  const client = new Client(readOAuthClientOptions(options));
  return {
    initiate: (initiation) => client.initiate(initiation),
    callback: (callback) => client.callback(callback),
    refresh: (_key: TokenKey, token) => client.refresh(token),
    revoke: (token) => client.revoke(token),
  };
}

class Client {
  private readonly settings: OAuthClientSettings;
  private readonly egress: Pick<Egress, 'fetch'>;
  private readonly connection: ProviderConnection;
  private readonly flows: Flows;

  constructor(settings: OAuthClientSettings) {
    this.settings = settings;
    this.egress = settings.egress ?? createEgress();
    this.connection = new ProviderConnection(settings.provider, this.egress);
    this.flows = new Flows(settings.rows, settings.keys);
  }

  async initiate(initiation: OAuthInitiation): Promise<OAuthAuthorization> {
    check('initiate: initiation', initiation, OBJECT);
    const { provider, redirectUris, flowTtlMs, clock } = this.settings;
    const { key, redirectUri, browser, data, scope = provider.scope } = initiation;
    checkTokenKey(key);
    if (!redirectUris.includes(redirectUri))
      throw new OAuthClientError('redirect', 'the address to come back to is not on the list');
    if (typeof browser !== 'string' || browser.length < MIN_BROWSER)
      throw new TypeError(`initiate: browser must be a string of at least ${MIN_BROWSER} characters`);
    if (data !== undefined && data.length > MAX_DATA)
      throw new TypeError(`initiate: data must have at most ${MAX_DATA} characters`);
    const [state, verifier] = [newState(), newVerifier()];
    const nonce = scope.includes('openid') ? newState() : undefined;
    const challenge = await calculatePKCECodeChallenge(verifier);
    const url = await this.connection.ask((configuration) =>
      buildAuthorizationUrl(configuration, {
        ...provider.parameters,
        ...(scope.length > 0 && { scope: scope.join(' ') }),
        redirect_uri: redirectUri,
        state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
        ...(nonce !== undefined && { nonce }),
      }),
    );
    const nowMs = clock.wallNow();
    const expiresAtMs = nowMs + flowTtlMs;
    const flow: Flow = { verifier, nonce, redirectUri, scope, name: key.name, data };
    await this.flows.begin({ provider, tenant: key.tenant, browser, state }, flow, nowMs, expiresAtMs);
    return { url, expiresAtMs };
  }

  async callback(callback: OAuthCallback): Promise<OAuthGrant> {
    check('callback: callback', callback, OBJECT);
    const { url, tenant, browser } = callback;
    const { provider, clock } = this.settings;
    const query = queryOf(url);
    const state = query.get('state') ?? '';
    const name = { provider, tenant, browser, state };
    const obtainedAtMs = clock.wallNow();
    const flow = STATE.test(state) ? await this.flows.end(name, obtainedAtMs) : undefined;
    if (flow === undefined) throw new OAuthClientError('state', 'no such flow was begun here, or it is over');
    // As it was registered: what a proxy made of the address does not count.
    const address = new URL(`${flow.redirectUri}?${query}`);
    const answer = await this.connection.ask((configuration) =>
      authorizationCodeGrant(configuration, address, {
        expectedState: state,
        pkceCodeVerifier: flow.verifier,
        ...(flow.nonce !== undefined && { expectedNonce: flow.nonce }),
      }),
    );
    const token = tokenOf(answer, this.context(obtainedAtMs, flow.scope));
    return { key: { tenant, name: flow.name }, token, subject: answer.claims()?.sub, data: flow.data };
  }

  async refresh(token: Token): Promise<Token> {
    const { refreshToken, scope } = token;
    if (refreshToken === undefined)
      throw new OAuthClientError('grant', 'there is no refresh token', { error: 'invalid_grant' });
    const obtainedAtMs = this.settings.clock.wallNow();
    const answer = await this.connection.ask((configuration) =>
      refreshTokenGrant(configuration, refreshToken.reveal()),
    );
    // Not every provider gives another refresh token each time.
    const { refresh_token = refreshToken.reveal() } = answer;
    return tokenOf({ ...answer, refresh_token }, this.context(obtainedAtMs, scope));
  }

  async revoke(token: Token): Promise<boolean> {
    const { provider } = this.settings;
    if (provider.revoke !== undefined) {
      await provider.revoke(this.egress, token).catch((error: unknown) => {
        throw toOAuthClientError(error);
      });
      return true;
    }
    return this.connection.ask(async (configuration) => {
      if (configuration.serverMetadata().revocation_endpoint === undefined) return false;
      // With the refresh token go the access tokens that came of it (RFC 7009, 2.1).
      const [secret, hint] =
        token.refreshToken === undefined
          ? [token.accessToken, 'access_token']
          : [token.refreshToken, 'refresh_token'];
      await tokenRevocation(configuration, secret.reveal(), { token_type_hint: hint });
      return true;
    });
  }

  private context(obtainedAtMs: number, scope: readonly string[]): TokenContext {
    return { obtainedAtMs, scope, scopeSeparator: this.settings.provider.scopeSeparator };
  }
}

/** The query of an address, which may also be only the path of a request. */
function queryOf(url: string | URL): URLSearchParams {
  const { search } = URL.canParse(String(url), 'https://none.invalid')
    ? new URL(url, 'https://none.invalid')
    : { search: '' };
  return new URLSearchParams(search.length > MAX_QUERY ? '' : search);
}
