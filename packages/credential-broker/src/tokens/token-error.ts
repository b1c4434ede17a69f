/**
 * Why a token is refused:
 *
 * - `malformed`: it is no compact JWS or JWE in its one canonical form, or asks for what is never done
 * - `type`: it is a token of another kind
 * - `key`: no key with its `kid` is valid, or its algorithm is not the one of the key
 * - `signature`: the signature is wrong
 * - `issuer`, `audience`, `claims`: it is somebody else's, for somebody else, or a claim is missing or wrong
 * - `expired`, `not-yet-valid`: its time is over, or has not come
 * - `sealed`: the credential in it is not its own, or not for this key
 * - `proof`, `nonce`, `replayed`: a DPoP proof is wrong, lacks a current nonce, or was seen before
 */
export type TokenFailure =
  | 'malformed'
  | 'type'
  | 'key'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'claims'
  | 'expired'
  | 'not-yet-valid'
  | 'sealed'
  | 'proof'
  | 'nonce'
  | 'replayed';

/**
 * A token is refused. The message holds no part of it, and there is no cause, which could.
 *
 * @example
 * ```ts
 * import type { TokenError } from '@holdfast/credential-broker';
 *
 * const isLate = (error: TokenError) => error.failure === 'expired';
 * ```
 */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  readonly code = 'ERR_BROKER_TOKEN';
  readonly failure: TokenFailure;

  constructor(failure: TokenFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}
