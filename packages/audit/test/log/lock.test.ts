import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { AuditLockedError, openEngine } from '@holdfast/audit';
import { expect, test } from 'vitest';
import { openTestEngine, ORIGIN, SIGNER, tempDir } from './rig.ts';

const open = (dir: string) => openEngine({ dir, origin: ORIGIN, signer: SIGNER });

test('a second log in the same process is refused, until the first is closed', async () => {
  const dir = tempDir();
  const first = await openTestEngine({ dir });
  await expect(open(dir)).rejects.toThrow(AuditLockedError);
  await expect(open(dir)).rejects.toMatchObject({
    code: 'ERR_AUDIT_LOCKED',
    dir,
    message: `the audit log in ${dir} is open elsewhere; a log has one writer`,
  });
  expect(await first.append('a', Buffer.from('still open'))).toMatchObject({ index: 0 });
  await first.close();
  const second = await openTestEngine({ dir });
  expect(second.size('a')).toBe(1);
});

test('a log in another process is refused, and free the moment that process is killed', async () => {
  const dir = tempDir();
  const child = spawnHolder(dir);
  await once(child.stdout, 'data');
  await expect(open(dir)).rejects.toThrow(AuditLockedError);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const engine = await openTestEngine({ dir });
  expect(engine.size('a')).toBe(1);
});

test('of many that open at once one gets the log', async () => {
  const dir = tempDir();
  const answers = await Promise.allSettled(Array.from({ length: 10 }, () => open(dir)));
  const opened = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  expect(opened).toHaveLength(1);
  await opened[0]?.close();
});

test('a log that fails to open lets go of its directory', async () => {
  const dir = tempDir();
  const engine = await openTestEngine({ dir });
  await engine.append('a', Buffer.from('one'));
  await engine.close();
  const wrong = { dir, origin: 'audit.example/other', signer: SIGNER };
  await expect(openEngine(wrong)).rejects.toThrow('not signed by this log');
  await (await openTestEngine({ dir })).close();
});

function spawnHolder(dir: string) {
  const script = fileURLToPath(new URL('holder.ts', import.meta.url));
  return spawn(process.execPath, ['--conditions=@holdfast/source', '--no-warnings', script, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
