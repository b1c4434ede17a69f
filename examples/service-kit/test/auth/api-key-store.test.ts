import { expect, test } from 'vitest';
import { memoryApiKeys, type ApiKeyStore } from '../../src/auth/api-key-store.ts';
import { apiKeyStoreContract, wrongWithEnds } from './api-key-store-contract.ts';

apiKeyStoreContract('in memory', memoryApiKeys);

apiKeyStoreContract('behind a wire', (): ApiKeyStore => {
  const { find, list, add, end } = memoryApiKeys();
  const wire = () => new Promise(setImmediate);
  return {
    find: async (digest) => (await wire(), find(digest)),
    list: async (tenant) => (await wire(), list(tenant)),
    add: async (record) => (await wire(), add(record)),
    end: async (digest, atMs) => (await wire(), end(digest, atMs)),
  };
});

// The control: what looks for the mistake finds it.
test.each<[string, (changed: () => boolean) => boolean]>([
  ['looks first and writes later', () => true],
  ['looks first and writes later where that shortens', (changed) => changed()],
])('a store that %s is caught', async (_what, writes) => {
  const store = memoryApiKeys();
  const racy: ApiKeyStore = {
    ...store,
    end: async (digest, atMs) => {
      const before = await store.find(digest);
      await Promise.resolve();
      if (before !== undefined && writes(() => atMs < before.expiresAtMs))
        await store.add({ ...before, expiresAtMs: atMs });
      return before;
    },
  };
  expect(await wrongWithEnds(racy, [100, 200, 300])).toBeDefined();
});
