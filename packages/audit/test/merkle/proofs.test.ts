import {
  consistencyProof,
  inclusionProof,
  leafHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from '@holdfast/audit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leavesOf, naivePath, naiveProof, naiveReader, naiveRoot } from './naive.ts';

const hex = (hash: Uint8Array) => Buffer.from(hash).toString('hex');
const hexes = (hashes: readonly Uint8Array[]) => hashes.map((hash) => hex(hash).slice(0, 8));

describe('the test vectors of Certificate Transparency (RFC 6962)', () => {
  const leaves = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ].map((text) => Buffer.from(text, 'hex'));
  const reader = naiveReader(leaves);
  const roots = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];

  test.each(roots.map((root, size) => ({ size, root })))(
    'the root of $size leaves is $root',
    async ({ size, root }) => {
      expect(hex(await rootOf(reader, size))).toBe(root);
    },
  );

  test.each([
    { index: 0, size: 1, proof: [] },
    { index: 0, size: 8, proof: ['96a296d2', '5f083f0a', '6b47aaf2'] },
    { index: 5, size: 8, proof: ['bc1a0643', 'ca854ea1', 'd37ee418'] },
    { index: 2, size: 3, proof: ['fac54203'] },
    { index: 1, size: 5, proof: ['6e340b9c', '5f083f0a', 'bc1a0643'] },
  ])('leaf $index of $size is proven by $proof', async ({ index, size, proof }) => {
    expect(hexes(await inclusionProof(reader, index, size))).toEqual(proof);
  });

  test.each([
    { first: 1, second: 1, proof: [] },
    { first: 1, second: 8, proof: ['96a296d2', '5f083f0a', '6b47aaf2'] },
    { first: 6, second: 8, proof: ['0ebc5d34', 'ca854ea1', 'd37ee418'] },
    { first: 2, second: 5, proof: ['5f083f0a', 'bc1a0643'] },
    { first: 6, second: 7, proof: ['0ebc5d34', 'b08693ec', 'd37ee418'] },
  ])('$second leaves begin with $first as $proof proves', async ({ first, second, proof }) => {
    expect(hexes(await consistencyProof(reader, first, second))).toEqual(proof);
  });
});

describe('trees of up to 40 leaves', () => {
  const leaves = leavesOf(40);
  const reader = naiveReader(leaves);

  test('have the proofs that the recursion of the RFC gives', async () => {
    for (let size = 1; size <= 40; size++) {
      const tree = leaves.slice(0, size);
      expect(hex(await rootOf(reader, size))).toBe(hex(naiveRoot(tree)));
      for (let index = 0; index < size; index++) {
        expect(await inclusionProof(reader, index, size)).toEqual(naivePath(index, tree));
        expect(await consistencyProof(reader, index + 1, size)).toEqual(naiveProof(index + 1, tree));
      }
    }
  });

  test('verify every leaf and every earlier tree', async () => {
    for (let size = 1; size <= 40; size++) {
      const root = naiveRoot(leaves.slice(0, size));
      for (let index = 0; index < size; index++) {
        const leaf = leafHash(leaves[index] ?? Buffer.alloc(0));
        const path = await inclusionProof(reader, index, size);
        expect(verifyInclusion({ index, size, leafHash: leaf, root, proof: path })).toBe(true);
        const firstRoot = naiveRoot(leaves.slice(0, index));
        const proof = await consistencyProof(reader, index, size);
        expect(verifyConsistency({ first: index, second: size, firstRoot, secondRoot: root, proof })).toBe(
          true,
        );
      }
    }
  });
});

const flip = (hash: Uint8Array, bit: number) => {
  const flipped = Buffer.from(hash);
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
};

/** Ways to spoil a list of hashes. */
function spoilt(proof: readonly Uint8Array[], place: number, bit: number): (readonly Uint8Array[])[] {
  const at = proof.length === 0 ? 0 : place % proof.length;
  const hash = proof[at];
  return [
    [...proof, Buffer.alloc(32, 1)],
    [Buffer.alloc(32, 1), ...proof],
    ...(hash === undefined
      ? []
      : [
          proof.toSpliced(at, 1, flip(hash, bit)),
          proof.toSpliced(at, 1),
          proof.toSpliced(at, 1, hash.subarray(1)),
          proof.toSpliced(at, 0, hash),
        ]),
  ];
}

const sizes = fc.integer({ min: 1, max: 300 });
const spoil = { place: fc.nat(), bit: fc.integer({ min: 0, max: 255 }) };

test('no spoilt inclusion proof is accepted', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), fc.record(spoil), async (size, seed, { place, bit }) => {
      const leaves = leavesOf(size);
      const index = seed % size;
      const root = naiveRoot(leaves);
      const leaf = leafHash(leaves[index] ?? Buffer.alloc(0));
      const proof = await inclusionProof(naiveReader(leaves), index, size);
      const claim = { index, size, leafHash: leaf, root, proof };
      expect(verifyInclusion(claim)).toBe(true);
      expect(verifyInclusion({ ...claim, leafHash: flip(leaf, bit) })).toBe(false);
      expect(verifyInclusion({ ...claim, root: flip(root, bit) })).toBe(false);
      expect(verifyInclusion({ ...claim, root: root.subarray(1) })).toBe(false);
      const other = (index + 1 + (place % Math.max(1, size - 1))) % size;
      if (other !== index) expect(verifyInclusion({ ...claim, index: other })).toBe(false);
      for (const bad of spoilt(proof, place, bit))
        expect(verifyInclusion({ ...claim, proof: bad })).toBe(false);
    }),
  );
});

test('no spoilt consistency proof is accepted', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), fc.record(spoil), async (second, seed, { place, bit }) => {
      const leaves = leavesOf(second);
      const first = (seed % second) + 1;
      const roots = { firstRoot: naiveRoot(leaves.slice(0, first)), secondRoot: naiveRoot(leaves) };
      const proof = await consistencyProof(naiveReader(leaves), first, second);
      const claim = { first, second, ...roots, proof };
      expect(verifyConsistency(claim)).toBe(true);
      expect(verifyConsistency({ ...claim, firstRoot: flip(claim.firstRoot, bit) })).toBe(false);
      expect(verifyConsistency({ ...claim, secondRoot: flip(claim.secondRoot, bit) })).toBe(false);
      for (const bad of spoilt(proof, place, bit))
        expect(verifyConsistency({ ...claim, proof: bad })).toBe(false);
    }),
  );
});

test.each([
  { index: -1, size: 1 },
  { index: 1, size: 1 },
  { index: 0, size: 0 },
  { index: 0.5, size: 1 },
  { index: NaN, size: 1 },
  { index: 0, size: Infinity },
])('a claim about leaf $index of $size is false', (claim) => {
  const root = leafHash(Buffer.from('a'));
  expect(verifyInclusion({ ...claim, leafHash: root, root, proof: [] })).toBe(false);
});

test('only the empty root is that of no leaves', () => {
  const empty = naiveRoot([]);
  const root = naiveRoot(leavesOf(3));
  const claim = { first: 0, second: 3, firstRoot: empty, secondRoot: root, proof: [] };
  expect(verifyConsistency(claim)).toBe(true);
  expect(verifyConsistency({ ...claim, firstRoot: root })).toBe(false);
  expect(verifyConsistency({ ...claim, proof: [root] })).toBe(false);
  expect(verifyConsistency({ ...claim, second: 0, secondRoot: empty })).toBe(true);
  expect(verifyConsistency({ ...claim, first: 4 })).toBe(false);
  expect(verifyConsistency({ ...claim, first: -1 })).toBe(false);
  expect(verifyConsistency({ ...claim, first: 0.5 })).toBe(false);
});

test('what is asked of a proof is checked', async () => {
  const reader = naiveReader(leavesOf(3));
  await expect(inclusionProof(reader, 3, 3)).rejects.toThrow(
    'inclusionProof: index must be an integer >= 0 and <= 2, got 3',
  );
  await expect(inclusionProof(reader, 0, 0)).rejects.toThrow(RangeError);
  await expect(consistencyProof(reader, 4, 3)).rejects.toThrow(
    'consistencyProof: first must be an integer >= 0 and <= 3, got 4',
  );
  await expect(rootOf(reader, -1)).rejects.toThrow('rootOf: size must be an integer >= 0, got -1');
});

test('a reader that fails fails the proof with its own error', async () => {
  const broken = new Error('no such tile');
  const reader = { hash: () => Promise.reject(broken) };
  await expect(inclusionProof(reader, 1, 5)).rejects.toBe(broken);
  await expect(consistencyProof(reader, 2, 5)).rejects.toBe(broken);
});

test('a tree may have 2^52 leaves and one', async () => {
  const size = 2 ** 52 + 1;
  const hash = (level: number, index: number) => leafHash(Buffer.from(`${level}/${index}`));
  const root = await rootOf({ hash }, size);
  const proof = await inclusionProof({ hash }, size - 1, size);
  const claim = { index: size - 1, size, leafHash: hash(0, size - 1), root, proof };
  expect(proof).toHaveLength(1);
  expect(verifyInclusion(claim)).toBe(true);
});
