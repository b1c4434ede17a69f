import { promised } from '../leases/promised.ts';
import type { SealedRowCounts } from '../sealed-rows/sealed-row.ts';
import type { DueToken, StoredToken, TokenStore } from './token-store.ts';
import type { TokenKey } from './token.ts';

interface Entry {
  readonly key: TokenKey;
  readonly stored: StoredToken;
}

const idOf = ({ tenant, name }: TokenKey) => JSON.stringify([tenant, name]);

class MemoryTokens implements TokenStore {
  private readonly entries = new Map<string, Entry>();

  find(key: TokenKey): Promise<StoredToken | undefined> {
    return promised(() => this.entries.get(idOf(key))?.stored);
  }

  put(key: TokenKey, stored: StoredToken): Promise<boolean> {
    return promised(() => {
      const fits = (this.entries.get(idOf(key))?.stored.version ?? 0) === stored.version - 1;
      if (fits) this.entries.set(idOf(key), { key, stored });
      return fits;
    });
  }

  remove(key: TokenKey): Promise<void> {
    return promised(() => void this.entries.delete(idOf(key)));
  }

  due(byMs: number, limit: number): Promise<readonly DueToken[]> {
    return promised(() =>
      [...this.entries.values()]
        .map(({ key, stored }) => ({ key, dueAtMs: stored.dueAtMs }))
        .filter(({ dueAtMs }) => dueAtMs <= byMs)
        .sort((a, b) => a.dueAtMs - b.dueAtMs)
        .slice(0, limit),
    );
  }

  removeOver(byMs: number): Promise<number> {
    return promised(() => {
      const over = [...this.entries].filter(([, { stored }]) => stored.removeAtMs <= byMs);
      for (const [id] of over) this.entries.delete(id);
      return over.length;
    });
  }

  count(nowMs: number): Promise<SealedRowCounts> {
    return promised(() => {
      const entries = [...this.entries.values()];
      const valid = entries.filter(({ stored }) => nowMs < stored.token.expiresAtMs).length;
      return { valid, expired: entries.length - valid };
    });
  }
}

/**
 * Makes a store of tokens that is gone with the process, in which they are not encrypted.
 *
 * @example
 * ```ts
 * import { createTokenManager, memoryTokens, type Token, type TokenKey } from '@holdfast/credential-broker';
 *
 * const manage = (refresh: (key: TokenKey, token: Token) => Promise<Token>) =>
 *   createTokenManager({ store: memoryTokens(), refresh });
 * ```
 */
export function memoryTokens(): TokenStore {
  return new MemoryTokens();
}
