import { expect, it, vi } from 'vitest';
import { LeaseBook } from '../../src/leases/lease-book.ts';
import { SortedIds } from '../../src/leases/sorted-ids.ts';
import { aLease } from './a-lease.ts';

/** A book with so many leases that have ended, and how often a lease of it was looked at since. */
function bookOf(count: number, tenant: (at: number) => string) {
  const book = new LeaseBook();
  let looks = 0;
  for (let at = 0; at < count; at++) {
    const lease = aLease({ id: `id-${at}`, tenant: tenant(at), state: 'revoked', expiresAtMs: at });
    Object.defineProperty(lease, 'state', { get: () => (looks++, 'revoked'), enumerable: true });
    book.put(lease);
  }
  looks = 0;
  return { book, looks: () => looks };
}

it.each([100, 10_000])('forgets a few of %d leases without looking at the others', (count) => {
  const { book, looks } = bookOf(count, (at) => `tenant-${at % 10}`);
  expect(book.forget(0)).toBe(0);
  expect(looks()).toBe(0);
  expect(book.forget(5)).toBe(5);
  expect(looks()).toBeLessThan(50);
  expect(book.size).toBe(count - 5);
});

it('looks at each lease that it forgets so many times, however they come', () => {
  const { book, looks } = bookOf(10_000, () => 'acme');
  for (let beforeMs = 0; beforeMs <= 10_000; beforeMs++) book.forget(beforeMs);
  expect(book.size).toBe(0);
  expect(looks()).toBeLessThan(100_000);
});

it('finds nothing of what it has forgotten, and what came in its place', () => {
  const book = new LeaseBook();
  const over = aLease({
    id: 'b',
    parent: 'p',
    state: 'revoked',
    expiresAtMs: 1,
    handleHash: 'h',
    tokenId: 't',
  });
  for (const lease of [aLease({ id: 'a' }), over, aLease({ id: 'c', parent: 'p' })]) book.put(lease);
  // Written twice, as a log may have it.
  book.put(over);
  expect(book.forget(2)).toBe(1);
  expect([book.find('b'), book.findByHandle('h'), book.findByToken('t')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  const ids = (filter: object) => book.list({ tenant: 'acme', ...filter }, undefined, 10).map(({ id }) => id);
  expect([ids({}), ids({ parent: 'p' })]).toEqual([['a', 'c'], ['c']]);
  book.insert(aLease({ id: 'b', parent: 'p', handleHash: 'h' }));
  expect([ids({}), ids({ parent: 'p' })]).toEqual([
    ['a', 'b', 'c'],
    ['b', 'c'],
  ]);
  expect(book.forget(1e12)).toBe(0);
});

it('keeps nothing of what it has forgotten', () => {
  const book = new LeaseBook();
  for (const tenant of ['a', 'b']) {
    for (const parent of ['p', 'q', undefined]) {
      const id = `${tenant}-${parent}`;
      book.put(aLease({ id, tenant, parent, handleHash: id, tokenId: `t${id}`, expiresAtMs: 1 }));
      book.change(aLease({ id }), { state: 'revoked' });
    }
  }
  expect(book.forget(2)).toBe(6);
  expect(book.active()).toEqual({});
  const maps = Object.values(book).filter((part): part is Map<string, unknown> => part instanceof Map);
  // What is counted by type of resource stays, at 0.
  expect(maps.map(({ size }) => size).toSorted()).toEqual([0, 0, 0, 0, 0, 1]);
});

it.each(['abcd', 'dcba', 'cadb', 'bdac'])(
  'tells once of each that is due, also where %s end at once and again',
  (order) => {
    const book = new LeaseBook();
    for (const id of order) book.insert(aLease({ id, expiresAtMs: 10 }));
    for (const expiresAtMs of [20, 10, 30, 10]) {
      for (const id of order) {
        const lease = book.find(id);
        if (lease !== undefined) book.change(lease, { expiresAtMs });
      }
    }
    expect(book.due(9, 10)).toEqual([]);
    const due = book.due(10, 10).map(({ id }) => id);
    expect(due).toEqual(['a', 'b', 'c', 'd']);
    expect(book.due(30, 2).map(({ id }) => id)).toEqual(['a', 'b']);
  },
);

it('ids that were removed are gone, and back when they are added again', () => {
  const ids = new SortedIds();
  for (const id of ['d', 'b', 'a', 'c', 'e']) ids.add(id);
  ids.remove('b');
  ids.remove('d');
  expect([ids.size, [...ids.after(undefined)]]).toEqual([3, ['a', 'c', 'e']]);
  expect([...ids.after('b')]).toEqual(['c', 'e']);
  ids.add('b');
  expect([ids.size, [...ids.after('a')]]).toEqual([4, ['b', 'c', 'e']]);
  for (const id of ['a', 'b', 'c']) ids.remove(id);
  expect([ids.size, [...ids.after(undefined)]]).toEqual([1, ['e']]);
  ids.remove('e');
  expect([ids.size, [...ids.after(undefined)]]).toEqual([0, []]);
});

it('ids are removed at the cost of a few looks at each, and none stays for long', () => {
  const ids = new SortedIds();
  const names = Array.from({ length: 1_000 }, (_, at) => `${at}`.padStart(4, '0'));
  for (const name of names) ids.add(name);
  const looks = vi.spyOn(Set.prototype, 'has');
  for (const name of names.slice(0, 900)) ids.remove(name);
  const looked = looks.mock.calls.length;
  looks.mockRestore();
  expect(looked).toBeGreaterThanOrEqual(1_000);
  expect(looked).toBeLessThan(3_000);
  expect(ids.size).toBe(100);
});
