import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AuditWriteError } from '@holdfast/audit';
import { expect, onTestFinished, test } from 'vitest';
import { openTestEngine, tempDir, textsOf } from './rig.ts';

/** A file system of one megabyte, where that can be had. */
function smallDisk(): string | undefined {
  const dir = tempDir();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'holdfast-test', dir], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync('umount', ['--lazy', dir]));
  return dir;
}

test('a disk that is really full acknowledges nothing more, and goes on once there is space', async ({
  skip,
}) => {
  const disk = smallDisk();
  if (disk === undefined) return skip('mounting a small file system takes root');
  const ballast = path.join(disk, 'ballast');
  writeFileSync(ballast, Buffer.alloc(650_000));
  const engine = await openTestEngine({ dir: path.join(disk, 'log') });
  const acknowledged: string[] = [];
  let refused: unknown;
  for (let at = 0; refused === undefined; at++) {
    const text = `${at} `.padEnd(2000, '.');
    try {
      const { index } = await engine.append('a', Buffer.from(text));
      acknowledged[index] = text;
    } catch (error) {
      refused = error;
    }
  }
  expect(refused).toBeInstanceOf(AuditWriteError);
  expect(refused).toMatchObject({ cause: { code: 'ENOSPC' } });
  expect(acknowledged.length).toBeGreaterThan(50);

  const left = tempDir();
  cpSync(path.join(disk, 'log'), left, { recursive: true });
  const elsewhere = await openTestEngine({ dir: left });
  expect((await textsOf(elsewhere, 'a')).slice(0, acknowledged.length)).toEqual(acknowledged);

  rmSync(ballast);
  expect(await engine.append('a', Buffer.from('space again'))).toMatchObject({ index: acknowledged.length });
  await engine.flush();
  expect(await textsOf(engine, 'a')).toEqual([...acknowledged, 'space again']);
  expect(readFileSync(path.join(disk, 'log/logs/a/checkpoint'), 'utf8')).toContain(
    `\n${acknowledged.length + 1}\n`,
  );
});
