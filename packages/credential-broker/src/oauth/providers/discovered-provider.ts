import { type } from '@holdfast/pipeline';
import type { OAuthApplication, OAuthProvider } from '../oauth-provider.ts';
import { address, readProviderOptions, text } from '../provider-options.ts';

/** What {@link discoveredProvider} takes. */
export interface DiscoveredProviderOptions extends OAuthApplication {
  /** Names the provider in errors and in the keys of flows. */
  readonly name: string;
  /** The issuer: its address, from which everything else is looked up. */
  readonly issuer: string;
  /**
   * What is sent along to the authorization endpoint. Default: for `offline_access` that the user is asked for consent
   * (OpenID Connect Core, section 11), else nothing.
   */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

/**
 * Any provider that publishes its metadata (RFC 8414, OpenID Connect Discovery).
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 *
 * @example
 * ```ts
 * import { discoveredProvider } from '@holdfast/credential-broker/oauth';
 *
 * const provider = discoveredProvider({ name: 'sso', issuer: 'https://sso.example', clientId: 'app' });
 * ```
 */
export function discoveredProvider(options: DiscoveredProviderOptions): OAuthProvider {
  const own = { name: text, issuer: address, parameters: type('object') };
  return discovered(readProviderOptions('discoveredProvider', options, own, 'name', 'issuer'));
}

/** As {@link discoveredProvider} says, of options that were checked. */
export function discovered(options: DiscoveredProviderOptions): OAuthProvider {
  const { name, issuer, clientId, clientSecret, scope = ['openid', 'offline_access'] } = options;
  const { parameters = scope.includes('offline_access') ? { prompt: 'consent' } : {} } = options;
  return { name, server: issuer, clientId, clientSecret, scope, parameters };
}
