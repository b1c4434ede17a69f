import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import {
  generateSealingKey,
  generateSigningKey,
  keyRing,
  memoryRows,
  sealedTokens,
  Secret,
  type StoredToken,
} from '@holdfast/credential-broker';

const KEY = { tenant: 'acme', name: 'github/ada' };
const keys = () => keyRing({ signing: [generateSigningKey()], sealing: [generateSealingKey()] });

const aStored = (): StoredToken => ({
  token: {
    accessToken: new Secret('canary-access'),
    refreshToken: new Secret('canary-refresh'),
    tokenType: 'bearer',
    scope: ['read', 'write'],
    obtainedAtMs: 1,
    expiresAtMs: 2_000,
  },
  dueAtMs: 1_000,
  removeAtMs: 3_000,
  failures: 2,
  version: 1,
});

it('gives back what it keeps', async () => {
  const store = sealedTokens({ rows: memoryRows(), keys: keys() });
  expect(await store.put(KEY, aStored())).toBe(true);
  const found = await store.find(KEY);
  expect(found?.token.accessToken.reveal()).toBe('canary-access');
  expect(found?.token.refreshToken?.reveal()).toBe('canary-refresh');
  const { accessToken: _a, refreshToken: _r, ...plain } = aStored().token;
  expect(found).toMatchObject({ failures: 2, version: 1, dueAtMs: 1_000, removeAtMs: 3_000, token: plain });
});

it('keeps no token in the clear', async () => {
  const rows = memoryRows();
  await sealedTokens({ rows, keys: keys() }).put(KEY, aStored());
  const shown = inspect(rows, { depth: 9 }) + JSON.stringify(await rows.due('token', 9_999, 9));
  expect(shown).not.toMatch(/canary|Y2FuYXJ5/);
  expect(shown).toMatch(/github\/ada/);
});

it('opens no token that was moved to another tenant', async () => {
  const rows = memoryRows();
  const store = sealedTokens({ rows, keys: keys() });
  await store.put(KEY, aStored());
  const row = await rows.find({ kind: 'token', tenant: 'acme', id: 'github/ada' });
  if (row !== undefined) await rows.put({ ...row, tenant: 'evil' });
  await expect(store.find({ ...KEY, tenant: 'evil' })).rejects.toMatchObject({ failure: 'sealed' });
});

it('lists, removes and counts', async () => {
  const store = sealedTokens({ rows: memoryRows(), keys: keys() });
  await store.put(KEY, aStored());
  expect(await store.due(1_000, 9)).toEqual([{ key: KEY, dueAtMs: 1_000 }]);
  expect(await store.count(1_999)).toEqual({ valid: 1, expired: 0 });
  await store.remove(KEY);
  expect(await store.find(KEY)).toBeUndefined();
  expect(await store.removeOver(9_999)).toBe(0);
});

it('names an option that is wrong', () => {
  expect(() => sealedTokens({ keys: keys() } as never)).toThrow(/rows must be an object/);
  expect(() => sealedTokens({ rows: memoryRows() } as never)).toThrow(/keys must be an object/);
});
