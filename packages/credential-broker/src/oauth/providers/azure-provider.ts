import type { Rule } from '@holdfast/pipeline';
import type { OAuthApplication, OAuthProvider } from '../oauth-provider.ts';
import { address, readProviderOptions } from '../provider-options.ts';
import { discovered } from './discovered-provider.ts';

/** What {@link azureProvider} takes. */
export interface AzureProviderOptions extends OAuthApplication {
  /** The directory: its id or one of its domains. Not `common`: whoever has any account could come in. */
  readonly directory: string;
  /** Where it is served, also by a sovereign cloud. Default `https://login.microsoftonline.com`. */
  readonly authority?: string | undefined;
}

const DIRECTORY = /^[a-z0-9][a-z0-9.-]{0,252}$/i;
const SHARED = ['common', 'organizations', 'consumers'];

const directoryRule: Rule = (value) =>
  typeof value === 'string' && DIRECTORY.test(value) && !SHARED.includes(value.toLowerCase())
    ? undefined
    : 'must be the id or a domain of one directory';

/**
 * Microsoft Entra ID, formerly Azure Active Directory. It cannot revoke single tokens.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type, or the directory is not one
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 *
 * @example
 * ```ts
 * import { azureProvider } from '@holdfast/credential-broker/oauth';
 *
 * const azure = azureProvider({ directory: 'contoso.example', clientId: '00000000-0000-0000-0000-000000000000' });
 * ```
 */
export function azureProvider(options: AzureProviderOptions): OAuthProvider {
  const own = { directory: directoryRule, authority: address };
  const read = readProviderOptions('azureProvider', options, own, 'directory');
  const { directory, authority = 'https://login.microsoftonline.com', ...application } = read;
  const issuer = `${authority}/${directory}/v2.0`;
  return discovered({
    ...application,
    name: 'azure',
    issuer,
    parameters: { response_mode: 'query' },
  });
}
