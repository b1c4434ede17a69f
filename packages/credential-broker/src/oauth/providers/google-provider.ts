import type { OAuthApplication, OAuthProvider } from '../oauth-provider.ts';
import { address, readProviderOptions } from '../provider-options.ts';
import { discovered } from './discovered-provider.ts';

/** What {@link googleProvider} takes. */
export interface GoogleProviderOptions extends OAuthApplication {
  /** Default `https://accounts.google.com`. */
  readonly issuer?: string | undefined;
}

/**
 * Google. It gives a refresh token only when asked for offline access, and again only when the user consents again.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @see https://developers.google.com/identity/protocols/oauth2/web-server
 *
 * @example
 * ```ts
 * import { Secret } from '@holdfast/credential-broker';
 * import { googleProvider } from '@holdfast/credential-broker/oauth';
 *
 * const google = googleProvider({
 *   clientId: 'app.apps.googleusercontent.com',
 *   clientSecret: new Secret(process.env['GOOGLE_SECRET'] ?? ''),
 *   scope: ['openid', 'https://www.googleapis.com/auth/calendar.readonly'],
 * });
 * ```
 */
export function googleProvider(options: GoogleProviderOptions): OAuthProvider {
  const {
    issuer = 'https://accounts.google.com',
    scope = ['openid'],
    ...application
  } = readProviderOptions('googleProvider', options, { issuer: address });
  const parameters = { access_type: 'offline', prompt: 'consent' };
  return discovered({ ...application, name: 'google', issuer, scope, parameters });
}
