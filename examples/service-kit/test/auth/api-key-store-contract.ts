import { describe, expect, test } from 'vitest';
import type { ApiKeyRecord, ApiKeyStore } from '../../src/auth/api-key-store.ts';

/** A record of a key that ends at 10,000 unless told otherwise. */
export const recordOf = (id: string, more: Partial<ApiKeyRecord> = {}): ApiKeyRecord => ({
  id,
  digest: `digest-${id}`,
  identity: { id: 'ci', tenant: 'acme', type: 'workload', roles: ['operator'] },
  createdAtMs: 1,
  expiresAtMs: 10_000,
  ...more,
});

/**
 * Ends one key at many times at once, and looks whether it went as one after the other: each call saw what an earlier one
 * left, one of them the key as it was made, and the earliest time stayed.
 *
 * @returns what is wrong; nothing when all is well
 */
export async function wrongWithEnds(
  store: ApiKeyStore,
  times: readonly number[],
): Promise<string | undefined> {
  const record = recordOf('raced');
  await store.add(record);
  const seen = await Promise.all(
    times.map(async (atMs) => ({ atMs, before: (await store.end(record.digest, atMs))?.expiresAtMs })),
  );
  const left = (await store.find(record.digest))?.expiresAtMs;
  if (left !== Math.min(record.expiresAtMs, ...times)) return `it ends at ${left}`;
  // Each time that shortened the life of the key was there for the next that did, and for nobody else.
  const shortened = seen.filter(({ atMs, before = 0 }) => atMs < before);
  const steps = shortened.map(({ before }) => before);
  if (new Set(steps).size !== steps.length) return 'two calls changed the same';
  return steps.every((step) => step === record.expiresAtMs || times.includes(Number(step)))
    ? undefined
    : 'a call saw what never was';
}

/** What every store of keys must hold to. */
export function apiKeyStoreContract(name: string, open: () => ApiKeyStore | Promise<ApiKeyStore>): void {
  describe(`the store of keys ${name}`, () => {
    test('finds keys by their digest, and lists those of a tenant', async () => {
      const store = await open();
      const [one, two] = [recordOf('1'), recordOf('2')];
      const foreign = recordOf('3', { identity: { id: 'u', tenant: 'other', type: 'user' } });
      for (const record of [one, two, foreign]) await store.add(record);
      expect(await store.find(two.digest)).toEqual(two);
      expect(await store.find('digest-4')).toBeUndefined();
      expect(await store.find('')).toBeUndefined();
      expect(await store.list('acme')).toEqual([one, two]);
      expect(await store.list('other')).toEqual([foreign]);
      expect(await store.list('nobody')).toEqual([]);
    });

    test('ends a key at the earliest time that it is told, and tells what was before', async () => {
      const store = await open();
      const record = recordOf('1');
      await store.add(record);
      const { digest } = record;
      expect(await store.end(digest, 10_001)).toEqual(record);
      expect(await store.end(digest, 10_000)).toEqual(record);
      expect(await store.find(digest)).toEqual(record);
      expect(await store.end(digest, 500)).toEqual(record);
      expect(await store.end(digest, 600)).toEqual({ ...record, expiresAtMs: 500 });
      expect(await store.find(digest)).toEqual({ ...record, expiresAtMs: 500 });
      expect(await store.list('acme')).toEqual([{ ...record, expiresAtMs: 500 }]);
    });

    test('ends no other key, and none that there is not', async () => {
      const store = await open();
      const [one, two] = [recordOf('1'), recordOf('2')];
      await store.add(one);
      await store.add(two);
      expect(await store.end('digest-3', 1)).toBeUndefined();
      await store.end(one.digest, 1);
      expect(await store.find(two.digest)).toEqual(two);
      expect(await store.list('acme')).toHaveLength(2);
    });

    test.each<[readonly number[]]>([
      [[500, 400, 300, 200, 100]],
      [[100, 200, 300, 400, 500]],
      [[300, 20_000, 100, 300, 200]],
      [Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) + 1)],
    ])('ends a key in one step, however many do at once (%#)', async (times) => {
      expect(await wrongWithEnds(await open(), times)).toBeUndefined();
    });
  });
}
