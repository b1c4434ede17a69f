import type { OAuthApplication, OAuthProvider } from '../oauth-provider.ts';
import { discoveredProvider } from './discovered-provider.ts';

/** What {@link googleProvider} takes. */
export interface GoogleProviderOptions extends OAuthApplication {
  /** Default `https://accounts.google.com`. */
  readonly issuer?: string | undefined;
}

/**
 * Google. It gives a refresh token only when asked for offline access, and again only when the user consents again.
 *
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
  const { issuer = 'https://accounts.google.com', scope = ['openid'], ...application } = options;
  const parameters = { access_type: 'offline', prompt: 'consent' };
  return discoveredProvider({ ...application, name: 'google', issuer, scope, parameters });
}
