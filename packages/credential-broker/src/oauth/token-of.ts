import type { TokenEndpointResponse } from 'openid-client';
import { NEVER_MS, type Token } from '../refresh/token.ts';
import { Secret } from '../secret/secret.ts';

/** How long a token is taken to last that can be renewed and says nothing, in seconds. */
const DEFAULT_SECONDS = 3_600;

/** What an answer does not say. */
export interface TokenContext {
  /** When it was asked for, in milliseconds since the Unix epoch: its life began later. */
  readonly obtainedAtMs: number;
  /** What is granted where the answer does not say. */
  readonly scope: readonly string[];
  readonly scopeSeparator?: string | undefined;
}

/** What of an answer of the token endpoint makes a token. */
type TokenAnswer = Pick<
  TokenEndpointResponse,
  'access_token' | 'token_type' | 'expires_in' | 'refresh_token' | 'scope'
>;

/** The token in an answer of the token endpoint (RFC 6749, 5.1). */
export function tokenOf(answer: TokenAnswer, context: TokenContext): Token {
  const { refresh_token: refreshToken, scope } = answer;
  const { obtainedAtMs, scopeSeparator = ' ' } = context;
  const seconds = answer.expires_in ?? (refreshToken === undefined ? Infinity : DEFAULT_SECONDS);
  return {
    accessToken: new Secret(answer.access_token),
    ...(refreshToken !== undefined && { refreshToken: new Secret(refreshToken) }),
    tokenType: answer.token_type,
    scope: scope === undefined ? context.scope : scope.split(scopeSeparator).filter((name) => name !== ''),
    obtainedAtMs,
    expiresAtMs: Math.min(NEVER_MS, obtainedAtMs + Math.floor(seconds * 1_000)),
  };
}
