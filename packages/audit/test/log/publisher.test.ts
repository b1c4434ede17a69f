import { diskFiles, type AuditFiles } from '@holdfast/audit';
import { manualClock } from '@holdfast/pipeline/testing';
import { expect, test } from 'vitest';
import { Publisher, type PublisherOptions } from '../../src/log/publisher.ts';
import { TreeBook } from '../../src/log/tree-book.ts';
import { leavesOf } from '../merkle/naive.ts';
import { ORIGIN, SIGNER } from './rig.ts';

/** A publisher that writes to memory. */
function rig(options: Partial<PublisherOptions> = {}) {
  const clock = manualClock();
  const written: string[] = [];
  const told: string[] = [];
  const present = new Set<string>();
  const files: AuditFiles = {
    ...diskFiles,
    list: async (folder) => [...present].filter((file) => file.startsWith(`${folder}/`)),
    replace: async (file) => {
      present.add(file);
      written.push(file.replace('/logs/', ''));
    },
    remove: async (file) => void written.push(`removed ${file.replace('/logs/', '')}`),
  };
  const book = new TreeBook(ORIGIN, '/logs');
  const publisher = new Publisher({
    files,
    signer: SIGNER,
    clock,
    checkpointEveryMs: 1000,
    drafts: '/drafts',
    check: async () => {},
    onLost: () => told.push('lost'),
    onPublished: ({ tenant, size }) => told.push(`${tenant} ${size}`),
    onFailed: ({ tenant }) => told.push(`${tenant} failed`),
    onWritten: () => {},
    onRound: () => told.push('round'),
    ...options,
  });
  const grow = (tenant: string, count: number) => {
    const tree = book.obtain(tenant);
    for (const leaf of leavesOf(count)) tree.append(leaf);
    publisher.note(tree);
    publisher.kick();
    return tree;
  };
  const take = () => written.splice(0);
  return { clock, publisher, grow, take, told, files };
}

test('a checkpoint is written last, behind everything that it covers', async () => {
  const { publisher, grow, take } = rig();
  grow('a', 300);
  await publisher.publish();
  const files = take();
  expect(files.at(-1)).toBe('a/checkpoint');
  expect([...files].sort()).toEqual(
    [
      'a/checkpoint',
      'a/checkpoint',
      'a/tile/0/000',
      'a/tile/0/001.p/44',
      'a/tile/1/000.p/1',
      'a/tile/entries/000',
      'a/tile/entries/001.p/44',
    ].sort(),
  );
});

test('the checkpoint of an empty tree comes before its first file, however that is written', async () => {
  const { clock, publisher, grow, take, told } = rig();
  grow('a', 300);
  await publisher.publish();
  expect(take()[0]).toBe('a/checkpoint');
  expect(told).toEqual(['a 300', 'round']);
  grow('b', 256);
  await clock.advance(0);
  expect(take().slice(0, 3).sort()).toEqual(['b/checkpoint', 'b/tile/0/000', 'b/tile/entries/000']);
  grow('a', 256);
  await clock.advance(0);
  expect(take()).not.toContain('a/checkpoint');
});

test('full files do not wait for a signer that is out', async () => {
  const { clock, grow, take, told } = rig({
    signer: { ...SIGNER, sign: () => Promise.reject(new Error('out')) },
  });
  const tree = grow('a', 256);
  await clock.advance(0);
  expect(take().sort()).toEqual(['a/tile/0/000', 'a/tile/1/000.p/1', 'a/tile/entries/000']);
  expect(tree.unwrittenBytes).toBe(0);
  expect(told).toEqual(['a failed', 'round']);
});

test('full files are written as they come, the rest once an interval', async () => {
  const { clock, grow, take, told } = rig();
  grow('a', 1);
  await clock.advance(0);
  expect(told).toEqual(['a 1', 'round']);
  take();
  grow('a', 256);
  await clock.advance(0);
  expect(take().sort()).toEqual(['a/tile/0/000', 'a/tile/entries/000']);
  await clock.advance(999);
  expect(take()).toEqual([]);
  await clock.advance(1);
  expect(take()).toContain('a/checkpoint');
});

test('a round that takes long is followed by a pause three times as long', async () => {
  const { clock, grow, told } = rig({ signer: { ...SIGNER, sign: (message) => slowly(message) } });
  const slowly = async (message: Uint8Array) => {
    await new Promise<void>((resolve) => void clock.setTimer(resolve, 2000));
    return SIGNER.sign(message);
  };
  grow('a', 1);
  // It signs twice: the tree of none comes first.
  await clock.advance(4000);
  expect(told).toEqual(['a 1', 'round']);
  grow('a', 1);
  await clock.advance(11_999);
  expect(told).toHaveLength(2);
  await clock.advance(2001);
  expect(told).toEqual(['a 1', 'round', 'a 2', 'round']);
});

test('a tree that fails holds up no other, and is tried again', async () => {
  let broken = true;
  const { publisher, grow, told, files } = rig();
  const replace = files.replace.bind(files);
  files.replace = (file, bytes, draft) =>
    broken && file.includes('/bad/') ? Promise.reject(new Error('disk')) : replace(file, bytes, draft);
  grow('bad', 1);
  grow('good', 1);
  await expect(publisher.publish()).rejects.toThrow('disk');
  expect(told).toEqual(['bad failed', 'good 1', 'round']);
  broken = false;
  await publisher.publish();
  expect(told.slice(3)).toEqual(['bad 1', 'round']);
});

test('nothing is published once the directory is not ours any more', async () => {
  const { publisher, grow, take, told } = rig({ check: () => Promise.reject(new Error('replaced')) });
  grow('a', 1);
  await expect(publisher.publish()).rejects.toThrow('replaced');
  expect(told).toEqual(['lost']);
  expect(take()).toEqual([]);
});

test('a tree without news is not signed again', async () => {
  const { publisher, grow, take, told } = rig();
  const tree = grow('a', 5);
  await publisher.publish();
  take();
  publisher.note(tree);
  await publisher.publish();
  expect(take()).toEqual([]);
  expect(told).toEqual(['a 5', 'round', 'round']);
});
