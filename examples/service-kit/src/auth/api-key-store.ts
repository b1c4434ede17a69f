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
  /** Keeps a new key. */
  add(record: ApiKeyRecord): void | PromiseLike<void>;
  /**
   * Has a key end at a time, unless it ends before that: in one step, so that whoever else ends it meanwhile cannot make
   * it live longer.
   *
   * @param atMs - in milliseconds since the Unix epoch
   * @returns the key as it was before; nothing when there is none
   */
  end(digest: string, atMs: number): ApiKeyRecord | undefined | PromiseLike<ApiKeyRecord | undefined>;
}

/** Keeps keys in memory, for tests and development. */
export function memoryApiKeys(): ApiKeyStore {
  const records = new Map<string, ApiKeyRecord>();
  return {
    find: (digest) => records.get(digest),
    list: (tenant) => [...records.values()].filter(({ identity }) => identity.tenant === tenant),
    add: (record) => void records.set(record.digest, record),
    end(digest, atMs) {
      const record = records.get(digest);
      if (record !== undefined && record.expiresAtMs > atMs)
        records.set(digest, { ...record, expiresAtMs: atMs });
      return record;
    },
  };
}
