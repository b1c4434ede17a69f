import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { freePort } from '../../../scripts/services/free-port.ts';
import { startPostgres } from '../../../scripts/services/postgres.ts';

const root = path.join(import.meta.dirname, '../../..');
const eventually = (assertion: () => unknown) => vi.waitFor(assertion, { timeout: 60_000, interval: 20 });

/** The first sample of the README, word by word, in a folder of its own. */
async function sample(): Promise<string> {
  const readme = await readFile(path.join(import.meta.dirname, '../README.md'), 'utf8');
  const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1];
  if (code === undefined) throw new Error('the README has no sample');
  const folder = await mkdtemp(path.join(tmpdir(), 'health-readme-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  const file = path.join(folder, 'app.mts');
  await writeFile(file, code);
  return file;
}

test('the sample of the README serves probes and stops in good order', async () => {
  await using postgres = await startPostgres();
  const port = await freePort();
  const child = spawn(process.execPath, ['--conditions=@holdfast/source', await sample()], {
    env: { ...process.env, PORT: String(port), DATABASE_URL: postgres.url },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  const ask = async (at: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${at}`);
    return [response.status, await response.text()];
  };
  await eventually(async () => expect(await ask('/readyz')).toEqual([200, '{"status":"pass"}']));
  expect(await ask('/livez?verbose')).toEqual([200, '{"status":"pass"}']);
  expect(await ask('/health')).toEqual([200, '{"status":"pass"}']);
  expect(await ask('/')).toEqual([200, 'hello']);
  child.kill('SIGINT');
  expect(await exited).toEqual([0, null]);
});
