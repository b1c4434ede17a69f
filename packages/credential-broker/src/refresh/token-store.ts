import type { SealedRowCounts } from '../sealed-rows/sealed-row.ts';
import type { Token, TokenKey } from './token.ts';

/** A token, and how its renewal stands. */
export interface StoredToken {
  readonly token: Token;
  /** When to renew it, or try again to, in milliseconds since the Unix epoch. */
  readonly dueAtMs: number;
  /** When it can be forgotten, in milliseconds since the Unix epoch. */
  readonly removeAtMs: number;
  /** How many attempts to renew it have failed in a row. */
  readonly failures: number;
  /** 1 when it was put first, and one more with each replacement. */
  readonly version: number;
}

/** When a token is due. */
export interface DueToken {
  readonly key: TokenKey;
  readonly dueAtMs: number;
}

/** Where tokens are kept. */
export interface TokenStore {
  find(key: TokenKey): Promise<StoredToken | undefined>;
  /**
   * Keeps a token.
   *
   * @returns whether it did: with version 1 where there is none, with a later version where there is the one before it
   */
  put(key: TokenKey, stored: StoredToken): Promise<boolean>;
  remove(key: TokenKey): Promise<void>;
  /** The tokens that are due at an instant or before, the earliest first. */
  due(byMs: number, limit: number): Promise<readonly DueToken[]>;
  /** Removes those that can be forgotten at an instant. @returns how many */
  removeOver(byMs: number): Promise<number>;
  count(nowMs: number): Promise<SealedRowCounts>;
}
