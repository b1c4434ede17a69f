import { Buffer } from 'node:buffer';
import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { Secret } from '@holdfast/credential-broker';
import { check, having, number, readOptions, systemClock, type Clock, type Rules } from '@holdfast/pipeline';
import { digestOf, isApiKey, newApiKey } from './api-key.ts';
import type { ApiKeyRecord, ApiKeyStore } from './api-key-store.ts';
import { isIdentity, type Identity } from './identity.ts';

/** What {@link createApiKeys} takes. */
export interface ApiKeysOptions {
  readonly store: ApiKeyStore;
  /** How long a key lives unless told otherwise, in milliseconds. 1 to 366 days. Default 90 days. */
  readonly ttlMs?: number | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** A key that was just made: the only time that it is seen. */
export interface IssuedApiKey {
  readonly key: Secret;
  readonly record: ApiKeyRecord;
}

/** Makes, verifies and ends API keys. */
export interface ApiKeys {
  /**
   * Makes a key.
   *
   * @param ttlMs - how long it lives, in milliseconds
   * @throws {@link TypeError} when it is nobody's
   * @throws {@link RangeError} when the time is out of bounds
   */
  issue(identity: Identity, ttlMs?: number): Promise<IssuedApiKey>;
  /** Whose key it is; nothing for one that is not, not any more, or no key at all. */
  verify(key: string): Promise<Identity | undefined>;
  /**
   * Makes a key to replace another one of the same tenant, which goes on for a while.
   *
   * @param overlapMs - how long, in milliseconds: at least 0
   * @returns nothing when the tenant has no such key, or it is over
   */
  rotate(tenant: string, id: string, overlapMs: number): Promise<IssuedApiKey | undefined>;
  /** Ends a key at once. @returns whether the tenant had it */
  revoke(tenant: string, id: string): Promise<boolean>;
  /** The keys of a tenant, ended ones too. */
  list(tenant: string): Promise<readonly ApiKeyRecord[]>;
}

const DAY_MS = 86_400_000;
const TTL = number(1, 366 * DAY_MS);
const rules: Rules<ApiKeysOptions> = {
  store: having('find', 'list', 'add', 'end'),
  ttlMs: TTL,
  clock: having('wallNow'),
};

/**
 * Makes the keeper of API keys. Keys are random, expire, and are kept as hashes.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when the time is out of bounds
 *
 * @example
 * ```ts
 * import { createApiKeys, memoryApiKeys } from '@holdfast/example-service-kit';
 *
 * const keys = createApiKeys({ store: memoryApiKeys() });
 * const { key } = await keys.issue({ id: 'ci', tenant: 'acme', type: 'workload', roles: ['operator'] });
 * console.log((await keys.verify(key.reveal()))?.id); // ci
 * ```
 */
export function createApiKeys(options: ApiKeysOptions): ApiKeys {
  const read = readOptions('createApiKeys', options, rules, { ttlMs: 90 * DAY_MS, clock: systemClock });
  const { store, clock } = read;
  const isOver = ({ expiresAtMs }: ApiKeyRecord) => expiresAtMs <= clock.wallNow();
  const find = async (tenant: string, id: string) =>
    (await store.list(tenant)).find((record) => record.id === id);
  const issue = async (identity: Identity, ttlMs = read.ttlMs) => {
    check('issue: ttlMs', ttlMs, TTL);
    if (!isIdentity(identity)) throw new TypeError('issue: identity must have an id and a tenant');
    const key = newApiKey();
    const createdAtMs = clock.wallNow();
    const digest = digestOf(key.reveal());
    const record = { id: randomUUID(), digest, identity, createdAtMs, expiresAtMs: createdAtMs + ttlMs };
    await store.add(record);
    return { key, record };
  };
  return {
    issue,
    async verify(key) {
      if (!isApiKey(key)) return undefined;
      const digest = digestOf(key);
      const record = await store.find(digest);
      // A store may find by a prefix, or regardless of case; what it found is compared in constant time.
      if (record === undefined || !isSame(record.digest, digest) || isOver(record)) return undefined;
      return record.identity;
    },
    async rotate(tenant, id, overlapMs) {
      check('rotate: overlapMs', overlapMs, number(0));
      const old = await find(tenant, id);
      if (old === undefined || isOver(old)) return undefined;
      const issued = await issue(old.identity);
      const replaced = await store.end(old.digest, clock.wallNow() + overlapMs);
      if (replaced !== undefined && !isOver(replaced)) return issued;
      // It was revoked meanwhile: nothing replaces it.
      await store.end(issued.record.digest, clock.wallNow());
      return undefined;
    },
    async revoke(tenant, id) {
      const record = await find(tenant, id);
      if (record === undefined) return false;
      await store.end(record.digest, clock.wallNow());
      return true;
    },
    list: async (tenant) => store.list(tenant),
  };
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
