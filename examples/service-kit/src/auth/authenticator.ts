import { TokenError } from '@holdfast/credential-broker';
import { ProblemError } from '../http/problem.ts';
import { looksLikeApiKey } from './api-key.ts';
import type { ApiKeys } from './api-keys.ts';
import { challenge, type Challenge } from './challenge.ts';
import type { Identity } from './identity.ts';
import { readCredential, type Credentialed } from './read-credential.ts';
import { KeysUnavailableError } from './remote-keys.ts';
import type { Identities } from './token-identities.ts';

/** What {@link createAuthenticator} takes. */
export interface AuthenticatorOptions {
  /** What the credentials are for, shown to whoever has none. */
  readonly realm: string;
  /** Who a token proves somebody to be, e.g. `tokenIdentities`. Default: no token is taken. */
  readonly tokens?: Identities | undefined;
  /** Default: no API key is taken. */
  readonly apiKeys?: Pick<ApiKeys, 'verify'> | undefined;
  /** Where the metadata of the protected resource is (RFC 9728). Default: nowhere. */
  readonly resourceMetadata?: string | undefined;
}

/** Tells who makes a request. */
export interface Authenticator {
  /**
   * Who makes a request; nothing for one without credentials.
   *
   * @throws {@link ProblemError} when the credentials do not do, or that cannot be told now
   */
  authenticate(request: Credentialed): Promise<Identity | undefined>;
  /** The answer to who must prove themselves first. */
  required(): ProblemError;
  /** The answer to who may not do something, with what their token would have to be good for. */
  forbidden(detail: string, scope?: string): ProblemError;
}

/** Makes an authenticator of tokens and API keys, either of which comes as a bearer. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { realm, tokens, apiKeys, resourceMetadata } = options;
  const header = (more: Omit<Challenge, 'realm'>) => ({
    headers: { 'WWW-Authenticate': challenge({ realm, resourceMetadata, ...more }) },
  });
  const invalid = (description: string) =>
    new ProblemError('unauthenticated', `${description}.`, header({ error: 'invalid_token', description }));

  async function identify(credential: string): Promise<Identity> {
    if (looksLikeApiKey(credential)) {
      const identity = await apiKeys?.verify(credential);
      if (identity === undefined) throw invalid('The API key is not valid');
      return identity;
    }
    if (tokens === undefined) throw invalid('The token is not valid');
    try {
      return await tokens(credential);
    } catch (error) {
      throw asProblem(error);
    }
  }

  function asProblem(error: unknown): unknown {
    if (error instanceof TokenError)
      return invalid(error.failure === 'expired' ? 'The token has expired' : 'The token is not valid');
    if (!(error instanceof KeysUnavailableError)) return error;
    const headers = { 'Retry-After': String(Math.max(1, Math.ceil(error.retryAfterMs / 1_000))) };
    return new ProblemError('unavailable', 'Tokens cannot be verified now.', { headers, cause: error });
  }

  return {
    async authenticate(request) {
      const credential = readCredential(request);
      return credential === undefined ? undefined : identify(credential);
    },
    required: () =>
      new ProblemError('unauthenticated', 'A bearer token or an API key is needed.', header({})),
    forbidden: (detail, scope) =>
      new ProblemError(
        'forbidden',
        detail,
        scope === undefined ? {} : header({ error: 'insufficient_scope', scope }),
      ),
  };
}
