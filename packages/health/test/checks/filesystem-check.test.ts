import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { filesystemCheck } from '../../src/index.ts';
import { probing } from './probing.ts';
import { runCheck } from './run-check.ts';

const temporary = () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'health-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

/** A file system of one megabyte of its own. */
const mounted = () => {
  const folder = temporary();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  onTestFinished(() => void execFileSync('umount', [folder]));
  return folder;
};
const canMount = (() => {
  const folder = mkdtempSync(path.join(tmpdir(), 'health-'));
  const worked = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', folder]).status === 0;
  if (worked) execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return worked;
})();
if (!canMount)
  console.log('skipped: nothing can be mounted here, so no file system is really full or read-only');

const fill = (folder: string, bytes: number) =>
  writeFileSync(path.join(folder, 'filler'), Buffer.alloc(bytes));
const MB = 2 ** 20;

describe('a check of a folder', () => {
  test('is up when a file can be written, and leaves none behind', async () => {
    const path = temporary();
    expect(await runCheck(filesystemCheck({ path, minFreeRatio: 0 }))).toMatchObject({
      state: 'up',
      observedUnit: 'B',
    });
    expect(readdirSync(path)).toEqual([]);
  });

  test('is degraded when space runs low', async () => {
    const path = temporary();
    const low = { state: 'degraded', reason: 'low-space' };
    expect(await runCheck(filesystemCheck({ path, minFreeRatio: 1 }))).toMatchObject(low);
    expect(await runCheck(filesystemCheck({ path, minFreeRatio: 0, minFreeBytes: 1e18 }))).toMatchObject(low);
  });

  test('is down by the code of the error when it is not there, or nothing can be written', async () => {
    using nowhere = probing(filesystemCheck({ path: '/nowhere/at/all' }));
    expect(await nowhere.probe()).toMatchObject({ state: 'down', reason: 'ENOENT' });
    await expect(runCheck(filesystemCheck({ path: '/proc' }))).rejects.toHaveProperty('code');
    expect(
      await runCheck(filesystemCheck({ path: '/proc', writable: false, minFreeRatio: 0 })),
    ).toMatchObject({ state: 'up' });
  });

  // Root may write wherever the mode forbids it.
  test.skipIf(process.getuid?.() === 0)('a mode that forbids writing is seen', async () => {
    const folder = temporary();
    chmodSync(folder, 0o555);
    using check = probing(filesystemCheck({ path: folder, minFreeRatio: 0 }));
    expect(await check.probe()).toMatchObject({ state: 'down', reason: 'EACCES' });
    chmodSync(folder, 0o755);
    expect(await check.probe()).toMatchObject({ state: 'up' });
  });
});

describe.skipIf(!canMount)('a check of a file system of its own', () => {
  test('is degraded as it fills up, down when it is full, and up when there is space again', async () => {
    const folder = mounted();
    using check = probing(filesystemCheck({ path: folder, minFreeRatio: 0.5 }));
    expect(await check.probe()).toMatchObject({ state: 'up', observedValue: MB });
    fill(folder, 0.75 * MB);
    expect(await check.probe()).toMatchObject({
      state: 'degraded',
      reason: 'low-space',
      observedValue: MB / 4,
    });
    fill(folder, MB);
    expect(await check.probe()).toMatchObject({ state: 'down', reason: 'ENOSPC' });
    expect(readdirSync(folder)).toEqual(['filler']);
    fill(folder, 0);
    expect(await check.probe()).toMatchObject({ state: 'up' });
  });

  test('sees that it has become read-only', async () => {
    const folder = mounted();
    using check = probing(filesystemCheck({ path: folder }));
    expect(await check.probe()).toMatchObject({ state: 'up' });
    execFileSync('mount', ['-o', 'remount,ro', folder]);
    expect(await check.probe()).toMatchObject({ state: 'down', reason: 'EROFS' });
    execFileSync('mount', ['-o', 'remount,rw', folder]);
    expect(await check.probe()).toMatchObject({ state: 'up' });
  });
});
