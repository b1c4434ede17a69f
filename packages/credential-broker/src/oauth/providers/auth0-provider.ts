import type { OAuthApplication, OAuthProvider } from '../oauth-provider.ts';
import { address, readProviderOptions, text } from '../provider-options.ts';
import { discovered } from './discovered-provider.ts';

/** What {@link auth0Provider} takes. */
export interface Auth0ProviderOptions extends OAuthApplication {
  /** The address of the tenant, with the slash at its end: `https://acme.eu.auth0.com/`. */
  readonly issuer: string;
  /** The API that the token is for. Without one Auth0 gives tokens that only it understands. */
  readonly audience: string;
}

/**
 * Auth0.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @see https://auth0.com/docs/get-started/authentication-and-authorization-flow
 *
 * @example
 * ```ts
 * import { auth0Provider } from '@holdfast/credential-broker/oauth';
 *
 * const auth0 = auth0Provider({ issuer: 'https://acme.eu.auth0.com/', audience: 'https://api.acme.example', clientId: 'app' });
 * ```
 */
export function auth0Provider(options: Auth0ProviderOptions): OAuthProvider {
  const own = { issuer: address, audience: text };
  const { audience, ...rest } = readProviderOptions('auth0Provider', options, own, 'issuer', 'audience');
  return discovered({ ...rest, name: 'auth0', parameters: { audience } });
}
