import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryBundlePath, tilePath, trustLog, verifyLog } from '@holdfast/audit';
import { buildLog, copyOf, numbered, writeLog, type LogFixture } from '../log-fixture.ts';

const script = path.join(import.meta.dirname, 'verify_tlog.py');
const present = ['python3', 'openssl'].every(
  (program) => spawnSync(program, ['version']).error === undefined,
);
if (!present) console.warn('skipped: python3 or openssl is not installed');

/** What the verifier in Python says about a log. */
function python(log: LogFixture, ...args: string[]): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'audit-agree-'));
  try {
    writeLog(dir, log);
    return spawnSync('python3', ['-B', script, 'log', dir, log.vkey, ...args], {
      encoding: 'utf8',
    }).stdout.trim();
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const ours = (log: LogFixture) => verifyLog({ source: log.source, policy: trustLog(log.vkey) });

describe.skipIf(!present)('two verifiers that share no code', () => {
  it('agree about logs that were changed somewhere, and about those that were not', async () => {
    const whole = await buildLog({ entries: numbered(600) });
    const files = [...whole.files.keys()];
    const edit = fc.record({
      file: fc.constantFrom(...files),
      where: fc.nat(),
      bit: fc.integer({ min: 0, max: 7 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 2 }), async (edits) => {
        const log = copyOf(whole);
        for (const { file, where, bit } of edits) {
          const bytes = Buffer.from(log.files.get(file) ?? '');
          const at = where % bytes.length;
          bytes.writeUInt8((bytes[at] ?? 0) ^ (1 << bit), at);
          log.files.set(file, bytes);
        }
        const verdict = python(log);
        expect((await ours(log)).ok, verdict).toBe(verdict.startsWith('ok: '));
      }),
      { numRuns: 15 },
    );
  });

  it('agree about a log whose first bundles and tiles were pruned', async () => {
    const declaration = Buffer.from(
      JSON.stringify({ action: 'audit.pruned', details: { minimumIndex: 65_536 } }),
    );
    const log = await buildLog({ entries: [...numbered(66_000), declaration] });
    for (let bundle = 0; bundle < 256; bundle++) {
      log.files.delete(entryBundlePath(bundle));
      log.files.delete(tilePath(0, bundle));
    }
    expect(python(log, '--minimum-index', '65536')).toBe('ok: 66001 entries, 465 read');
    expect(await ours(log)).toMatchObject({ ok: true, size: 66_001, entriesRead: 465, minimumIndex: 65_536 });
    log.files.delete(entryBundlePath(256));
    expect(python(log, '--minimum-index', '65536')).toContain('broken: ');
    expect((await ours(log)).ok).toBe(false);
  });
});
