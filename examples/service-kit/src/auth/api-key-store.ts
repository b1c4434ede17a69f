import type { Identity } from './identity.ts';

/** What is known of a key; the key itself is not. */
export interface ApiKeyRecord {
  /** Names the key to people; it proves nothing. */
  readonly id: string;
  /** The SHA-256 of the key, in hexadecimal digits. */
  readonly digest: string;
  /** Who has it. */
  readonly identity: Identity;
  /** In milliseconds since the Unix epoch, as the next. */
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** Where keys are kept. */
export interface ApiKeyStore {
  /** The key with a digest. */
  find(digest: string): ApiKeyRecord | undefined | PromiseLike<ApiKeyRecord | undefined>;
  /** All keys of a tenant. */
  list(tenant: string): readonly ApiKeyRecord[] | PromiseLike<readonly ApiKeyRecord[]>;
  /** Keeps a key, in place of the one with the same digest. */
  save(record: ApiKeyRecord): void | PromiseLike<void>;
}

/** Keeps keys in memory, for tests and development. */
export function memoryApiKeys(): ApiKeyStore {
  const records = new Map<string, ApiKeyRecord>();
  return {
    find: (digest) => records.get(digest),
    list: (tenant) => [...records.values()].filter(({ identity }) => identity.tenant === tenant),
    save: (record) => void records.set(record.digest, record),
  };
}
