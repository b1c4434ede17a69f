import { check, having, readOptions, type Rules } from '@holdfast/pipeline';
import { closeRow, openRow, type SealingKeys } from '../sealed-rows/row-box.ts';
import type { SealedRow, SealedRowCounts, SealedRows } from '../sealed-rows/sealed-row.ts';
import { Secret } from '../secret/secret.ts';
import type { DueToken, StoredToken, TokenStore } from './token-store.ts';
import type { Token, TokenKey } from './token.ts';

/** Options of {@link sealedTokens}. */
export interface SealedTokensOptions {
  /** Where the encrypted rows are kept. */
  readonly rows: SealedRows;
  /** The keys that they are encrypted with: a `KeyRing`. Retire one when every token was renewed since the next came. */
  readonly keys: SealingKeys;
}

const rules: Rules<SealedTokensOptions> = {
  rows: having('find', 'put', 'take', 'due', 'removeOver', 'count'),
  keys: having('sealer', 'findSealing'),
};

/** What is encrypted. */
interface Content extends Omit<Token, 'accessToken' | 'refreshToken'> {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly failures: number;
}

const nameOf = ({ tenant, name }: TokenKey) => ({ kind: 'token', tenant, id: name }) as const;

function contentOf({ token, failures }: StoredToken): string {
  const { accessToken, refreshToken, ...plain } = token;
  const content: Content = {
    ...plain,
    accessToken: accessToken.reveal(),
    refreshToken: refreshToken?.reveal(),
    failures,
  };
  return JSON.stringify(content);
}

function storedOf({ dueAtMs, removeAtMs, version }: SealedRow, text: string): StoredToken {
  const { accessToken, refreshToken, failures, ...plain } = JSON.parse(text) as Content;
  const token: Token = {
    ...plain,
    accessToken: new Secret(accessToken),
    ...(refreshToken !== undefined && { refreshToken: new Secret(refreshToken) }),
  };
  return { token, dueAtMs, removeAtMs, failures, version };
}

/**
 * Makes a store that keeps tokens encrypted with AES-256-GCM, each bound to its tenant and row.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 *
 * @example
 * ```ts
 * import { keyRing, memoryRows, generateSigningKey, sealedTokens, sealingKey, Secret } from '@holdfast/credential-broker';
 *
 * const key = sealingKey(new Secret(Buffer.from(process.env['TOKEN_KEY'] ?? '', 'hex')), { kid: '2026-11' });
 * const keys = keyRing({ signing: [generateSigningKey()], sealing: [key] });
 * const store = sealedTokens({ rows: memoryRows(), keys });
 * ```
 */
export function sealedTokens(options: SealedTokensOptions): TokenStore {
  const { rows, keys } = readOptions('sealedTokens', options, rules, {});
  check('sealedTokens: rows', rows, rules.rows);
  check('sealedTokens: keys', keys, rules.keys);
  return new SealedTokens(rows, keys);
}

class SealedTokens implements TokenStore {
  private readonly rows: SealedRows;
  private readonly keys: SealingKeys;

  constructor(rows: SealedRows, keys: SealingKeys) {
    this.rows = rows;
    this.keys = keys;
  }

  async find(key: TokenKey): Promise<StoredToken | undefined> {
    const row = await this.rows.find(nameOf(key));
    return row && storedOf(row, await openRow(this.keys, nameOf(key), row.box));
  }

  async put(key: TokenKey, stored: StoredToken): Promise<boolean> {
    const { dueAtMs, removeAtMs, version } = stored;
    const { expiresAtMs } = stored.token;
    const box = await closeRow(this.keys, nameOf(key), contentOf(stored));
    return this.rows.put({ ...nameOf(key), box, expiresAtMs, dueAtMs, removeAtMs, version });
  }

  async remove(key: TokenKey): Promise<void> {
    await this.rows.take(nameOf(key));
  }

  async due(byMs: number, limit: number): Promise<readonly DueToken[]> {
    const rows = await this.rows.due('token', byMs, limit);
    return rows.map(({ tenant, id, dueAtMs }) => ({ key: { tenant, name: id }, dueAtMs }));
  }

  removeOver(byMs: number): Promise<number> {
    return this.rows.removeOver('token', byMs);
  }

  count(nowMs: number): Promise<SealedRowCounts> {
    return this.rows.count('token', nowMs);
  }
}
