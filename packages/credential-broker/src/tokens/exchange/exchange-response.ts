import type { TokenClaims } from '../jose/sign-token.ts';

/** The answer to a token exchange (RFC 8693, section 2.2.1), to be sent with `Cache-Control: no-store`. */
export interface ExchangeResponse {
  readonly access_token: string;
  readonly issued_token_type: 'urn:ietf:params:oauth:token-type:access_token';
  readonly token_type: 'Bearer' | 'DPoP';
  readonly expires_in: number;
  readonly scope: string;
}

/**
 * Says what the answer to a token exchange is.
 *
 * @param token - signed, with these claims
 *
 * @example
 * ```ts
 * import { exchangeResponse } from '@holdfast/credential-broker';
 *
 * const body = exchangeResponse('eyJ…', { iat: 1_767_225_600, exp: 1_767_225_900, scope: 'read' });
 * console.log(body.expires_in); // 300
 * ```
 */
export function exchangeResponse(token: string, claims: TokenClaims): ExchangeResponse {
  return {
    access_token: token,
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    token_type: tokenTypeOf(claims),
    expires_in: Number(claims['exp']) - Number(claims['iat']),
    scope: String(claims['scope']),
  };
}

/** How a token is presented: with a proof when it is bound to a key. */
export function tokenTypeOf(claims: TokenClaims): 'Bearer' | 'DPoP' {
  return claims['cnf'] === undefined ? 'Bearer' : 'DPoP';
}
