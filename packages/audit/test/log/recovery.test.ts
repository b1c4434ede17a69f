import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  AuditDamagedError,
  diskFiles,
  generateSigner,
  openEngine,
  type AuditEngine,
  type AuditFiles,
} from '@holdfast/audit';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseCheckpoint } from '../../src/note/checkpoint.ts';
import { parseNote } from '../../src/note/note.ts';
import { openSegment } from '../../src/wal/read-segment.ts';
import { checkPublished } from './check-published.ts';
import { crashed } from './crash.ts';
import {
  appendAll,
  filesIn,
  openTestEngine,
  ORIGIN,
  segments,
  SIGNER,
  tempDir,
  texts,
  textsOf,
} from './rig.ts';

const walName = (dir: string) => segments(dir)[0] ?? '';

/** Opens a log, and tells the damage instead where it does not open. */
const tryOpen = (dir: string): Promise<AuditEngine | AuditDamagedError> =>
  openEngine({ dir, origin: ORIGIN, signer: SIGNER, checkpointEveryMs: 3_600_000 }).catch(
    (error: unknown) => {
      if (error instanceof AuditDamagedError) return error;
      throw error;
    },
  );

describe('a log of two tenants, three entries of which are under a checkpoint and three are not', () => {
  const own = { a: texts(4, 'a'), b: texts(2, 'b') };
  let files: Map<string, Buffer>;
  let wal: Buffer;
  let name: string;

  /** The log as it was left, with another write-ahead log. */
  const restore = (bytes: Buffer) => {
    const dir = tempDir();
    for (const [file, content] of files) writeFile(dir, file, content);
    writeFile(dir, name, bytes);
    return dir;
  };

  /** Which entries the first `length` bytes of the write-ahead log hold as a whole. */
  const wholeIn = (length: number) => {
    const counts = { a: 0, b: 0 };
    let end = 0;
    openSegment(wal)?.forEach((entry) => {
      const next = entry.offset + 22 + entry.leaf.length;
      if (next > length) return;
      counts[entry.tenant as 'a' | 'b']++;
      end = next;
    });
    return { counts, end };
  };

  beforeAll(async () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'audit-'));
    const engine = await openEngine({ dir, origin: ORIGIN, signer: SIGNER, checkpointEveryMs: 3_600_000 });
    await appendAll(engine, 'a', own.a.slice(0, 2));
    await appendAll(engine, 'b', own.b.slice(0, 1));
    await engine.flush();
    await appendAll(engine, 'a', own.a.slice(2, 3));
    await Promise.all([appendAll(engine, 'b', own.b.slice(1)), appendAll(engine, 'a', own.a.slice(3))]);
    files = filesIn(dir);
    name = path.relative(dir, walName(dir));
    wal = files.get(name) ?? Buffer.alloc(0);
    await engine.close();
    rmSync(dir, { recursive: true });
  });

  test('is recovered whole', async () => {
    const engine = await openTestEngine({ dir: restore(wal) });
    expect(await textsOf(engine, 'a')).toEqual(own.a);
    expect(await textsOf(engine, 'b')).toEqual(own.b);
  });

  test('is recovered up to the last whole entry when it was cut above the checkpoint, and refused below', async () => {
    for (let length = 0; length < wal.length; length++) {
      const opened = await tryOpen(restore(wal.subarray(0, length)));
      const { counts, end } = wholeIn(length);
      const signed = counts.a >= 2 && counts.b >= 1;
      if (opened instanceof AuditDamagedError) {
        expect(signed).toBe(false);
        expect(opened.file).toBe(name);
        expect(opened.offset).toBeGreaterThanOrEqual(end);
        expect(opened.offset).toBeLessThanOrEqual(length);
        if (end > 0) expect(opened.index).toBe(counts[opened.tenant as 'a' | 'b']);
      } else {
        expect(signed).toBe(true);
        expect(await textsOf(opened, 'a')).toEqual(own.a.slice(0, counts.a));
        expect(await textsOf(opened, 'b')).toEqual(own.b.slice(0, counts.b));
        expect(await opened.append('a', Buffer.from('more'))).toMatchObject({ index: counts.a });
        await opened.close();
      }
    }
  });

  test('is never opened with an altered entry, whichever bit was changed', async () => {
    for (let at = 0; at < wal.length; at++) {
      const altered = Buffer.from(wal);
      altered[at] = (altered[at] ?? 0) ^ (1 << (at % 8));
      const opened = await tryOpen(restore(altered));
      const { counts } = wholeIn(at);
      if (opened instanceof AuditDamagedError) continue;
      // Only the last batch may be cut quietly: nobody can tell it from one that was torn.
      expect(counts.a).toBe(3);
      expect(await textsOf(opened, 'a')).toEqual(own.a.slice(0, opened.size('a')));
      expect(await textsOf(opened, 'b')).toEqual(own.b.slice(0, opened.size('b')));
      await opened.close();
    }
  });

  test.each(['zeros', 'bytes of an entry', 'noise'])('is recovered when %s follow', async (what) => {
    const more =
      { zeros: Buffer.alloc(9000), noise: Buffer.alloc(5000, 'noise') }[what] ?? wal.subarray(-30, -1);
    const engine = await openTestEngine({ dir: restore(Buffer.concat([wal, more])) });
    expect(await textsOf(engine, 'a')).toEqual(own.a);
    expect(await textsOf(engine, 'b')).toEqual(own.b);
  });

  test('is not opened without its write-ahead log', async () => {
    const dir = restore(wal);
    rmSync(path.join(dir, name));
    expect(await tryOpen(dir)).toMatchObject({ code: 'ERR_AUDIT_DAMAGED', index: 0 });
  });

  test('is not opened with another key, or under another origin', async () => {
    const dir = restore(wal);
    const open = (options: object) => openEngine({ dir, origin: ORIGIN, signer: SIGNER, ...options });
    await expect(open({ signer: generateSigner() })).rejects.toThrow(
      'the checkpoint is not signed by this log',
    );
    await expect(open({ origin: 'audit.example/other' })).rejects.toThrow(AuditDamagedError);
    await (await open({})).close();
  });

  test('is left as it was found when it is not opened', async () => {
    const dir = restore(wal.subarray(0, 60));
    const before = filesIn(dir);
    expect(await tryOpen(dir)).toBeInstanceOf(AuditDamagedError);
    expect(filesIn(dir)).toEqual(before);
  });

  test('opens without a checkpoint, or with one that a loss of power emptied', async () => {
    for (const bytes of [undefined, Buffer.alloc(0), Buffer.alloc(120)]) {
      const dir = restore(wal);
      if (bytes === undefined) rmSync(path.join(dir, 'logs/a/checkpoint'));
      else writeFileSync(path.join(dir, 'logs/a/checkpoint'), bytes);
      const engine = await openTestEngine({ dir });
      expect(await textsOf(engine, 'a')).toEqual(own.a);
      await engine.close();
    }
  });

  test('writes files anew that a loss of power emptied', async () => {
    const dir = restore(wal);
    for (const [file] of filesIn(path.join(dir, 'logs'))) {
      if (file.includes('tile/')) truncateSync(path.join(dir, 'logs', file));
    }
    const engine = await openTestEngine({ dir });
    await engine.flush();
    expect(await checkPublished(dir, 'a', own.a)).toBe(4);
    expect(await checkPublished(dir, 'b', own.b)).toBe(2);
  });
});

describe('a log whose oldest segments were retired', () => {
  const all = texts(700);

  async function retired() {
    const dir = tempDir();
    const engine = await openTestEngine({ dir, segmentBytes: 4096 });
    for (let at = 0; at < 600; at += 100) await appendAll(engine, 'a', all.slice(at, at + 100));
    await engine.flush();
    await appendAll(engine, 'a', all.slice(600));
    await engine.flush();
    await engine.close();
    return dir;
  }

  test('takes its trees up from bundles and tiles', async () => {
    const dir = await retired();
    expect(walName(dir)).not.toContain('000000000001');
    const engine = await openTestEngine({ dir });
    expect(await textsOf(engine, 'a')).toEqual(all);
    await appendAll(engine, 'a', ['more']);
    await engine.flush();
    expect(await checkPublished(dir, 'a', [...all, 'more'])).toBe(701);
  });

  test('needs neither the tiles at the edge nor the partial ones', async () => {
    const dir = await retired();
    for (const [file] of filesIn(dir)) if (/tile\/\d+\/.*\.p\//.test(file)) rmSync(path.join(dir, file));
    const engine = await openTestEngine({ dir });
    await appendAll(engine, 'a', ['more']);
    await engine.flush();
    expect(await checkPublished(dir, 'a', [...all, 'more'])).toBe(701);
  });

  test('is not opened when a segment in the middle is missing or was cut', async () => {
    const dir = tempDir();
    const engine = await openTestEngine({ dir, segmentBytes: 4096, checkpointEveryMs: 3_600_000 });
    await engine.flush();
    for (let at = 0; at < 600; at += 100) await appendAll(engine, 'a', all.slice(at, at + 100));
    const kept = crashed(dir);
    const names = segments(kept);
    expect(names.length).toBeGreaterThan(2);
    const middle = names[1] ?? '';
    const bytes = readFileSync(middle);
    truncateSync(middle, bytes.length - 1);
    expect(await tryOpen(kept)).toMatchObject({ tenant: 'a', file: `wal/${path.basename(middle)}` });
    rmSync(middle);
    expect(await tryOpen(kept)).toBeInstanceOf(AuditDamagedError);
  });

  test('is not opened when the tree before the write-ahead log was altered', async () => {
    const dir = await retired();
    const tile = path.join(dir, 'logs/a/tile/0/001');
    const bytes = readFileSync(tile);
    for (const place of [0, 4000, 8191]) {
      const altered = Buffer.from(bytes);
      altered[place] = (altered[place] ?? 0) ^ 1;
      writeFileSync(tile, altered);
      expect(await tryOpen(dir)).toMatchObject({ code: 'ERR_AUDIT_DAMAGED', tenant: 'a' });
    }
    // Pruning removes tiles; the hash of each stays in the one above.
    rmSync(tile);
    const engine = await openTestEngine({ dir });
    expect(engine.size('a')).toBe(700);
    await engine.close();
    rmSync(path.join(dir, 'logs/a/tile/1'), { recursive: true });
    expect(await tryOpen(dir)).toMatchObject({ code: 'ERR_AUDIT_DAMAGED', tenant: 'a', file: 'logs/a' });
  });
});

function writeFile(dir: string, file: string, bytes: Buffer): void {
  mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
  writeFileSync(path.join(dir, file), bytes);
}

test.each([
  ['zeroed', (file: string) => writeFileSync(file, Buffer.alloc(200))],
  ['removed', (file: string) => rmSync(file)],
])('no smaller checkpoint is signed in the place of one that a loss of power %s', async (_, lose) => {
  const dir = tempDir();
  const before = await openTestEngine({ dir });
  await appendAll(before, 'a', texts(700));
  await before.close();
  const checkpoint = path.join(dir, 'logs/a/checkpoint');
  lose(checkpoint);
  const sizes: number[] = [];
  const files: AuditFiles = {
    ...diskFiles,
    async replace(file, bytes, draft) {
      await diskFiles.replace(file, bytes, draft);
      if (file === checkpoint) sizes.push(parseCheckpoint(parseNote(String(bytes)).text).size);
    },
  };
  const after = await openTestEngine({ dir, files });
  await after.append('a', Buffer.from('more'));
  await after.flush();
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(700);
  expect(sizes.at(-1)).toBe(701);
});
