import type { TokenKey } from './token.ts';

/** What a token manager did. No event holds a token. */
export type TokenEvent =
  | { readonly type: 'token.refreshed'; readonly key: TokenKey; readonly expiresAtMs: number }
  /** A renewal failed; the next attempt is at `dueAtMs`. */
  | {
      readonly type: 'token.refresh-failed';
      readonly key: TokenKey;
      readonly dueAtMs: number;
      readonly error: unknown;
    }
  /** Something else than the provider failed: its lock or its row cannot be had, or the row does not open. */
  | { readonly type: 'token.stuck'; readonly key: TokenKey; readonly error: unknown }
  /** The grant is over: nothing renews the token any more. */
  | { readonly type: 'token.ended'; readonly key: TokenKey }
  | { readonly type: 'token.removed'; readonly count: number }
  /** The store failed while nobody waited for it. */
  | { readonly type: 'token.sweep-failed'; readonly error: unknown };
