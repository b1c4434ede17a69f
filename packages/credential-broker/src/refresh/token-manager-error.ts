/**
 * Why there is no token:
 *
 * - `missing`: none was put, or it was removed
 * - `ended`: it has expired and nothing renews it; somebody has to grant access again
 * - `waiting`: it could not be renewed, and it is too early to try again; see `retryAfterMs`
 * - `busy`: somebody else renews it, for too long
 * - `timeout`: the renewal took too long
 * - `closed`: the manager was closed
 */
export type TokenManagerFailure = 'missing' | 'ended' | 'waiting' | 'busy' | 'timeout' | 'closed';

/**
 * A token manager has no token to give.
 *
 * @example
 * ```ts
 * import type { TokenManagerError } from '@holdfast/credential-broker';
 *
 * const mustAskTheUser = ({ failure }: TokenManagerError) => failure === 'missing' || failure === 'ended';
 * ```
 */
export class TokenManagerError extends Error {
  override readonly name = 'TokenManagerError';
  readonly code = 'ERR_TOKEN_MANAGER';
  readonly failure: TokenManagerFailure;
  /** When to ask again, in milliseconds from now. */
  readonly retryAfterMs: number | undefined;

  constructor(failure: TokenManagerFailure, message: string, retryAfterMs?: number) {
    super(message);
    this.failure = failure;
    this.retryAfterMs = retryAfterMs;
  }
}
