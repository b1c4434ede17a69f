import { inspect } from 'node:util';
import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestOf, isApiKey, newApiKey } from '../../src/auth/api-key.ts';
import { memoryApiKeys, type ApiKeyRecord, type ApiKeyStore } from '../../src/auth/api-key-store.ts';
import { createApiKeys } from '../../src/auth/api-keys.ts';

const DAY_MS = 86_400_000;
const ci = { id: 'ci', tenant: 'acme', type: 'workload', roles: ['operator'] } as const;

function fixture() {
  const clock = manualClock();
  const store = memoryApiKeys();
  return { clock, store, keys: createApiKeys({ store, clock }) };
}

test('a key proves whose it is, until it is over', async () => {
  const { keys, clock } = fixture();
  const { key } = await keys.issue(ci, 1_000);
  await clock.advance(999);
  expect(await keys.verify(key.reveal())).toEqual(ci);
  await clock.advance(1);
  expect(await keys.verify(key.reveal())).toBeUndefined();
});

test('without a time it lives for 90 days', async () => {
  const { keys, clock } = fixture();
  const { record } = await keys.issue(ci);
  expect(record.expiresAtMs - clock.wallNow()).toBe(90 * DAY_MS);
});

test('rotation makes another key; the old one ends after the overlap, and never later than it would have', async () => {
  const { keys, clock } = fixture();
  const old = await keys.issue(ci, 10_000);
  const first = await keys.rotate('acme', old.record.id, 2_000);
  await keys.rotate('acme', old.record.id, 60_000);
  await clock.advance(1_999);
  expect(await keys.verify(old.key.reveal())).toEqual(ci);
  await clock.advance(1);
  expect(await keys.verify(old.key.reveal())).toBeUndefined();
  expect(await keys.verify(first?.key.reveal() ?? '')).toEqual(ci);
  expect(await keys.rotate('acme', old.record.id, 0)).toBeUndefined();
});

test('revocation ends a key at once, and says so again', async () => {
  const { keys, clock } = fixture();
  const { key, record } = await keys.issue(ci);
  expect(await keys.revoke('acme', record.id)).toBe(true);
  expect(await keys.verify(key.reveal())).toBeUndefined();
  const [ended] = await keys.list('acme');
  await clock.advance(1_000);
  expect(await keys.revoke('acme', record.id)).toBe(true);
  expect(await keys.list('acme')).toEqual([ended]);
});

/** A store whose answers come, and whose changes happen, in whatever order the scheduler chooses. */
function scheduled(scheduler: fc.Scheduler, store: ApiKeyStore): ApiKeyStore {
  const { find, list, add, end } = store;
  return {
    find: (digest) => scheduler.schedule(Promise.resolve(), 'find').then(() => find(digest)),
    // What a list tells may be over by the time that it arrives.
    list: (tenant) => scheduler.schedule(Promise.resolve(list(tenant)), 'list'),
    add: (record) => scheduler.schedule(Promise.resolve(), 'add').then(() => add(record)),
    end: (digest, atMs) => scheduler.schedule(Promise.resolve(), 'end').then(() => end(digest, atMs)),
  };
}

test('whatever else happens to it at the same time, a key that was revoked is over', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.constantFrom(0, 1_000, 60_000), { minLength: 1, maxLength: 4 }),
      async (scheduler, overlaps) => {
        const clock = manualClock();
        const keys = createApiKeys({ store: scheduled(scheduler, memoryApiKeys()), clock });
        const old = await scheduler.waitFor(keys.issue(ci, 10_000));
        const rotations = overlaps.map((overlapMs) => keys.rotate('acme', old.record.id, overlapMs));
        const revoked = keys.revoke('acme', old.record.id);
        expect(await scheduler.waitFor(revoked)).toBe(true);
        expect(await scheduler.waitFor(keys.verify(old.key.reveal()))).toBeUndefined();
        const rotated = await scheduler.waitFor(Promise.all(rotations));
        expect(await scheduler.waitFor(keys.verify(old.key.reveal()))).toBeUndefined();
        // A rotation that came too late made nothing that anybody could use.
        const made = new Set(rotated.map((issued) => issued?.record.id));
        const records = await scheduler.waitFor(keys.list('acme'));
        const alive = records.filter(({ expiresAtMs }) => expiresAtMs > clock.wallNow());
        expect(alive.filter(({ id }) => !made.has(id))).toEqual([]);
      },
    ),
  );
});

test('a key that is revoked while it is rotated is not replaced', async () => {
  const { keys, store, clock } = fixture();
  const old = await keys.issue(ci);
  const add = async (record: ApiKeyRecord) => {
    await store.add(record);
    await keys.revoke('acme', old.record.id);
  };
  const end: ApiKeyStore['end'] = async (digest, atMs) => store.end(digest, atMs);
  const late = createApiKeys({ store: { ...store, add, end }, clock });
  expect(await late.rotate('acme', old.record.id, 60_000)).toBeUndefined();
  const records = await keys.list('acme');
  expect(records.map(({ expiresAtMs }) => expiresAtMs)).toEqual([clock.wallNow(), clock.wallNow()]);
});

test('a rotation that fails leaves the old key as it was', async () => {
  const { keys, store, clock } = fixture();
  const old = await keys.issue(ci);
  const add = () => Promise.reject(new Error('full'));
  const failing = createApiKeys({ store: { ...store, add }, clock });
  await expect(failing.rotate('acme', old.record.id, 0)).rejects.toThrow('full');
  expect(await keys.verify(old.key.reveal())).toEqual(ci);
});

test('keys of another tenant are as good as missing', async () => {
  const { keys } = fixture();
  const { key, record } = await keys.issue(ci);
  expect(await keys.revoke('other', record.id)).toBe(false);
  expect(await keys.rotate('other', record.id, 0)).toBeUndefined();
  expect(await keys.list('other')).toEqual([]);
  expect(await keys.verify(key.reveal())).toEqual(ci);
});

test.each<[string, unknown, number?]>([
  ['nobody', { ...ci, id: '' }],
  ['no tenant', { ...ci, tenant: 'a b' }],
  ['no time', ci, 0],
  ['a time in the past', ci, -1],
  ['two years', ci, 731 * DAY_MS],
  ['no number', ci, NaN],
])('a key is not made for %s', async (_what, identity, ttlMs) => {
  await expect(fixture().keys.issue(identity as typeof ci, ttlMs)).rejects.toThrow(/^issue: /);
});

test.each([1, 366 * DAY_MS])('a key may live for %i ms', async (ttlMs) => {
  const { keys, clock } = fixture();
  const { record } = await keys.issue(ci, ttlMs);
  expect(record.expiresAtMs).toBe(clock.wallNow() + ttlMs);
});

test.each([0.5, 366 * DAY_MS + 1])('a key may not live for %d ms', async (ttlMs) => {
  await expect(fixture().keys.issue(ci, ttlMs)).rejects.toThrow(RangeError);
  expect(() => createApiKeys({ store: memoryApiKeys(), ttlMs })).toThrow(RangeError);
});

test.each([-1, NaN])('an overlap of %d ms makes no sense', async (overlapMs) => {
  const { keys } = fixture();
  const { record } = await keys.issue(ci);
  await expect(keys.rotate('acme', record.id, overlapMs)).rejects.toThrow('rotate: overlapMs');
  expect(await keys.list('acme')).toEqual([record]);
});

test('a store that cannot do all that is asked of it is told at once', () => {
  const { end: _end, ...store } = memoryApiKeys();
  expect(() => createApiKeys({ store: store as ApiKeyStore })).toThrow(TypeError);
});

// N18: keys of the earlier system were hashes of names and times, and kept as they are.
describe('a key', () => {
  test('is 256 random bits, and nothing of its owner', () => {
    const made = new Set(Array.from({ length: 1_000 }, () => newApiKey().reveal()));
    expect(made.size).toBe(1_000);
    for (const key of made) expect(key).toMatch(/^hfk_[\w-]{43}[0-9a-f]{8}$/);
    // Every character of the alphabet comes about equally often: no `% 66` at work.
    const counts = new Map<string, number>();
    for (const key of made) for (const c of key.slice(4, 46)) counts.set(c, (counts.get(c) ?? 0) + 1);
    expect(counts.size).toBe(64);
    const expected = 42_000 / 64;
    for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(expected * 0.3);
  });

  test('is kept as its hash, and shows in nothing', async () => {
    const { keys, store } = fixture();
    const issued = await keys.issue(ci);
    const text = issued.key.reveal();
    const records = await store.list('acme');
    const seen = inspect({ issued, records }, { depth: 9 }) + JSON.stringify([issued, records]);
    expect(seen).not.toContain(text);
    expect(seen).toContain(digestOf(text));
  });

  test('with one character changed is told by its checksum, before any store is asked', async () => {
    const asked: string[] = [];
    const store = { ...memoryApiKeys(), find: (digest: string): undefined => void asked.push(digest) };
    const keys = createApiKeys({ store });
    await fc.assert(
      fc.asyncProperty(fc.nat(42), fc.constantFrom('A', 'b', '0', '_'), async (at, replacement) => {
        const text = newApiKey().reveal();
        const changed = text.slice(0, 4 + at) + replacement + text.slice(5 + at);
        fc.pre(changed !== text);
        expect(isApiKey(changed)).toBe(false);
        expect(await keys.verify(changed)).toBeUndefined();
      }),
    );
    expect(asked).toEqual([]);
  });

  test('that a careless store found is compared in full', async () => {
    const { keys, clock } = fixture();
    const { record } = await keys.issue(ci);
    const find = (digest: string): ApiKeyRecord => ({ ...record, digest: digest.toUpperCase() });
    const careless = createApiKeys({ store: { ...memoryApiKeys(), find }, clock });
    expect(await careless.verify(newApiKey().reveal())).toBeUndefined();
  });

  test.each(['', 'demo-key-12345', 'hfk_', `hfk_${'a'.repeat(51)}`, 'hfk_\0', `${'x'.repeat(100_000)}`])(
    'is not what only resembles one (%#)',
    async (text) => {
      expect(await fixture().keys.verify(text)).toBeUndefined();
    },
  );
});
