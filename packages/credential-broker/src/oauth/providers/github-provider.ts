import type { Egress } from '../../egress/egress.ts';
import type { Token } from '../../refresh/token.ts';
import type { Secret } from '../../secret/secret.ts';
import { OAuthClientError } from '../oauth-client-error.ts';
import type { OAuthApplication, OAuthProvider } from '../oauth-provider.ts';
import { address, readProviderOptions } from '../provider-options.ts';

/** What {@link githubProvider} takes. */
export interface GithubProviderOptions extends OAuthApplication {
  readonly clientSecret: Secret;
  /** Where it is served; an Enterprise Server has an address of its own. Default `https://github.com`. */
  readonly url?: string | undefined;
  /** Where its API is served. Default `https://api.github.com`. */
  readonly apiUrl?: string | undefined;
}

/** Names of its own for what RFC 6749 calls an invalid grant. */
const INVALID_GRANT = ['bad_verification_code', 'bad_refresh_token'];

/** GitHub reports errors with status 200. */
async function mend(response: Response): Promise<Response> {
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  if (response.status !== 200 || !isJson) return response;
  const text = await response.text();
  const { status, headers } = response;
  try {
    const { error } = JSON.parse(text) as { readonly error?: unknown };
    if (typeof error === 'string') {
      const name = INVALID_GRANT.includes(error) ? 'invalid_grant' : error;
      return Response.json({ error: name }, { status: 400 });
    }
  } catch {
    // Whoever reads it will see that it is no JSON.
  }
  return new Response(text, { status, headers });
}

/**
 * GitHub. Its metadata is not published, its tokens last until they are revoked unless the app lets them expire, and
 * they are revoked in a way of its own.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @see https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
 *
 * @example
 * ```ts
 * import { Secret } from '@holdfast/credential-broker';
 * import { githubProvider } from '@holdfast/credential-broker/oauth';
 *
 * const github = githubProvider({
 *   clientId: 'Iv1.0123456789abcdef',
 *   clientSecret: new Secret(process.env['GITHUB_SECRET'] ?? ''),
 *   scope: ['read:user'],
 * });
 * ```
 */
export function githubProvider(options: GithubProviderOptions): OAuthProvider {
  const own = { url: address, apiUrl: address };
  const read = readProviderOptions('githubProvider', options, own, 'clientSecret');
  const { clientId, clientSecret, scope = [] } = read;
  const { url = 'https://github.com', apiUrl = 'https://api.github.com' } = read;
  const issuer = `${url}/login/oauth`;
  return {
    name: 'github',
    clientId,
    clientSecret,
    scope,
    server: {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/access_token`,
    },
    scopeSeparator: ',',
    mend,
    revoke: (egress, token) => revoke(egress, `${apiUrl}/applications/${clientId}/token`, token),
  };

  async function revoke(egress: Pick<Egress, 'fetch'>, address: string, token: Token): Promise<void> {
    const identity = Buffer.from(`${clientId}:${clientSecret.reveal()}`).toString('base64');
    const { status, body } = await egress.fetch(address, {
      method: 'DELETE',
      headers: { accept: 'application/json', authorization: `Basic ${identity}` },
      body: JSON.stringify({ access_token: token.accessToken.reveal() }),
    });
    await body?.cancel();
    // 404 and 422: there is no such token, or not any more.
    if (![204, 404, 422].includes(status))
      throw new OAuthClientError(
        status >= 500 || status === 429 ? 'unavailable' : 'refused',
        'the provider did not revoke the token',
      );
  }
}
