import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { start, urlOf } from './support/process.ts';

const bin = path.join(import.meta.dirname, '../../../packages/audit/src/bin.ts');

let dir: string;
beforeEach(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-quickstart-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  dir = path.join(folder, 'audit');
});

/** Runs `holdfast-audit`. */
function audit(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const run = spawnSync(process.execPath, ['--conditions=@holdfast/source', bin, ...args], {
    encoding: 'utf8',
  });
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

/** Runs the quickstart until its circuit has opened, and ends it. */
async function runUntilOpen(): Promise<void> {
  const quickstart = start('--port', '0', '--speed', '20', '--drain', '0', '--audit', dir);
  await vi.waitFor(() => expect(quickstart.output()).toContain('circuit opened'), { timeout: 60_000 });
  quickstart.child.kill('SIGINT');
  expect(await quickstart.ended).toBe(0);
}

it('writes down what its circuit does, and holdfast-audit verifies it', async () => {
  await runUntilOpen();
  const verified = audit('verify', dir, '--key', `${dir}.key.pub`);
  expect(verified, verified.stderr).toMatchObject({ status: 0 });
  const { stdout } = audit('export', dir, '--key', `${dir}.key.pub`, '--tenant', 'default');
  expect(stdout).toContain('"action":"circuit.opened"');
  expect(stdout).toContain('"type":"circuit-breaker"');
  expect((await stat(`${dir}.key`)).mode & 0o777).toBe(0o600);
});

it('goes on with the same log and key when it is started again', async () => {
  await runUntilOpen();
  const key = await readFile(`${dir}.key`, 'utf8');
  await runUntilOpen();
  expect(await readFile(`${dir}.key`, 'utf8')).toBe(key);
  expect(audit('verify', dir, '--key', `${dir}.key.pub`)).toMatchObject({ status: 0 });
});

it('lets holdfast-audit find what was changed', async () => {
  await runUntilOpen();
  const bundle = path.join(dir, 'logs/default/tile/entries/000.p');
  const [partial = ''] = await readdir(bundle);
  const file = path.join(bundle, partial);
  const bytes = await readFile(file);
  bytes[bytes.length - 5] = (bytes.at(-5) ?? 0) ^ 1;
  await writeFile(file, bytes);
  const verified = audit('verify', dir, '--key', `${dir}.key.pub`);
  expect(verified.status).not.toBe(0);
});

it('says which folder is in use, and ends', async () => {
  const first = start('--port', '0', '--no-load', '--drain', '0', '--audit', dir);
  await urlOf(first);
  const second = start('--port', '0', '--no-load', '--audit', dir);
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(dir);
});
