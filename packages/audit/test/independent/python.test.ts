import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  cosigner,
  formatProof,
  generateSigner,
  inclusionProof,
  tileReader,
  witnessVkeyOf,
} from '@holdfast/audit';
import { buildLog, numbered, writeLog, type LogFixture } from '../log-fixture.ts';

const runs = (program: string, ...args: string[]) =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;
const present = runs('python3', '--version') && runs('openssl', 'version');
if (!present) console.warn('skipped: python3 or openssl is not installed');

const folder = mkdtempSync(path.join(tmpdir(), 'audit-python-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SCRIPT = path.join(import.meta.dirname, 'verify_tlog.py');

function python(...args: string[]): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync('python3', ['-B', SCRIPT, ...args], { encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}`.trim() };
}

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

function directoryOf(log: LogFixture): string {
  const dir = mkdtempSync(path.join(folder, 'log-'));
  writeLog(dir, log);
  return dir;
}

describe.skipIf(!present)('a verifier written from the specifications alone, in Python', () => {
  it.each([0, 1, 255, 256, 257, 700, 66_000])('accepts a log of %i entries', async (size) => {
    const log = await buildLog({ entries: numbered(size) });
    expect(python('log', directoryOf(log), log.vkey)).toEqual({
      status: 0,
      said: `ok: ${size} entries, ${size} read`,
    });
  });

  it.each([0, 1, 255, 256, 300, 699, 700])('accepts a kept checkpoint of %i entries', async (size) => {
    const log = await buildLog({ entries: numbered(700) });
    const kept = write('kept', await log.checkpointAt(size));
    expect(python('log', directoryOf(log), log.vkey, '--kept', kept).status).toBe(0);
  });

  it('accepts the cosignature of a witness, and misses it where it is not', async () => {
    const log = await buildLog();
    const witness = generateSigner();
    const vkey = witnessVkeyOf('witness.example/w1', witness);
    const cosigned = await log.checkpointAt(600, [cosigner('witness.example/w1', witness)]);
    const dir = directoryOf(log);
    expect(python('log', dir, log.vkey, '--witness', vkey).said).toBe(
      'broken: not signed by witness.example/w1',
    );
    writeFileSync(path.join(dir, 'checkpoint'), cosigned);
    expect(python('log', dir, log.vkey, '--witness', vkey).status).toBe(0);
  });

  it('accepts a proof, and no other entry for it', async () => {
    const log = await buildLog({ entries: numbered(700) });
    for (const index of [0, 255, 256, 511, 512, 699]) {
      const hashes = await inclusionProof(tileReader(log.source, 700), index, 700);
      const checkpoint = await log.checkpointAt(700);
      const proof = write('proof', formatProof({ index, hashes, checkpoint, extra: Buffer.from('more') }));
      const entry = write('entry', log.entries[index] ?? '');
      expect(python('proof', proof, entry, log.vkey).said).toBe(`ok: entry ${index} of 700`);
      expect(python('proof', proof, write('other', 'other'), log.vkey).status).toBe(1);
    }
  });

  it('finds what was changed', async () => {
    const log = await buildLog({ entries: numbered(700) });
    const dir = directoryOf(log);
    const bundle = path.join(dir, 'tile/entries/001');
    const bytes = readFileSync(bundle);
    writeFileSync(bundle, bytes.with(1_000, (bytes[1_000] ?? 0) ^ 1));
    expect(python('log', dir, log.vkey).said).toMatch(/^broken: entry 2\d\d is not the one in the tree$/);
  });

  it('finds a log of another key, a fork and a rollback', async () => {
    const log = await buildLog({ entries: numbered(700) });
    const dir = directoryOf(log);
    expect(python('log', dir, (await buildLog()).vkey).said).toContain('broken: ');
    const fork = await buildLog({ ...log, entries: numbered(700, 'other') });
    const kept = write('kept', await fork.checkpointAt(500));
    expect(python('log', dir, log.vkey, '--kept', kept).said).toContain('another history');
    const cut = directoryOf(await buildLog({ ...log, entries: log.entries.slice(0, 400) }));
    const longer = write('longer', await log.checkpointAt(500));
    expect(python('log', cut, log.vkey, '--kept', longer).said).toContain('rolled back from 500 to 400');
  });
});
