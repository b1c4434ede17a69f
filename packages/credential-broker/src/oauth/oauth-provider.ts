import type { ServerMetadata } from 'openid-client';
import type { Egress } from '../egress/egress.ts';
import type { Secret } from '../secret/secret.ts';
import type { Token } from '../refresh/token.ts';

/** What an application is to a provider. */
export interface OAuthApplication {
  /** What the provider knows the application by. */
  readonly clientId: string;
  /** Default none: a public client, which PKCE alone protects. */
  readonly clientSecret?: Secret | undefined;
  /** What is asked for unless a flow says otherwise. Default: what the provider needs at least. */
  readonly scope?: readonly string[] | undefined;
}

/** A provider, with what is particular about it. */
export interface OAuthProvider extends OAuthApplication {
  /** Names it; a flow ends at the provider that it began at, told by name, issuer and `clientId`. */
  readonly name: string;
  /** Its issuer, whose metadata is looked up (RFC 8414, OpenID Connect Discovery); or the metadata. */
  readonly server: string | ServerMetadata;
  readonly scope: readonly string[];
  /** What is sent along to the authorization endpoint. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** What is between the scopes in its answers. Default a space. */
  readonly scopeSeparator?: string | undefined;
  /** Makes of an answer what it should have been. */
  readonly mend?: ((response: Response) => Promise<Response>) | undefined;
  /** Revokes a token where the provider does not do it as RFC 7009 says. */
  readonly revoke?: ((egress: Pick<Egress, 'fetch'>, token: Token) => Promise<void>) | undefined;
}

/** The issuer of a provider. */
export const issuerOf = ({ server }: Pick<OAuthProvider, 'server'>) =>
  typeof server === 'string' ? server : server.issuer;
