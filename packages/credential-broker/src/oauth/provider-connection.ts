import {
  allowInsecureRequests,
  ClientSecretPost,
  Configuration,
  customFetch,
  discovery,
  None,
  type CustomFetch,
} from 'openid-client';
import type { Egress } from '../egress/egress.ts';
import { issuerOf, type OAuthProvider } from './oauth-provider.ts';
import { toOAuthClientError, unavailable } from './to-oauth-client-error.ts';

/** What a provider is asked through; its metadata is looked up when it is needed first. */
export class ProviderConnection {
  private readonly provider: OAuthProvider;
  private readonly egress: Pick<Egress, 'fetch'>;
  private configuration: Promise<Configuration> | undefined;

  constructor(provider: OAuthProvider, egress: Pick<Egress, 'fetch'>) {
    this.provider = provider;
    this.egress = egress;
  }

  /**
   * Asks the provider something.
   *
   * @throws {@link OAuthClientError} when it does not answer as it should
   */
  async ask<T>(question: (configuration: Configuration) => T | Promise<T>): Promise<T> {
    try {
      // One that failed is not kept.
      this.configuration ??= this.configure().catch((error: unknown) => {
        this.configuration = undefined;
        throw error;
      });
      return await question(await this.configuration);
    } catch (error) {
      throw toOAuthClientError(error);
    }
  }

  private async configure(): Promise<Configuration> {
    const { server, clientId, clientSecret } = this.provider;
    const identity = clientSecret === undefined ? None() : ClientSecretPost(clientSecret.reveal());
    const fetch: CustomFetch = (url, options) => this.send(url, options);
    // The egress decides whether plain HTTP may be spoken.
    const execute = issuerOf(this.provider).startsWith('http:') ? [allowInsecureRequests] : [];
    if (typeof server === 'string')
      return discovery(new URL(server), clientId, undefined, identity, { [customFetch]: fetch, execute });
    const configuration = new Configuration(server, clientId, undefined, identity);
    configuration[customFetch] = fetch;
    for (const allow of execute) allow(configuration);
    return configuration;
  }

  private async send(url: string, options: Parameters<CustomFetch>[1]): Promise<Response> {
    const { method, headers, body, signal } = options;
    const response = await this.egress.fetch(url, {
      method,
      headers,
      body: body instanceof URLSearchParams ? body.toString() : undefined,
      signal,
    });
    if (response.status >= 500 || response.status === 429) {
      await response.body?.cancel();
      throw unavailable();
    }
    return this.provider.mend?.(response) ?? response;
  }
}
