import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { directorySource } from '@holdfast/audit';
import { expect, onTestFinished, test } from 'vitest';

test('files are read, missing ones are nothing, and other failures are told', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'audit-source-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  mkdirSync(path.join(dir, 'tile/0'), { recursive: true });
  writeFileSync(path.join(dir, 'tile/0/000'), 'bytes');
  const source = directorySource(dir);
  expect(String(await source.read('tile/0/000'))).toBe('bytes');
  expect(await source.read('tile/0/001')).toBe(undefined);
  expect(await source.read('tile/0/000/below')).toBe(undefined);
  await expect(source.read('tile/0')).rejects.toThrow('EISDIR');
});
