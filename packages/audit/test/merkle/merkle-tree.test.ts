import { tilePath, tileWidth } from '@holdfast/audit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Hasher, leafHash } from '../../src/merkle/hash.ts';
import { foldTile, MerkleTree } from '../../src/merkle/merkle-tree.ts';
import { leavesOf, naiveRoot } from './naive.ts';

function grow(count: number, onFull: (path: string, bytes: Buffer) => void = () => {}) {
  const tree = new MerkleTree(new Hasher(), (level, index, bytes) => onFull(tilePath(level, index), bytes));
  for (const leaf of leavesOf(count)) tree.append(leaf);
  return tree;
}

test('the root is that of the recursion at every size', () => {
  const leaves = leavesOf(600);
  const tree = new MerkleTree(new Hasher(), () => {});
  expect(tree.root()).toEqual(naiveRoot([]));
  for (let size = 1; size <= leaves.length; size++) {
    tree.append(leaves[size - 1] ?? Buffer.alloc(0));
    if (size < 70 || size > 500) expect(tree.root()).toEqual(naiveRoot(leaves.slice(0, size)));
  }
});

test('full tiles are handed out once, and never change afterwards', () => {
  const tiles = new Map<string, { bytes: Buffer; copy: Buffer }>();
  const tree = grow(66_000, (path, bytes) => {
    expect(tiles.has(path)).toBe(false);
    tiles.set(path, { bytes, copy: Buffer.from(bytes) });
  });
  expect(tiles.size).toBe(Math.floor(66_000 / 256) + 1);
  for (const { bytes, copy } of tiles.values())
    expect(bytes.equals(copy) && bytes.length === 8192).toBe(true);
  const lowest = tiles.get('tile/0/005')?.bytes ?? Buffer.alloc(0);
  expect(lowest.subarray(0, 32)).toEqual(leafHash(Buffer.from(`leaf ${5 * 256}`)));
  const above = tiles.get('tile/1/000')?.bytes ?? Buffer.alloc(0);
  expect(above.subarray(5 * 32, 6 * 32)).toEqual(foldTile(lowest, 0, 256));
  expect(tree.partial(2)).toEqual(foldTile(above, 0, 256));
});

test.each([0, 1, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537])(
  'of %i leaves the tile at the edge of each level has the width that the specification says',
  (size) => {
    const tree = grow(size);
    for (let level = 0; level <= 3; level++) {
      const width = Math.floor(size / 256 ** level) % 256;
      expect(tree.partial(level).length).toBe(width * 32);
      const index = Math.floor(size / 256 ** (level + 1));
      expect(tileWidth(level, index, size)).toBe(width);
    }
  },
);

test('a tree that is restored goes on as if it had never stopped', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1500 }), fc.integer({ min: 0, max: 600 }), (size, more) => {
      const whole: string[] = [];
      const kept = grow(size + more, (path, bytes) => whole.push(`${path} ${bytes.toString('hex')}`));
      const before = grow(size);
      const parts: string[] = [];
      const restored = new MerkleTree(new Hasher(), (level, index, bytes) =>
        parts.push(`${tilePath(level, index)} ${bytes.toString('hex')}`),
      );
      restored.restore(
        size,
        Array.from({ length: before.levels }, (_, level) => before.partial(level)),
      );
      expect(restored.root()).toEqual(before.root());
      for (const leaf of leavesOf(size + more).slice(size)) restored.append(leaf);
      expect(restored.root()).toEqual(kept.root());
      expect(whole.slice(-parts.length || whole.length)).toEqual(parts);
    }),
    { numRuns: 30 },
  );
});

test('trees may share a hasher, and take leaves of any length', () => {
  const hasher = new Hasher();
  const trees = [0, 1, 2].map(() => new MerkleTree(hasher, () => {}));
  const leaves = [0, 1, 1023, 1024, 65_535, 3].map((length, index) => Buffer.alloc(length, index));
  for (const leaf of leaves) for (const tree of trees) tree.append(leaf);
  for (const tree of trees) expect(tree.root()).toEqual(naiveRoot(leaves));
});
