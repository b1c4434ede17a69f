import type { Token, TokenKey } from '../refresh/token.ts';

/** What begins a flow. */
export interface OAuthInitiation {
  /** Whose token it will be. */
  readonly key: TokenKey;
  /** Where the user comes back to; one of the `redirectUris`. */
  readonly redirectUri: string;
  /**
   * What only this browser has: the content of a cookie (`HttpOnly`, `Secure`, `SameSite=Lax`), or its hash. At least 16
   * characters that nobody can guess.
   */
  readonly browser: string;
  /** What is asked for. Default: the provider's `scope`. */
  readonly scope?: readonly string[] | undefined;
  /** Something to find again afterwards, such as where the user was. At most 2,048 characters. Default none. */
  readonly data?: string | undefined;
}

/** Where to send the user. */
export interface OAuthAuthorization {
  readonly url: URL;
  /** Until when the user may come back, in milliseconds since the Unix epoch. */
  readonly expiresAtMs: number;
}

/** A user who comes back. */
export interface OAuthCallback {
  /** The address that the browser came to, with its query; only the query counts. */
  readonly url: string | URL;
  /** The tenant that the flow began for. */
  readonly tenant: string;
  /** What was given as `browser` when the flow began. */
  readonly browser: string;
}

/** What a user granted. */
export interface OAuthGrant {
  readonly key: TokenKey;
  readonly token: Token;
  /** Who granted it, if the provider says so: its `sub` in the ID token. */
  readonly subject?: string | undefined;
  readonly data?: string | undefined;
}

/** A client of one provider (OAuth 2.1: authorization code with PKCE). */
export interface OAuthClient {
  /**
   * Begins a flow.
   *
   * @throws {@link OAuthClientError} `redirect` when the address is not on the list
   * @throws {@link TypeError} when something is missing or too long
   */
  initiate(initiation: OAuthInitiation): Promise<OAuthAuthorization>;
  /**
   * Ends a flow: checks that it began in this browser, for this tenant and provider, not too long ago, and has not ended
   * yet, and exchanges the code for a token.
   *
   * @throws {@link OAuthClientError} when something is not as it should be
   * @throws {@link TypeError} when it is given no object
   */
  callback(callback: OAuthCallback): Promise<OAuthGrant>;
  /**
   * Gets the next token; the `refresh` of a token manager. The old refresh token stays where the provider gives no other.
   *
   * @throws {@link OAuthClientError} `grant` when the refresh token is not valid any more
   */
  refresh(key: TokenKey, token: Token): Promise<Token>;
  /**
   * Takes a grant back at the provider (RFC 7009).
   *
   * @returns whether it did: not every provider can
   * @throws {@link OAuthClientError} when it fails
   */
  revoke(token: Token): Promise<boolean>;
}
