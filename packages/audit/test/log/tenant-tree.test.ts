import { decodeBundle, entryBundlePath, tilePath } from '@holdfast/audit';
import { expect, test } from 'vitest';
import { TenantTree } from '../../src/log/tenant-tree.ts';
import { TreeBook } from '../../src/log/tree-book.ts';
import { Hasher } from '../../src/merkle/hash.ts';
import { leavesOf, naiveRoot } from '../merkle/naive.ts';

const treeOf = (tenant = 'a') =>
  new TenantTree({ tenant, number: 0, origin: 'audit.example/test', folder: '/logs', hasher: new Hasher() });

function grown(count: number): TenantTree {
  const tree = treeOf();
  for (const leaf of leavesOf(count)) tree.append(leaf);
  return tree;
}

/** Writes everything, as a publisher does. */
function writeAll(tree: TenantTree): string[] {
  const files = [...tree.unwritten.keys(), ...tree.edge().map(([file]) => file)];
  for (const file of files) tree.wrote(file);
  return files;
}

test('a tree is named after its tenant', () => {
  expect(treeOf('Acme')).toMatchObject({ origin: 'audit.example/test/~41cme', folder: '/logs/~41cme' });
});

test('full tiles and bundles are to be written once, the edge as often as it changes', () => {
  const tree = grown(300);
  expect([...tree.unwritten.keys()].sort()).toEqual([tilePath(0, 0), entryBundlePath(0)].sort());
  expect(tree.unwrittenBytes).toBe(
    [...tree.unwritten.values()].reduce((sum, bytes) => sum + bytes.length, 0),
  );
  expect(tree.edge().map(([file]) => file)).toEqual([
    entryBundlePath(1, 44),
    tilePath(0, 1, 44),
    tilePath(1, 0, 1),
  ]);
  writeAll(tree);
  expect(tree.unwrittenBytes).toBe(0);
  expect(writeAll(tree)).toEqual([]);
  tree.append(Buffer.from('more'));
  expect(writeAll(tree)).toEqual([entryBundlePath(1, 45), tilePath(0, 1, 45)]);
});

test('what is to be written stays as it is while the tree grows', () => {
  const tree = grown(10);
  const edge = tree.edge();
  const copies = edge.map(([, bytes]) => Buffer.from(bytes));
  const root = tree.root();
  for (const leaf of leavesOf(1000)) tree.append(leaf);
  expect(edge.map(([, bytes]) => Buffer.from(bytes))).toEqual(copies);
  expect(root).toEqual(naiveRoot(leavesOf(10)));
});

test('each full file is synced once', () => {
  const tree = grown(600);
  expect(tree.takeUnsynced()).toEqual([]);
  writeAll(tree);
  expect([...tree.takeUnsynced()].sort()).toEqual(
    [tilePath(0, 0), tilePath(0, 1), entryBundlePath(0), entryBundlePath(1)].sort(),
  );
  expect(tree.takeUnsynced()).toEqual([]);
});

test('partial files are needed until the full one is written, and while the write-ahead log counts on them', () => {
  const tree = grown(200);
  writeAll(tree);
  for (const leaf of leavesOf(56)) tree.append(leaf);
  expect(tree.takeObsolete()).toEqual([]);
  tree.anchor = `${entryBundlePath(0)}.p`;
  writeAll(tree);
  expect(tree.takeObsolete()).toEqual([`${tilePath(0, 0)}.p`]);
  tree.anchor = undefined;
  expect(tree.takeObsolete()).toEqual([`${entryBundlePath(0)}.p`]);
  expect(tree.takeObsolete()).toEqual([]);
});

test('a tree that was recovered knows that there may be partial files', () => {
  const tree = grown(300);
  tree.inherit();
  writeAll(tree);
  expect([...tree.takeObsolete()].sort()).toEqual([`${tilePath(0, 0)}.p`, `${entryBundlePath(0)}.p`].sort());
});

test('entries at an edge are told as long as their bundle is not full', () => {
  const tree = grown(300);
  expect(tree.isFullAt(200)).toBe(true);
  expect(tree.isFullAt(256)).toBe(false);
  expect(tree.isFullAt(299)).toBe(false);
  expect(tree.edgeEntries(258).map(String)).toEqual(['leaf 256', 'leaf 257']);
  expect(tree.edgeBytes).toBeGreaterThan(44 * 8);
});

test('memory stands in front of the disk', async () => {
  const tree = grown(300);
  const disk = new Map([['checkpoint', Buffer.from('note')]]);
  const source = tree.overlay({ read: async (file) => disk.get(file) });
  expect(String(await source.read('checkpoint'))).toBe('note');
  expect(await source.read(tilePath(0, 0))).toHaveLength(8192);
  expect(await source.read(tilePath(0, 1, 44))).toHaveLength(44 * 32);
  expect(await source.read(tilePath(0, 1, 10))).toHaveLength(320);
  expect(await source.read(tilePath(0, 1, 45))).toBe(undefined);
  expect(await source.read(tilePath(1, 0, 1))).toHaveLength(32);
  expect(await source.read(tilePath(2, 0, 1))).toBe(undefined);
  expect(decodeBundle((await source.read(entryBundlePath(1, 2))) ?? Buffer.alloc(0)).map(String)).toEqual([
    'leaf 256',
    'leaf 257',
  ]);
  expect(await source.read(entryBundlePath(1, 45))).toBe(undefined);
});

test('a book has one tree for each tenant, numbered in the order in which they came', () => {
  const book = new TreeBook('audit.example/test', '/logs');
  const a = book.obtain('a');
  expect(book.imagine('x').tenant).toBe('x');
  const b = book.obtain('b');
  expect(book.obtain('a')).toBe(a);
  expect(book.find('x')).toBe(undefined);
  expect([a.number, b.number]).toEqual([0, 1]);
  expect([...book.all()]).toEqual([a, b]);
});
