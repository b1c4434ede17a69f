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
