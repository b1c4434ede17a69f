export { createOAuthClient } from './oauth/create-oauth-client.ts';
export type {
  OAuthAuthorization,
  OAuthCallback,
  OAuthClient,
  OAuthGrant,
  OAuthInitiation,
} from './oauth/oauth-client.ts';
export { OAuthClientError, type OAuthClientFailure } from './oauth/oauth-client-error.ts';
export type { OAuthApplication, OAuthProvider } from './oauth/oauth-provider.ts';
export { oauthClientDefaults, type OAuthClientOptions } from './oauth/options.ts';
export { auth0Provider, type Auth0ProviderOptions } from './oauth/providers/auth0-provider.ts';
export { azureProvider, type AzureProviderOptions } from './oauth/providers/azure-provider.ts';
export { discoveredProvider, type DiscoveredProviderOptions } from './oauth/providers/discovered-provider.ts';
export { githubProvider, type GithubProviderOptions } from './oauth/providers/github-provider.ts';
export { googleProvider, type GoogleProviderOptions } from './oauth/providers/google-provider.ts';
