import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { diskFiles } from '@holdfast/audit';
import { expect, test } from 'vitest';
import { tempDir } from '../log/rig.ts';

test('a file that is replaced is whole, in a folder that is made for it, and leaves no draft', async () => {
  const dir = tempDir();
  const file = path.join(dir, 'a/b/c');
  const draft = path.join(dir, 'draft');
  await diskFiles.replace(file, Buffer.from('one'), draft);
  await diskFiles.replace(file, Buffer.from('two'), draft);
  expect(readFileSync(file, 'utf8')).toBe('two');
  expect(existsSync(draft)).toBe(false);
});

test('a draft that cannot be put in place is removed', async () => {
  const dir = tempDir();
  mkdirSync(path.join(dir, 'taken'));
  const draft = path.join(dir, 'draft');
  await expect(diskFiles.replace(path.join(dir, 'taken'), Buffer.from('x'), draft)).rejects.toThrow();
  expect(readdirSync(dir)).toEqual(['taken']);
});

test('what is missing is nothing, and what cannot be read is an error', async () => {
  const dir = tempDir();
  writeFileSync(path.join(dir, 'file'), 'x');
  expect(await diskFiles.read(path.join(dir, 'none'))).toBe(undefined);
  expect(await diskFiles.read(path.join(dir, 'file/below'))).toBe(undefined);
  expect(await diskFiles.list(path.join(dir, 'none'))).toEqual([]);
  expect(await diskFiles.identity(path.join(dir, 'none'))).toBe(undefined);
  await diskFiles.remove(path.join(dir, 'none'));
  await expect(diskFiles.read(dir)).rejects.toMatchObject({ code: 'EISDIR' });
  await expect(diskFiles.sync(path.join(dir, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a new file is new, and grows at its end even when somebody cuts it', async () => {
  const dir = tempDir();
  const name = path.join(dir, 'log');
  const file = await diskFiles.create(name);
  await expect(diskFiles.create(name)).rejects.toMatchObject({ code: 'EEXIST' });
  await file.write(Buffer.from('0123456789'), 6);
  await file.sync();
  expect(await file.identity()).toEqual(await diskFiles.identity(name));
  truncateSync(name, 2);
  await file.write(Buffer.from('ab'), 2);
  expect(readFileSync(name, 'utf8')).toBe('01ab');
  await file.truncate(1);
  await file.close();
  expect(readFileSync(name, 'utf8')).toBe('0');
});

test('files and folders are synced, listed, renamed and removed', async () => {
  const dir = tempDir();
  await diskFiles.makeFolder(path.join(dir, 'x/y'));
  await diskFiles.makeFolder(path.join(dir, 'x/y'));
  writeFileSync(path.join(dir, 'x/y/one'), '1');
  await diskFiles.rename(path.join(dir, 'x/y/one'), path.join(dir, 'z/two'));
  await diskFiles.sync(path.join(dir, 'z/two'));
  await diskFiles.sync(path.join(dir, 'z'));
  expect(await diskFiles.list(path.join(dir, 'z'))).toEqual(['two']);
  await diskFiles.remove(path.join(dir, 'z'));
  expect(await diskFiles.list(dir)).toEqual(['x']);
});

test('what may not be written is refused', async ({ skip }) => {
  if (process.getuid?.() === 0) skip('root may write everywhere');
  const dir = tempDir();
  chmodSync(dir, 0o500);
  await expect(diskFiles.create(path.join(dir, 'file'))).rejects.toMatchObject({ code: 'EACCES' });
});
