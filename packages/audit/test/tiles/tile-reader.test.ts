import {
  encodeBundle,
  entryBundlePath,
  inclusionProof,
  leafHash,
  readBundle,
  readTile,
  rootOf,
  TileError,
  tilePath,
  tileReader,
  verifyInclusion,
  type TileSource,
} from '@holdfast/audit';
import { expect, test } from 'vitest';
import { Hasher } from '../../src/merkle/hash.ts';
import { MerkleTree } from '../../src/merkle/merkle-tree.ts';
import { leavesOf } from '../merkle/naive.ts';

/** The files of a tree of a size, as a log would serve them. */
function served(size: number) {
  const files = new Map<string, Uint8Array>();
  const tree = new MerkleTree(new Hasher(), (level, index, bytes) =>
    files.set(tilePath(level, index), bytes),
  );
  const leaves = leavesOf(size);
  for (const leaf of leaves) tree.append(leaf);
  for (let level = 0; level < tree.levels; level++) {
    const hashes = tree.partial(level);
    const index = Math.floor(size / 256 ** (level + 1));
    if (hashes.length > 0) files.set(tilePath(level, index, hashes.length / 32), hashes);
  }
  for (let index = 0; index * 256 < size; index++) {
    const entries = leaves.slice(index * 256, (index + 1) * 256);
    files.set(entryBundlePath(index, entries.length), encodeBundle(entries));
  }
  const reads: string[] = [];
  const source: TileSource = {
    read: async (path) => {
      reads.push(path);
      return files.get(path);
    },
  };
  return { files, source, tree, leaves, reads };
}

test.each([1, 2, 255, 256, 257, 1000, 65_536, 70_000])(
  'the root of %i leaves follows from their tiles',
  async (size) => {
    const { source, tree } = served(size);
    expect(Buffer.from(await rootOf(tileReader(source, size), size))).toEqual(tree.root());
  },
);

test('proofs come from tiles, and read each tile once', async () => {
  const { source, tree, leaves, reads } = served(70_000);
  for (const index of [0, 255, 256, 65_535, 65_536, 69_887, 69_888, 69_999]) {
    reads.length = 0;
    const proof = await inclusionProof(tileReader(source, 70_000), index, 70_000);
    const leaf = leafHash(leaves[index] ?? Buffer.alloc(0));
    expect(verifyInclusion({ index, size: 70_000, leafHash: leaf, root: tree.root(), proof })).toBe(true);
    expect(new Set(reads).size).toBe(reads.length);
    expect(reads.length).toBeLessThanOrEqual(6);
  }
});

test('an earlier tree is read from the tiles of a later one', async () => {
  const { source } = served(1000);
  for (const size of [1, 300, 513, 768, 999]) {
    expect(await rootOf(tileReader(source, 1000), size)).toEqual(served(size).tree.root());
  }
});

test('a full tile or bundle stands in for a partial one that was removed', async () => {
  const { source, leaves } = served(512);
  expect(await readTile(source, 0, 1, 300)).toHaveLength(44 * 32);
  expect((await readBundle(source, 1, 300)).map(String)).toEqual(leaves.slice(256, 300).map(String));
});

test('a missing file and one of the wrong length are told apart', async () => {
  const { files, source } = served(300);
  const failure = (error: unknown) => (error instanceof TileError ? [error.file, error.missing] : error);
  files.set('tile/0/000', Buffer.alloc(8191));
  files.delete('tile/0/001.p/44');
  files.set('tile/entries/000', encodeBundle([Buffer.from('one')]));
  files.set('tile/entries/001.p/44', Buffer.from([0, 9, 1]));
  expect(await readTile(source, 0, 0, 300).catch(failure)).toEqual(['tile/0/000', false]);
  expect(await readTile(source, 0, 1, 300).catch(failure)).toEqual(['tile/0/001.p/44', true]);
  expect(await readBundle(source, 0, 300).catch(failure)).toEqual(['tile/entries/000', false]);
  expect(await readBundle(source, 1, 300).catch(failure)).toEqual(['tile/entries/001.p/44', false]);
});
