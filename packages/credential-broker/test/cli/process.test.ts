import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const BIN = path.join(import.meta.dirname, '../../src/bin.ts');

it.skipIf(!existsSync('/dev/full'))('says in one line that nothing could be written', () => {
  const full = openSync('/dev/full', 'w');
  onTestFinished(() => closeSync(full));
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--conditions=@holdfast/source', '--no-warnings', BIN, '--help'],
    { encoding: 'utf8', stdio: ['ignore', full, 'pipe'] },
  );
  expect(stderr).toMatch(/^the output could not be written: .*ENOSPC.*\n$/);
  expect(status).toBe(3);
});
