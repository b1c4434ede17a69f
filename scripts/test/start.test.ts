import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../packages.ts';

const start = (...args: string[]) =>
  spawnSync(process.execPath, [path.join(root, 'scripts', 'start.mjs'), ...args], { encoding: 'utf8' });

it('says what it can start', () => {
  const { status, stdout } = start('--help');
  expect(status).toBe(0);
  expect(stdout).toContain('Usage: npm start');
  expect(stdout).toMatch(/^ {2}quickstart +\S/m);
});

it('refuses an example that does not exist and lists those that do', () => {
  const { status, stderr } = start('quikstart', '--port', '1');
  expect(status).toBe(2);
  expect(stderr).toContain("There is no example 'quikstart'.");
  expect(stderr).toMatch(/^ {2}quickstart /m);
});
