import { expect, it } from 'vitest';
import { foldTile } from '../../src/merkle/merkle-tree.ts';
import { FoldedTile } from '../../src/tiles/folded-tile.ts';
import { leafHash } from '@holdfast/audit';

const hashes = (count: number) =>
  Buffer.concat(Array.from({ length: count }, (_, n) => leafHash(Buffer.from(`entry ${n}`))));

it.each([256, 255, 130, 1])('has every hash that %d hashes make', (count) => {
  const tile = hashes(count);
  const folded = new FoldedTile(tile);
  for (let height = 0; height < 8; height++) {
    const leaves = 2 ** height;
    for (let index = 0; (index + 1) * leaves <= count; index++) {
      expect(folded.hash(height, index)).toEqual(foldTile(tile, index * leaves, leaves));
    }
  }
});

it('makes each hash once', () => {
  const folded = new FoldedTile(hashes(256));
  const [left, right] = [folded.hash(7, 0), folded.hash(7, 1)];
  expect(folded.hash(7, 0)).toBe(left);
  expect(folded.hash(7, 1)).toBe(right);
});
