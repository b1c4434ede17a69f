import { createEmitter, type Emitter, type Timer } from '@holdfast/pipeline';
import { untilAborted } from '../backends/until-aborted.ts';
import { checkToken, checkTokenKey } from './check-token.ts';
import { readTokenManagerOptions, type TokenManagerOptions, type TokenManagerSettings } from './options.ts';
import { missing, nameOfKey, Renewals } from './renewals.ts';
import { scheduleOf } from './renewal-times.ts';
import type { TokenEvent } from './token-event.ts';
import { TokenManagerError } from './token-manager-error.ts';
import type { TokenManager, TokenStats, TokenWaitOptions } from './token-manager.ts';
import type { Token, TokenKey } from './token.ts';

/** The least time between two sweeps, in milliseconds. */
const PAUSE_MS = 1_000;

/**
 * Makes a token manager: it renews tokens before they expire, once each, while those who ask get the present one.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { createTokenManager, type Token, type TokenKey, type TokenStore } from '@holdfast/credential-broker';
 *
 * function manage(store: TokenStore, refresh: (key: TokenKey, token: Token) => Promise<Token>) {
 *   const tokens = createTokenManager({ store, refresh });
 *   return async () => (await tokens.get({ tenant: 'acme', name: 'github/ada' })).accessToken;
 * }
 * ```
 */
export function createTokenManager(options: TokenManagerOptions): TokenManager {
  const manager = new Manager(readTokenManagerOptions(options));
  // What fell due while no process ran is renewed as well.
  void manager.wake();
  return manager;
}

class Manager implements TokenManager {
  private readonly settings: TokenManagerSettings;
  private readonly emitter: Emitter<TokenEvent>;
  private readonly renewals: Renewals;
  private readonly held = { valid: 0, expired: 0 };
  private removed = 0;
  /** How many tokens stay due whatever is done about them. */
  private stuck = 0;
  private sweeping: Promise<void> | undefined;
  private timer: Timer | undefined;
  private armedForMs = Infinity;
  private closed = false;

  constructor(settings: TokenManagerSettings) {
    this.settings = settings;
    this.emitter = createEmitter(settings.onListenerError);
    this.renewals = new Renewals(settings, this.emitter);
  }

  async put(key: TokenKey, token: Token): Promise<void> {
    this.checkCall(key);
    checkToken(token);
    const { store } = this.settings;
    const times = scheduleOf(token, this.settings);
    // A renewal under way would put the token of the old grant in its place, or take a new row for its own.
    await this.renewals.alone(key, async () => {
      for (let kept = false; !kept;) {
        const version = ((await store.find(key))?.version ?? 0) + 1;
        kept = await store.put(key, { ...times, token, failures: 0, version });
      }
    });
    this.arm(times.dueAtMs);
  }

  async get(key: TokenKey, { signal }: TokenWaitOptions = {}): Promise<Token> {
    this.checkCall(key);
    signal?.throwIfAborted();
    const stored = await this.settings.store.find(key);
    if (stored === undefined) throw missing();
    const nowMs = this.settings.clock.wallNow();
    if (nowMs >= stored.token.expiresAtMs) return waitFor(this.renewals.renew(key), signal);
    // In the background: the one who asks has a valid token. A failure is told as an event, and by the next attempt.
    if (stored.dueAtMs <= nowMs) this.renewals.renew(key).catch(() => {});
    return stored.token;
  }

  async renew(key: TokenKey, { signal }: TokenWaitOptions = {}): Promise<Token> {
    this.checkCall(key);
    signal?.throwIfAborted();
    const stored = await this.settings.store.find(key);
    if (stored === undefined) throw missing();
    return waitFor(this.renewals.renew(key, stored.version), signal);
  }

  async remove(key: TokenKey): Promise<void> {
    this.checkCall(key);
    // Not in the middle of a renewal, whose new token would be lost without being revoked.
    await this.renewals.alone(key, () => this.settings.store.remove(key));
  }

  sweep(): Promise<void> {
    this.sweeping ??= this.look().finally(() => (this.sweeping = undefined));
    return this.sweeping;
  }

  stats(): TokenStats {
    return { ...this.held, ...this.renewals.counts, removed: this.removed };
  }

  on<T extends TokenEvent['type']>(
    type: T,
    listener: (event: Extract<TokenEvent, { readonly type: T }>) => void,
  ): () => void {
    return this.emitter.on(type, listener);
  }

  subscribe(listener: (event: TokenEvent) => void): () => void {
    return this.emitter.subscribe(listener);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.timer?.cancel();
    await this.sweeping?.catch(() => {});
    await this.renewals.idle();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Sweeps on behalf of nobody, and comes again. */
  async wake(): Promise<void> {
    this.armedForMs = Infinity;
    const { clock, sweepMs, store } = this.settings;
    const nowMs = clock.wallNow();
    this.arm(nowMs + sweepMs);
    try {
      await this.sweep();
      const soon = await store.due(nowMs + sweepMs, this.stuck + 1);
      const next = soon.find(({ dueAtMs }) => dueAtMs > nowMs);
      if (next !== undefined) this.arm(next.dueAtMs);
    } catch (error) {
      this.emitter.emit({ type: 'token.sweep-failed', error });
    }
  }

  private async look(): Promise<void> {
    const { store, clock, concurrency } = this.settings;
    const seen = new Set<string>();
    this.stuck = 0;
    for (let more = true; more && !this.closed;) {
      // Those that stay due come first each time, and must not keep it from the others.
      const limit = this.stuck + concurrency;
      const due = await store.due(clock.wallNow(), limit);
      const fresh = due.filter(({ key }) => !seen.has(nameOfKey(key))).slice(0, concurrency);
      for (const { key } of fresh) seen.add(nameOfKey(key));
      await Promise.allSettled(fresh.map(({ key }) => this.renewals.renew(key)));
      this.stuck = due.length - fresh.length;
      more = fresh.length > 0 || due.length === limit;
    }
    const removed = await store.removeOver(clock.wallNow());
    this.removed += removed;
    if (removed > 0) this.emitter.emit({ type: 'token.removed', count: removed });
    Object.assign(this.held, await store.count(clock.wallNow()));
  }

  /** Has it come again at an instant, unless it does before. */
  private arm(atMs: number): void {
    const { clock, sweepMs } = this.settings;
    const nowMs = clock.wallNow();
    // A token that is due in a month is found in time.
    if (this.closed || atMs >= this.armedForMs || atMs > nowMs + sweepMs) return;
    this.timer?.cancel();
    this.armedForMs = atMs;
    this.timer = clock.setTimer(() => void this.wake(), Math.max(PAUSE_MS, atMs - nowMs));
    this.timer.unref();
  }

  private checkCall(key: TokenKey): void {
    checkTokenKey(key);
    if (this.closed) throw new TokenManagerError('closed', 'the token manager was closed');
  }
}

const waitFor = (renewal: Promise<Token>, signal: AbortSignal | undefined) =>
  signal === undefined ? renewal : untilAborted(renewal, signal);
