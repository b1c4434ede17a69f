import {
  check,
  having,
  integer,
  number,
  readOptions,
  systemClock,
  type,
  type Clock,
  type ListenerErrorHandler,
  type Rules,
} from '@holdfast/pipeline';
import { systemRandom } from '../clock.ts';
import { memoryLock, type RefreshLock } from './refresh-lock.ts';
import type { TokenStore } from './token-store.ts';
import type { Token, TokenKey } from './token.ts';

/** Options of `createTokenManager`. */
export interface TokenManagerOptions {
  /** Where the tokens are. */
  readonly store: TokenStore;
  /**
   * Gets the next token for one, whose `refreshToken` is kept where the answer has none. An error with the property
   * `error` of `invalid_grant` (RFC 6749, 5.2) says that the grant is over; after any other it is tried again later.
   */
  readonly refresh: (key: TokenKey, token: Token, signal: AbortSignal) => Promise<Token>;
  /** Lets one process at a time renew a token. Default: one manager's own. */
  readonly lock?: RefreshLock | undefined;
  /** How long before its end a token is renewed, in milliseconds. At least 0. Default 300,000. */
  readonly refreshBeforeMs?: number | undefined;
  /** The part of its life after which a token is renewed that lives so short that this is later. 0 to 1. Default 0.8. */
  readonly refreshAtRatio?: number | undefined;
  /** How much of the time before its end is added at random, lest all come at once. 0 to 1. Default 0.2. */
  readonly jitterRatio?: number | undefined;
  /** How long a renewal may take, in milliseconds; also how long is waited for another process's. Default 30,000. */
  readonly timeoutMs?: number | undefined;
  /** How long is waited after a failed renewal, in milliseconds; twice as long each time. At least 1. Default 1,000. */
  readonly retryMs?: number | undefined;
  /** The longest such wait, in milliseconds. At least 1. Default 60,000. */
  readonly maxRetryMs?: number | undefined;
  /** How often the store is looked through for what is due, in milliseconds. At least 1,000. Default 15,000. */
  readonly sweepMs?: number | undefined;
  /** How many tokens a sweep renews at a time. 1 to 1,000. Default 20. */
  readonly concurrency?: number | undefined;
  /** How long an expired token is kept that can still be renewed, in milliseconds. Default 2,592,000,000 (30 days). */
  readonly keepMs?: number | undefined;
  /** Hears of listeners that throw. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
  /** Where jitter comes from: numbers from 0 up to 1. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** What a token manager does unless told otherwise. */
export const tokenManagerDefaults = {
  refreshBeforeMs: 300_000,
  refreshAtRatio: 0.8,
  jitterRatio: 0.2,
  timeoutMs: 30_000,
  retryMs: 1_000,
  maxRetryMs: 60_000,
  sweepMs: 15_000,
  concurrency: 20,
  keepMs: 2_592_000_000,
  onListenerError: console.error as ListenerErrorHandler,
  clock: systemClock,
  random: systemRandom,
} satisfies Partial<TokenManagerOptions>;

const rules: Rules<TokenManagerOptions> = {
  store: having('find', 'put', 'remove', 'due', 'removeOver', 'count'),
  refresh: type('function'),
  lock: having('take'),
  refreshBeforeMs: number(0),
  refreshAtRatio: number(0, 1),
  jitterRatio: number(0, 1),
  timeoutMs: integer(1),
  retryMs: integer(1),
  maxRetryMs: integer(1),
  sweepMs: integer(1_000),
  concurrency: integer(1, 1_000),
  keepMs: number(0),
  onListenerError: type('function'),
  clock: having('now', 'wallNow', 'setTimer'),
  random: type('function'),
};

/** Options as a token manager works with them. */
export type TokenManagerSettings = Readonly<
  TokenManagerOptions & typeof tokenManagerDefaults & { readonly lock: RefreshLock }
>;

/** Checks options and fills in the defaults. */
export function readTokenManagerOptions(options: TokenManagerOptions): TokenManagerSettings {
  const settings = readOptions('createTokenManager', options, rules, {
    ...tokenManagerDefaults,
    lock: memoryLock(),
  });
  check('createTokenManager: store', settings.store, rules.store);
  check('createTokenManager: refresh', settings.refresh, rules.refresh);
  return settings;
}
