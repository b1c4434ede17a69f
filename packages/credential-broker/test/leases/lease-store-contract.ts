import type { Lease, LeaseStore } from '@holdfast/credential-broker';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aLease } from './a-lease.ts';
import { leaseCommands, runLeaseModel } from './lease-store-model.ts';

/** A store to be tested, empty at first. */
export interface OpenedLeaseStore {
  readonly store: LeaseStore;
  /** Another view of the same leases, as another process has it, or this one after it was started again. */
  reopen?(): Promise<LeaseStore>;
  /** Frees everything. */
  close(): Promise<void>;
}

const idsOf = (leases: readonly Lease[]) => leases.map(({ id }) => id);

/** Tests what every store of leases promises. `open` makes an empty one each time. */
export function leaseStoreContract(name: string, open: () => Promise<OpenedLeaseStore>): void {
  describe(`${name} as a store of leases`, () => {
    let opened: OpenedLeaseStore;
    let store: LeaseStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    it('finds what it was given by id, handle and token, field by field', async () => {
      const plain = aLease({ id: 'plain' });
      const full = aLease({
        id: 'full',
        onBehalfOf: 'ann',
        audience: 'https://db',
        keyThumbprint: 'jkt',
        handleHash: 'hash',
        tokenId: 'jti',
        parent: 'plain',
        backendRef: 'role_1',
        scope: ['read', 'ünï"code\n'],
        parameters: { publicKey: 'ssh-ed25519 AAAA', 'odd key': "'; --" },
        oneTime: false,
      });
      await store.insert(plain);
      await store.insert(full);
      expect(await store.find('plain')).toEqual(plain);
      expect(await store.find('full')).toEqual(full);
      expect(await store.findByHandle('hash')).toEqual(full);
      expect(await store.findByToken('jti')).toEqual(full);
    });

    it('finds nothing by what it was not given', async () => {
      await store.insert(aLease({ id: 'a' }));
      expect(await store.find('b')).toBeUndefined();
      for (const nothing of ['', 'undefined', 'a']) {
        expect(await store.findByHandle(nothing)).toBeUndefined();
        expect(await store.findByToken(nothing)).toBeUndefined();
      }
    });

    it('refuses a second lease with an id, handle or token, and keeps the first', async () => {
      const first = aLease({ id: 'a', handleHash: 'h', tokenId: 't' });
      await store.insert(first);
      await expect(store.insert(aLease({ id: 'a' }))).rejects.toThrow();
      await expect(store.insert(aLease({ id: 'b', handleHash: 'h' }))).rejects.toThrow();
      await expect(store.insert(aLease({ id: 'c', tokenId: 't' }))).rejects.toThrow();
      expect(idsOf(await store.list({ tenant: 'acme' }, undefined, 10))).toEqual(['a']);
      expect(await store.find('a')).toEqual(first);
    });

    it('changes a lease that is as it was read, and counts the change', async () => {
      const lease = aLease({ id: 'a', handleHash: 'h' });
      await store.insert(lease);
      const changed = await store.change(lease, { expiresAtMs: 5_000, backendRef: 'role' });
      expect(changed).toEqual({ ...lease, expiresAtMs: 5_000, backendRef: 'role', version: 1 });
      expect(await store.find('a')).toEqual(changed);
    });

    it('clears what is changed to undefined, and leaves what is not given', async () => {
      const lease = aLease({ id: 'a', handleHash: 'h', tokenId: 't', backendRef: 'role' });
      await store.insert(lease);
      const changed = await store.change(lease, { handleHash: undefined });
      expect(changed).toEqual({ ...lease, handleHash: undefined, version: 1 });
      expect(await store.findByHandle('h')).toBeUndefined();
      expect(await store.findByToken('t')).toEqual(changed);
      await store.insert(aLease({ id: 'b', handleHash: 'h' }));
      expect((await store.findByHandle('h'))?.id).toBe('b');
    });

    it('changes nothing that somebody else changed, that ended, or that is not there', async () => {
      const lease = aLease({ id: 'a' });
      await store.insert(lease);
      const changed = await store.change(lease, { expiresAtMs: 5_000 });
      expect(await store.change(lease, { expiresAtMs: 6_000 })).toBeUndefined();
      const revoked = await store.change(changed as Lease, { state: 'revoked' });
      expect(revoked?.state).toBe('revoked');
      expect(await store.change(revoked as Lease, { state: 'active' })).toBeUndefined();
      expect(await store.change(aLease({ id: 'none' }), { state: 'revoked' })).toBeUndefined();
      expect(await store.find('a')).toEqual(revoked);
    });

    it('refuses a handle or token that another lease has', async () => {
      const lease = aLease({ id: 'a' });
      await store.insert(lease);
      await store.insert(aLease({ id: 'b', handleHash: 'h', tokenId: 't' }));
      await expect(store.change(lease, { handleHash: 'h' })).rejects.toThrow();
      await expect(store.change(lease, { tokenId: 't' })).rejects.toThrow();
      expect(await store.find('a')).toEqual(lease);
    });

    it('lets one of 1,000 at once use a lease up', async () => {
      const lease = aLease({ id: 'a', handleHash: 'h' });
      await store.insert(lease);
      const uses = Array.from({ length: 1_000 }, async () => {
        const found = await store.findByHandle('h');
        return found?.state === 'active' ? store.change(found, { state: 'consumed' }) : undefined;
      });
      const winners = (await Promise.all(uses)).filter((won) => won !== undefined);
      expect(winners).toEqual([{ ...lease, state: 'consumed', version: 1 }]);
      expect(await store.find('a')).toEqual(winners[0]);
    });

    it('lists active leases of a tenant in the order of their ids, page by page', async () => {
      const ids = ['e', 'b', 'd', 'a', 'c', 'f'];
      for (const id of ids) await store.insert(aLease({ id }));
      await store.insert(aLease({ id: 'cc', tenant: 'other' }));
      await store.change(aLease({ id: 'c' }), { state: 'consumed' });
      const pages: (readonly string[])[] = [];
      for (let after: string | undefined, page: readonly Lease[]; ; after = page.at(-1)?.id) {
        page = await store.list({ tenant: 'acme' }, after, 2);
        pages.push(idsOf(page));
        if (page.length === 0) break;
      }
      expect(pages).toEqual([['a', 'b'], ['d', 'e'], ['f'], []]);
      expect(idsOf(await store.list({ tenant: 'other' }, undefined, 10))).toEqual(['cc']);
      expect(await store.list({ tenant: 'none' }, undefined, 10)).toEqual([]);
    });

    it('lists by principal, beginning of the reference and parent, all of which must fit', async () => {
      const make = (id: string, principal: string, ref: string, parent?: string) =>
        store.insert(aLease({ id, principal, resource: { type: 'api', ref }, parent }));
      await make('a', 'p', 'op://prod/x');
      await make('b', 'q', 'op://prod/y', 'a');
      await make('c', 'p', 'op://prod_/z', 'a');
      await make('d', 'p', 'op://prod/%', 'b');
      const list = async (filter: object) =>
        idsOf(await store.list({ tenant: 'acme', ...filter }, undefined, 10));
      expect(await list({ principal: 'p' })).toEqual(['a', 'c', 'd']);
      expect(await list({ prefix: 'op://prod/' })).toEqual(['a', 'b', 'd']);
      expect(await list({ prefix: 'op://prod_' })).toEqual(['c']);
      expect(await list({ prefix: 'op://prod/%' })).toEqual(['d']);
      expect(await list({ parent: 'a' })).toEqual(['b', 'c']);
      expect(await list({ parent: 'a', principal: 'p' })).toEqual(['c']);
      expect(await list({ parent: 'a', principal: 'p', prefix: 'op://prod/' })).toEqual([]);
      expect(await store.list({ tenant: 'other', parent: 'a' }, undefined, 10)).toEqual([]);
    });

    it('tells which active leases end by an instant, the first to end first', async () => {
      const make = (id: string, expiresAtMs: number) => store.insert(aLease({ id, expiresAtMs }));
      await make('late', 900);
      await make('first', 100);
      await make('second', 200);
      await make('gone', 50);
      await store.change(aLease({ id: 'gone' }), { state: 'revoked' });
      await store.change(aLease({ id: 'late' }), { expiresAtMs: 150 });
      expect(idsOf(await store.due(99, 10))).toEqual([]);
      expect(idsOf(await store.due(100, 10))).toEqual(['first']);
      expect(idsOf(await store.due(1_000, 10))).toEqual(['first', 'late', 'second']);
      expect(idsOf(await store.due(1_000, 2))).toEqual(['first', 'late']);
      expect(idsOf(await store.due(Number.MAX_SAFE_INTEGER, 1))).toEqual(['first']);
    });

    it('forgets what is not active and whose time is over, and nothing else', async () => {
      const make = (id: string, expiresAtMs: number) =>
        store.insert(aLease({ id, expiresAtMs, handleHash: id }));
      await make('old', 100);
      await make('young', 300);
      await make('active', 100);
      await store.change(aLease({ id: 'old' }), { state: 'expired' });
      await store.change(aLease({ id: 'young' }), { state: 'revoked' });
      expect(await store.forget(100)).toBe(0);
      expect(await store.forget(300)).toBe(1);
      expect(await store.forget(300)).toBe(0);
      expect(await store.find('old')).toBeUndefined();
      expect(await store.findByHandle('old')).toBeUndefined();
      expect((await store.find('young'))?.state).toBe('revoked');
      expect((await store.find('active'))?.state).toBe('active');
    });

    it('counts active leases by type of resource', async () => {
      expect(await store.active()).toEqual({});
      const make = (id: string, type: 'api' | 'ssh') =>
        store.insert(aLease({ id, resource: { type, ref: 'x://y' } }));
      await make('a', 'api');
      await make('b', 'api');
      await make('c', 'ssh');
      expect(await store.active()).toEqual({ api: 2, ssh: 1 });
      await store.change(aLease({ id: 'c' }), { state: 'expired' });
      expect(await store.active()).toEqual({ api: 2 });
    });

    it('keeps nothing that a caller can change from outside', async () => {
      const lease = { ...aLease({ id: 'a' }) };
      await store.insert(lease);
      (lease as { tenant: string }).tenant = 'evil';
      expect((await store.find('a'))?.tenant).toBe('acme');
    });

    it('does what a plain list of leases does, whatever is asked', async () => {
      await fc.assert(
        fc.asyncProperty(leaseCommands, async (commands) => {
          const fresh = await open();
          await runLeaseModel(fresh, commands).finally(() => fresh.close());
        }),
        { numRuns: 30 },
      );
    });

    it('shows the same to others: a lease is used up for all of them', async () => {
      if (opened.reopen === undefined) return;
      const lease = aLease({ id: 'a', handleHash: 'h' });
      await store.insert(lease);
      await store.insert(aLease({ id: 'b' }));
      await store.change(lease, { state: 'consumed' });
      const other = await opened.reopen();
      expect(await other.findByHandle('h')).toEqual({ ...lease, state: 'consumed', version: 1 });
      expect(await other.change(lease, { state: 'consumed' })).toBeUndefined();
      expect(idsOf(await other.list({ tenant: 'acme' }, undefined, 10))).toEqual(['b']);
      expect(await other.active()).toEqual({ database: 1 });
    });
  });
}
