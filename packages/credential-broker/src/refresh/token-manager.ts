import type { EventSource } from '@holdfast/pipeline';
import type { TokenEvent } from './token-event.ts';
import type { Token, TokenKey } from './token.ts';

/** Options of a call that may wait. */
export interface TokenWaitOptions {
  /** Ends the waiting, and nothing else: the renewal goes on for the others. */
  readonly signal?: AbortSignal | undefined;
}

/** What a token manager has, and has done since it was made. */
export interface TokenStats {
  /** Tokens that are valid, as of the last sweep. */
  readonly valid: number;
  /** Tokens that are not any more, as of the last sweep. */
  readonly expired: number;
  /** Renewals that succeeded. */
  readonly refreshed: number;
  /** Renewals that failed, and will be tried again. */
  readonly failed: number;
  /** Tokens whose grant turned out to be over. */
  readonly ended: number;
  /** Renewals that another process turned out to have made. */
  readonly yielded: number;
  /** Tokens that were cleaned up. */
  readonly removed: number;
}

/** Keeps tokens valid. */
export interface TokenManager extends EventSource<TokenEvent>, AsyncDisposable {
  /**
   * Keeps a token, in place of the one that is there.
   *
   * @throws {@link TypeError} as each of these does, when the key is not made of texts; or when it is no token
   * @throws {@link RangeError} when an instant is out of bounds
   */
  put(key: TokenKey, token: Token): Promise<void>;
  /**
   * Gives a valid token: at once while there is one, also when it is about to be renewed; else once it is.
   *
   * @throws {@link TokenManagerError} when there is none
   * @throws what `refresh` failed with, or the reason of the signal
   */
  get(key: TokenKey, options?: TokenWaitOptions): Promise<Token>;
  /**
   * Renews a token although it is valid: somebody refused it.
   *
   * @throws {@link TokenManagerError} when it cannot be renewed now
   * @throws what `refresh` failed with, or the reason of the signal
   */
  renew(key: TokenKey, options?: TokenWaitOptions): Promise<Token>;
  /** Forgets a token; it is not revoked by that. */
  remove(key: TokenKey): Promise<void>;
  /** Renews what is due, removes what is over and counts what there is. Happens by itself as long as a process runs. */
  sweep(): Promise<void>;
  stats(): TokenStats;
  /** Ends the sweeping; renewals under way are waited for, lest a rotated refresh token is lost. */
  close(): Promise<void>;
}
