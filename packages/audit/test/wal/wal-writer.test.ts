import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openSegment } from '../../src/wal/read-segment.ts';
import { WalWriter, type WalTree } from '../../src/wal/wal-writer.ts';
import { faultyFiles, systemError } from '../log/faulty-files.ts';
import { segments, tempDir } from '../log/rig.ts';

async function rig(segmentBytes = 4096) {
  const dir = tempDir();
  const folder = path.join(dir, 'wal');
  mkdirSync(folder);
  const faulty = faultyFiles();
  const trees: WalTree[] = ['a', 'b'].map((tenant, number) => ({
    tenant,
    number,
    assigned: 0,
    declaredIn: -1,
  }));
  const wal = new WalWriter({ files: faulty.files, folder, ordinal: 1, trees: () => trees, segmentBytes });
  await wal.open();
  const write = (count: number, at = 0) => {
    const tree = trees[at];
    if (tree === undefined) throw new RangeError('there is no such tree');
    return wal.write(
      Array.from({ length: count }, (_, n) => ({ tree, leaf: Buffer.from(`leaf ${n}`), index: -1 })),
    );
  };
  const read = () =>
    segments(dir).map((file) => {
      const indices: string[] = [];
      const opened = openSegment(readFileSync(file));
      opened?.forEach(({ tenant, index }) => indices.push(`${tenant}${index}`));
      return { sizes: opened?.tenants.map(({ assigned }) => assigned), indices };
    });
  return { dir, wal, faulty, trees, write, read };
}

test('entries get their indices as they are written', async () => {
  const { wal, trees, read, write } = await rig();
  await write(2);
  await write(1, 1);
  await write(1);
  await wal.close();
  expect(trees.map(({ assigned }) => assigned)).toEqual([3, 1]);
  expect(read()).toEqual([{ sizes: [0, 0], indices: ['a0', 'a1', 'b0', 'a2'] }]);
});

test('a segment that is large enough is sealed; the next one tells the sizes', async () => {
  const { wal, read, write } = await rig();
  await write(200);
  await write(1);
  await write(1, 1);
  expect(wal.sealed).toHaveLength(1);
  expect(wal.replaceable()).toHaveLength(1);
  expect(read().map(({ sizes }) => sizes)).toEqual([
    [0, 0],
    [200, 0],
  ]);
  await wal.close();
  expect(wal.replaceable()).toHaveLength(0);
});

test('after a failure the indices are free again, and the next segment says from where', async () => {
  const { wal, trees, faulty, read, write } = await rig();
  await write(3);
  faulty.inject = ({ call }) => {
    if (call === 'sync') throw systemError('EIO');
  };
  await expect(write(5)).rejects.toMatchObject({ code: 'EIO' });
  expect(trees[0]?.assigned).toBe(3);
  faulty.inject = undefined;
  await write(2);
  await wal.close();
  expect(read()).toEqual([
    { sizes: [0, 0], indices: ['a0', 'a1', 'a2'] },
    { sizes: [3, 0], indices: ['a3', 'a4'] },
  ]);
});

test('what a failed batch left counts for nothing, even when it cannot be cut off', async () => {
  const { wal, faulty, read, write } = await rig();
  await write(3);
  faulty.inject = ({ call }) => {
    if (call === 'sync' || call === 'truncate') throw systemError('EIO');
  };
  await expect(write(5)).rejects.toMatchObject({ code: 'EIO' });
  faulty.inject = undefined;
  await write(1);
  await wal.close();
  expect(read().map(({ sizes }) => sizes)).toEqual([
    [0, 0],
    [3, 0],
  ]);
  expect(read()[0]?.indices).toHaveLength(8);
});

test('bytes are those on the disk', async () => {
  const { dir, wal, write } = await rig();
  await write(10);
  const before = wal.bytes;
  expect(before).toBe(readFileSync(segments(dir)[0] ?? '').length);
  await write(10);
  expect(wal.bytes).toBeGreaterThan(before);
  await wal.close();
});
