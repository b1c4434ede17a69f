import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBundle, leafHash, nodeHash, rootOf } from '@holdfast/audit';
import { TileHasher } from '../../src/verify/tile-hasher.ts';

const entries = fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 256 });

/** The root of a tree as RFC 6962 defines it, one split after another. */
function naiveRoot(hashes: readonly Uint8Array[]): Uint8Array {
  const [only] = hashes;
  if (only !== undefined && hashes.length === 1) return only;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(naiveRoot(hashes.slice(0, split)), naiveRoot(hashes.slice(split)));
}

describe('TileHasher', () => {
  it('hashes the entries of a bundle as leaves, and leaves the bundle as it was', () => {
    const hasher = new TileHasher();
    fc.assert(
      fc.property(entries, (list) => {
        const bundle = encodeBundle(list);
        const before = Buffer.from(bundle);
        expect(hasher.hashBundle(bundle)).toEqual(Buffer.concat(list.map(leafHash)));
        expect(bundle).toEqual(before);
      }),
      { numRuns: 30 },
    );
  });

  it('puts zeros for an entry within which a bundle ends', () => {
    const bundle = encodeBundle([Buffer.from('one'), Buffer.from('two')]);
    const one = leafHash(Buffer.from('one'));
    for (const cut of [1, 2, 4]) {
      const hashes = new TileHasher().hashBundle(bundle.subarray(0, bundle.length - cut));
      expect(hashes).toEqual(Buffer.concat([one, Buffer.alloc(32)]));
    }
  });

  it('hashes no more of a bundle than one could hold', () => {
    expect(new TileHasher().hashBundle(Buffer.alloc(1_000_000))).toHaveLength(512 * 32);
  });

  it('finds the root above any number of hashes', () => {
    const hasher = new TileHasher();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 257 }), (count) => {
        const hashes = Array.from({ length: count }, (_, i) => leafHash(Buffer.from(String(i))));
        expect(hasher.rootOfHashes(Buffer.concat(hashes))).toEqual(naiveRoot(hashes));
      }),
    );
  });

  it('finds the root from the edge of a tree', async () => {
    const hasher = new TileHasher();
    const leaves = Array.from({ length: 700 }, (_, i) => leafHash(Buffer.from(String(i))));
    for (const size of [0, 1, 255, 256, 257, 511, 512, 700]) {
      const full = Math.floor(size / 256);
      const tiles = Array.from({ length: full }, (_, i) =>
        hasher.rootOfHashes(Buffer.concat(leaves.slice(i * 256, (i + 1) * 256))),
      );
      const edge = [Buffer.concat(leaves.slice(full * 256, size)), Buffer.concat(tiles)];
      const reader = {
        hash: (level: number, index: number) =>
          naiveRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
      };
      expect(hasher.rootOfEdge(edge)).toEqual(await rootOf(reader, size));
    }
  });
});
