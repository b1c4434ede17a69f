import { mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { openAudit } from '@holdfast/audit';
import { runSink, stdoutSink } from '@holdfast/audit/sinks';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ORIGIN, SIGNER, tempDir } from '../log/rig.ts';

const OTHERS = 0o077;
const modeOf = (file: string) => statSync(file).mode & 0o777;

/** What is in a folder and open to others, folders that are closed left out with what is in them. */
function openIn(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(dir, entry.name);
    if ((modeOf(file) & OTHERS) === 0) return [];
    return entry.isDirectory() ? [entry.name, ...openIn(file)] : [entry.name];
  });
}

/** Writes a log that has all that a log can have. */
async function writeLog(dir: string) {
  const log = await openAudit({ dir, origin: ORIGIN, signer: SIGNER, personal: { fields: ['actor.id'] } });
  const sink = await runSink(log.engine, stdoutSink(new PassThrough().resume()));
  const actor = { type: 'user', id: 'bob' };
  const details = { text: 'long'.repeat(20_000) };
  await log.append({ tenant: 'acme', action: 'user.created', actor, subject: 'bob', details });
  await log.flush();
  await sink.close();
  return log;
}

describe.skipIf(process.platform === 'win32')('the directory of a log', () => {
  it('is for its owner alone when the log makes it', async () => {
    const dir = path.join(tempDir(), 'new');
    await using _log = await writeLog(dir);
    expect(modeOf(dir)).toBe(0o700);
  });

  it('keeps the mode that somebody gave it, and is closed within all the same', async () => {
    const dir = path.join(tempDir(), 'given');
    mkdirSync(dir, { mode: 0o755 });
    await using _log = await writeLog(dir);
    expect(readdirSync(dir)).toEqual(
      expect.arrayContaining(['LOCK', 'bodies', 'index.sqlite', 'logs', 'personal.sqlite', 'sinks', 'wal']),
    );
    expect(readdirSync(dir)).toEqual(expect.arrayContaining(['index.sqlite-wal', 'personal.sqlite-wal']));
    expect(openIn(dir)).toEqual([]);
  });

  it('needs only its folder logs opened to be served by somebody else', async () => {
    const dir = tempDir();
    await using _log = await writeLog(dir);
    const umask = 0o666 & ~process.umask();
    const acme = path.join(dir, 'logs/acme');
    expect(modeOf(path.join(acme, 'checkpoint'))).toBe(umask);
    expect(modeOf(path.join(acme, 'tile/entries/000.p/1'))).toBe(umask);
    expect(modeOf(acme)).toBe(0o777 & ~process.umask());
  });
});
