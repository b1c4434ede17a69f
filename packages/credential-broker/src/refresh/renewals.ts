import { sleep, type Emitter } from '@holdfast/pipeline';
import { retry, type Retry } from '@holdfast/retry';
import { within } from '../broker/within.ts';
import { checkToken } from './check-token.ts';
import type { TokenManagerSettings } from './options.ts';
import { retryDelayMs, scheduleOf } from './renewal-times.ts';
import type { TokenEvent } from './token-event.ts';
import { TokenManagerError } from './token-manager-error.ts';
import type { StoredToken } from './token-store.ts';
import { NEVER_MS, type Token, type TokenKey } from './token.ts';

/** How often one asks for a lock that somebody else has, in milliseconds. */
const LOCK_POLL_MS = 100;
/** How often it is tried to keep a token whose predecessor is used up. */
const SAVE_ATTEMPTS = 8;

/** A name for a key that no other key has. */
export const nameOfKey = ({ tenant, name }: TokenKey) => JSON.stringify([tenant, name]);

const isInvalidGrant = (error: unknown) =>
  typeof error === 'object' && error !== null && (error as { error?: unknown }).error === 'invalid_grant';

/** A failure that there was an event of. */
class Told extends Error {}

/** Renews tokens: each by one at a time, and no more often than makes sense. */
export class Renewals {
  private readonly settings: TokenManagerSettings;
  private readonly emitter: Emitter<TokenEvent>;
  private readonly saving: Retry;
  private readonly running = new Map<string, Promise<Token>>();
  readonly counts = { refreshed: 0, failed: 0, ended: 0, yielded: 0 };

  constructor(settings: TokenManagerSettings, emitter: Emitter<TokenEvent>) {
    this.settings = settings;
    this.emitter = emitter;
    const { clock, random } = settings;
    this.saving = retry({ maxAttempts: SAVE_ATTEMPTS, retryIf: () => true, clock, random });
  }

  /**
   * Renews a token that is due; joins a renewal under way.
   *
   * @param refused - the version to renew although it is not due
   */
  renew(key: TokenKey, refused?: number): Promise<Token> {
    // One who was refused a token is not served by a renewal that may find it good enough.
    const name = `${nameOfKey(key)}${refused ?? ''}`;
    const running = this.running.get(name);
    if (running !== undefined) return running;
    const renewal = this.alone(key, () => this.run(key, refused))
      .catch((error: unknown) => this.tell(key, error))
      .finally(() => this.running.delete(name));
    this.running.set(name, renewal);
    return renewal;
  }

  /** Waits until no renewal is under way. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.running.values());
  }

  /** Does something about a token while nobody else does. */
  async alone<T>(key: TokenKey, run: () => Promise<T>): Promise<T> {
    const { clock, lock, timeoutMs } = this.settings;
    const untilMs = clock.now() + timeoutMs;
    for (;;) {
      const release = await lock.take(nameOfKey(key));
      if (release !== undefined) {
        try {
          return await run();
        } finally {
          await release();
        }
      }
      if (clock.now() >= untilMs) throw new TokenManagerError('busy', 'somebody else renews the token');
      await sleep(LOCK_POLL_MS, { onEnd: () => () => {} }, clock);
    }
  }

  /** What is in the store may have changed before the lock was had, so it counts what is there now. */
  private async run(key: TokenKey, refused: number | undefined): Promise<Token> {
    const { store, clock } = this.settings;
    const stored = await store.find(key);
    if (stored === undefined) throw missing();
    const nowMs = clock.wallNow();
    const isRefused = stored.version === refused && stored.failures === 0;
    if (stored.token.refreshToken !== undefined && (isRefused || stored.dueAtMs <= nowMs))
      return this.refresh(key, stored);
    if (stored.version !== refused && nowMs < stored.token.expiresAtMs) {
      this.counts.yielded++;
      return stored.token;
    }
    throw refusal(stored, nowMs);
  }

  private async refresh(key: TokenKey, stored: StoredToken): Promise<Token> {
    const { clock, timeoutMs, refresh } = this.settings;
    const late = () => new TokenManagerError('timeout', `the renewal took longer than ${timeoutMs} ms`);
    const keep = (token: Token) => this.keep(key, stored, token);
    // The old refresh token may be used up by then, so what comes late is kept as well.
    const abandoned = (token: Token) =>
      void keep(token)
        .catch((error: unknown) => this.tell(key, error))
        .catch(() => {});
    let token: Token;
    try {
      token = await within({ clock, ms: timeoutMs, late, abandoned }, async (signal) => {
        const answer = await refresh(key, stored.token, signal());
        checkToken(answer);
        return answer;
      });
    } catch (error) {
      return this.failed(key, stored, error);
    }
    return keep(token);
  }

  private async keep(key: TokenKey, stored: StoredToken, answer: Token): Promise<Token> {
    const { refreshToken = stored.token.refreshToken } = answer;
    const token = { ...answer, ...(refreshToken !== undefined && { refreshToken }) };
    const times = scheduleOf(token, this.settings);
    let base: StoredToken | undefined = stored;
    for (;;) {
      const next = { ...times, token, failures: 0, version: base.version + 1 };
      if (await this.saving.execute(() => this.settings.store.put(key, next))) break;
      base = await this.settings.store.find(key);
      // It was only postponed, as is what comes late; whatever else somebody put counts more.
      if (base === undefined || !isSameGrant(base.token, stored.token)) return this.found(base);
    }
    this.counts.refreshed++;
    this.emitter.emit({ type: 'token.refreshed', key, expiresAtMs: token.expiresAtMs });
    return token;
  }

  private async failed(key: TokenKey, stored: StoredToken, error: unknown): Promise<Token> {
    const { store, clock } = this.settings;
    const found = await store.find(key);
    // A process without the lock has used the refresh token first; what it got is as good.
    if (
      found !== undefined &&
      found.version !== stored.version &&
      clock.wallNow() < found.token.expiresAtMs
    ) {
      this.counts.yielded++;
      return found.token;
    }
    if (isInvalidGrant(error)) await this.end(key, stored);
    else await this.postpone(key, stored, error);
    throw new Told('told', { cause: error });
  }

  /** Tells of a failure that nobody was told of; a refusal is none. */
  private tell(key: TokenKey, error: unknown): never {
    if (error instanceof Told) throw error.cause;
    if (!(error instanceof TokenManagerError)) {
      this.counts.failed++;
      this.emitter.emit({ type: 'token.stuck', key, error });
    }
    throw error;
  }

  private async end(key: TokenKey, { token, version }: StoredToken): Promise<void> {
    const { refreshToken: _, ...last } = token;
    const times = scheduleOf(last, this.settings);
    await this.settings.store.put(key, { ...times, token: last, failures: 0, version: version + 1 });
    this.counts.ended++;
    this.emitter.emit({ type: 'token.ended', key });
  }

  /** In the store, so that other processes wait as well. */
  private async postpone(key: TokenKey, stored: StoredToken, error: unknown): Promise<void> {
    const { store, clock } = this.settings;
    const nowMs = clock.wallNow();
    const remainingMs = stored.token.expiresAtMs - nowMs;
    const dueAtMs = nowMs + retryDelayMs(remainingMs, stored.failures, this.settings);
    await store.put(key, {
      ...stored,
      dueAtMs,
      failures: stored.failures + 1,
      version: stored.version + 1,
    });
    this.counts.failed++;
    this.emitter.emit({ type: 'token.refresh-failed', key, dueAtMs, error });
  }

  /** What somebody else put meanwhile. */
  private found(stored: StoredToken | undefined): Token {
    if (stored === undefined) throw missing();
    this.counts.yielded++;
    return stored.token;
  }
}

const isSameGrant = (a: Token, b: Token) => a.refreshToken?.reveal() === b.refreshToken?.reveal();

export const missing = () => new TokenManagerError('missing', 'there is no such token');

function refusal({ token, dueAtMs }: StoredToken, nowMs: number): TokenManagerError {
  return token.refreshToken === undefined || dueAtMs >= NEVER_MS
    ? new TokenManagerError('ended', 'nothing renews the token: access has to be granted again')
    : new TokenManagerError('waiting', 'the token could not be renewed just now', dueAtMs - nowMs);
}
