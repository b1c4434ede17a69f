import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { diskFiles } from '../../src/files/disk-files.ts';
import { BodyStore } from '../../src/record/body-store.ts';
import { tempFolder } from '../rig.ts';

const bodyOf = (text: string) => {
  const bytes = Buffer.from(text);
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
};

type Body = ReturnType<typeof bodyOf>;

it('a body is kept under its digest, whole and once, even when it is put many times at once', async () => {
  const dir = await tempFolder();
  const store = new BodyStore(dir, diskFiles);
  const body = bodyOf('{"text":"long"}');
  await Promise.all([store.put(body), store.put(body), store.put(body)]);
  await store.put(body);
  expect(await store.get(body.sha256)).toBe('{"text":"long"}');
  const folder = path.join(dir, 'bodies', body.sha256.slice(0, 2));
  expect(await readdir(folder)).toEqual([body.sha256]);
});

it('a body that was left half-written is written again', async () => {
  const dir = await tempFolder();
  const store = new BodyStore(dir, diskFiles);
  const body = bodyOf('{"text":"long"}');
  await store.put(body);
  const file = path.join(dir, 'bodies', body.sha256.slice(0, 2), body.sha256);
  await writeFile(`${file}.draft`, '{"te');
  await writeFile(file, '{"te');
  expect(await store.get(body.sha256)).toBeUndefined();
  await store.put(body);
  expect(await readFile(file, 'utf8')).toBe('{"text":"long"}');
});

it.each(['', '../../etc/passwd', '0'.repeat(64)])(
  'nothing is found under what is no digest of a body: %s',
  async (name) => {
    const store = new BodyStore(await tempFolder(), diskFiles);
    expect(await store.get(name)).toBeUndefined();
  },
);

it('a body that cannot be written is refused, and can be put again', async () => {
  const dir = await tempFolder();
  let full = true;
  const create: typeof diskFiles.create = (file) =>
    full ? Promise.reject(new Error('ENOSPC')) : diskFiles.create(file);
  const store = new BodyStore(dir, { ...diskFiles, create });
  const body = bodyOf('{}');
  await expect(store.put(body)).rejects.toThrow('ENOSPC');
  full = false;
  await store.put(body);
  expect(await store.get(body.sha256)).toBe('{}');
});

it('a body whose name did not reach the disk is not taken for one that did', async () => {
  const dir = await tempFolder();
  let broken = true;
  const sync: typeof diskFiles.sync = (file) =>
    broken ? Promise.reject(new Error('EIO')) : diskFiles.sync(file);
  const body = bodyOf('{}');
  const store = new BodyStore(dir, { ...diskFiles, sync });
  await expect(store.put(body)).rejects.toThrow('EIO');
  await expect(store.put(body)).rejects.toThrow('EIO');
  broken = false;
  await store.put(body);
  expect(await store.get(body.sha256)).toBe('{}');
});

it('a sweep removes what no entry names, and keeps what is named or put meanwhile', async () => {
  const dir = await tempFolder();
  const store = new BodyStore(dir, diskFiles);
  const [named, unnamed, again, late] = ['1', '2', '3', '4'].map((text) => bodyOf(text)) as [
    Body,
    Body,
    Body,
    Body,
  ];
  for (const body of [named, unnamed, again]) await store.put(body);
  const keepNamed = async () => new Set([named.sha256]);
  const removed = await store.sweep(async () => {
    await Promise.all([store.put(again), store.put(late)]);
    expect(await store.sweep(async () => new Set([again.sha256, late.sha256, ...(await keepNamed())]))).toBe(
      1,
    );
    return keepNamed();
  });
  expect(removed).toBe(1);
  expect(await store.get(unnamed.sha256)).toBeUndefined();
  for (const { sha256 } of [named, again, late]) expect(await store.get(sha256)).toBeDefined();
});

it('a sweep removes what writing left half done, and not what is being written', async () => {
  const dir = await tempFolder();
  const left = bodyOf('1');
  const rename = () => Promise.reject(new Error('killed'));
  await expect(new BodyStore(dir, { ...diskFiles, rename }).put(left)).rejects.toThrow('killed');
  let drafted = () => {};
  const isDrafted = new Promise<void>((resolve) => (drafted = resolve));
  let goOn = () => {};
  const swept = new Promise<void>((resolve) => (goOn = resolve));
  const store = new BodyStore(dir, {
    ...diskFiles,
    rename: async (from, to) => {
      drafted();
      await swept;
      await diskFiles.rename(from, to);
    },
  });
  const written = bodyOf('2');
  const putting = store.put(written);
  await isDrafted;
  expect(await store.sweep(async () => new Set())).toBe(1);
  goOn();
  await putting;
  expect(await store.get(written.sha256)).toBe('2');
  const files = await readdir(path.join(dir, 'bodies'), { recursive: true, withFileTypes: true });
  expect(files.filter((file) => file.isFile()).map(({ name }) => name)).toEqual([written.sha256]);
});

it('a body that is put while its file is being removed is written again', async () => {
  const dir = await tempFolder();
  const body = bodyOf('{}');
  let putting: Promise<void> | undefined;
  const remove: typeof diskFiles.remove = async (file) => {
    if (putting === undefined && file.endsWith(body.sha256)) {
      await new Promise(setImmediate);
      putting = store.put(body);
      await new Promise(setImmediate);
    }
    await diskFiles.remove(file);
  };
  const store = new BodyStore(dir, { ...diskFiles, remove });
  await store.put(body);
  expect(await store.sweep(async () => new Set())).toBe(1);
  await putting;
  expect(await store.get(body.sha256)).toBe('{}');
});

it('a sweep of a log without bodies does not read the log', async () => {
  const store = new BodyStore(await tempFolder(), diskFiles);
  expect(await store.sweep(() => Promise.reject(new Error('read')))).toBe(0);
});
