import { chmodSync, cpSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AuditWriteError, openEngine, type AuditEngine, type EngineEvent } from '@holdfast/audit';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, test } from 'vitest';
import { checkPublished } from './check-published.ts';
import { crashed } from './crash.ts';
import { faultyFiles, systemError, type Call, type FaultyFiles } from './faulty-files.ts';
import { appendAll, openTestEngine, ORIGIN, segments, SIGNER, tempDir, texts, textsOf } from './rig.ts';

const failure = (error: unknown) => (error instanceof AuditWriteError ? error.cause : error);

function recorded(engine: AuditEngine): EngineEvent[] {
  const events: EngineEvent[] = [];
  engine.subscribe((event) => events.push(event));
  return events;
}

/** Fails one kind of call on the write-ahead log from now on. */
function breakWal(faulty: FaultyFiles, call: Call, code: string): void {
  faulty.inject = (made) => {
    if (made.call === call && /[/\\]wal\b/.test(made.path)) throw systemError(code);
  };
}

describe.each([
  { call: 'write', code: 'ENOSPC' },
  { call: 'write', code: 'EIO' },
  { call: 'sync', code: 'EIO' },
  { call: 'sync', code: 'ENOSPC' },
] as const)('when $call fails with $code', ({ call, code }) => {
  test('nothing is acknowledged, and everything that was is kept', async () => {
    const dir = tempDir();
    const faulty = faultyFiles();
    const engine = await openTestEngine({ dir, files: faulty.files });
    const events = recorded(engine);
    await appendAll(engine, 'a', ['kept']);
    breakWal(faulty, call, code);
    const refused = await Promise.allSettled(['x', 'y'].map((text) => engine.append('a', Buffer.from(text))));
    for (const answer of refused)
      expect(answer).toMatchObject({ status: 'rejected', reason: { cause: { code } } });
    expect(engine.stats()).toMatchObject({ state: 'failed', failed: 2, appended: 1, failure: { code } });
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'audit.write_failed', entries: 2, broken: false }),
    );
    expect(engine.size('a')).toBe(1);
    const after = await openTestEngine({ dir: crashed(dir) });
    expect((await textsOf(after, 'a'))[0]).toBe('kept');
  });

  test('the next append goes to another file, and its index is free', async () => {
    const dir = tempDir();
    const faulty = faultyFiles();
    const engine = await openTestEngine({ dir, files: faulty.files });
    const events = recorded(engine);
    await appendAll(engine, 'a', ['kept']);
    breakWal(faulty, call, code);
    await engine.append('a', Buffer.from('lost')).catch(() => undefined);
    faulty.inject = undefined;
    expect(await engine.append('a', Buffer.from('second'))).toMatchObject({ index: 1 });
    expect(events).toContainEqual({ type: 'audit.write_recovered' });
    expect(engine.stats().state).toBe('open');
    const after = await openTestEngine({ dir: crashed(dir) });
    expect(await textsOf(after, 'a')).toEqual(['kept', 'second']);
    await engine.flush();
    expect(await checkPublished(dir, 'a', ['kept', 'second'])).toBe(2);
  });

  test('no file is written or synced again after it failed', async () => {
    const faulty = faultyFiles();
    const engine = await openTestEngine({ files: faulty.files });
    await appendAll(engine, 'a', ['kept']);
    for (let round = 0; round < 5; round++) {
      breakWal(faulty, call, code);
      await engine.append('a', Buffer.from('lost')).catch(() => undefined);
      faulty.inject = undefined;
      await engine.append('a', Buffer.from('kept'));
    }
    const failed = new Set<number>();
    breakWal(faulty, call, code);
    faulty.calls.length = 0;
    await engine.append('a', Buffer.from('lost')).catch(() => undefined);
    for (const { call: made, file } of faulty.calls)
      if (made === call && file !== undefined) failed.add(file);
    faulty.inject = undefined;
    faulty.calls.length = 0;
    await engine.append('a', Buffer.from('kept'));
    await engine.close();
    const touched = faulty.calls.filter(({ file, call: made }) => file !== undefined && made !== 'truncate');
    for (const { file } of touched) expect(failed.has(file ?? 0)).toBe(false);
    expect(failed.size).toBe(1);
  });
});

describe('when no further file can be opened', () => {
  test.each(['EMFILE', 'EROFS', 'ENOSPC'])(
    '%s rejects the append, and the next one tries again',
    async (code) => {
      const dir = tempDir();
      const faulty = faultyFiles();
      const engine = await openTestEngine({ dir, files: faulty.files, segmentBytes: 4096 });
      await appendAll(engine, 'a', texts(200));
      breakWal(faulty, 'create', code);
      expect(await engine.append('a', Buffer.from('lost')).catch(failure)).toMatchObject({ code });
      expect(await engine.append('a', Buffer.from('lost')).catch(failure)).toMatchObject({ code });
      faulty.inject = undefined;
      expect(await engine.append('a', Buffer.from('more'))).toMatchObject({ index: 200 });
      await engine.close();
      const after = await openTestEngine({ dir });
      expect(await textsOf(after, 'a')).toEqual([...texts(200), 'more']);
    },
  );

  test.each(['rename', 'syncPath', 'sync', 'write'] as const)(
    'a segment whose %s fails is none',
    async (call) => {
      const dir = tempDir();
      const faulty = faultyFiles();
      const engine = await openTestEngine({ dir, files: faulty.files, segmentBytes: 4096 });
      await appendAll(engine, 'a', texts(200));
      breakWal(faulty, call, 'EIO');
      expect(await engine.append('a', Buffer.from('lost')).catch(failure)).toMatchObject({ code: 'EIO' });
      faulty.inject = undefined;
      expect(await engine.append('a', Buffer.from('more'))).toMatchObject({ index: 200 });
      const after = await openTestEngine({ dir: crashed(dir) });
      expect(await textsOf(after, 'a')).toEqual([...texts(200), 'more']);
    },
  );
});

describe('when the file of the log is tampered with under a running log', () => {
  const tampering: Record<string, (file: string) => void> = {
    removed: (file) => rmSync(file),
    renamed: (file) => renameSync(file, `${file}.old`),
    replaced: (file) => {
      cpSync(file, `${file}.copy`);
      renameSync(`${file}.copy`, file);
    },
    cut: (file) => truncateSync(file, 20),
    'put away with its folder': (file) => renameSync(path.dirname(file), `${path.dirname(file)}.old`),
  };

  test.each(Object.keys(tampering))('a file that was %s fails the next append, for good', async (what) => {
    const dir = tempDir();
    const engine = await openTestEngine({ dir });
    const events = recorded(engine);
    await appendAll(engine, 'a', texts(3));
    tampering[what]?.(segments(dir)[0] ?? '');
    const lost = { name: 'FileLostError', code: 'ERR_AUDIT_FILE_LOST' };
    expect(await engine.append('a', Buffer.from('lost')).catch(failure)).toMatchObject(lost);
    expect(await engine.append('a', Buffer.from('lost')).catch(failure)).toMatchObject(lost);
    expect(events).toContainEqual(expect.objectContaining({ type: 'audit.write_failed', broken: true }));
    expect(engine.stats().state).toBe('broken');
    // What was acknowledged before is still in memory, and is brought to safety.
    await engine.close();
    expect(await checkPublished(dir, 'a', texts(3))).toBe(3);
  });

  test.each(['removed', 'replaced'])('a lock that was %s fails the next append, for good', async (what) => {
    const dir = tempDir();
    const engine = await openTestEngine({ dir, clock: manualClock() });
    await appendAll(engine, 'a', texts(3));
    tampering[what]?.(path.join(dir, 'LOCK'));
    const lost = { message: 'LOCK was removed or replaced under the log', code: 'ERR_AUDIT_FILE_LOST' };
    expect(await engine.append('a', Buffer.from('lost')).catch(failure)).toMatchObject(lost);
    expect(engine.stats()).toMatchObject({ state: 'broken', appended: 3 });
  });

  test.each([
    ['in the middle of a segment', 1],
    ['where the next segment begins', 200],
  ])(
    'when the lock is removed %s and another log opens, no acknowledged entry of either is lost',
    async (_, count) => {
      const dir = tempDir();
      const first = await openTestEngine({ dir, segmentBytes: 4096, clock: manualClock() });
      await appendAll(first, 'a', texts(count));
      rmSync(path.join(dir, 'LOCK'));
      const second = await openTestEngine({ dir, segmentBytes: 4096, clock: manualClock() });
      await appendAll(second, 'a', ['second']);
      await expect(first.append('a', Buffer.from('lost'))).rejects.toThrow(AuditWriteError);
      await appendAll(second, 'a', ['third']);
      const after = await openTestEngine({ dir: crashed(dir) });
      expect(await textsOf(after, 'a')).toEqual([...texts(count), 'second', 'third']);
    },
  );

  test('what stood in the file when the lock was lost is left to whoever has it now', async () => {
    const dir = tempDir();
    const faulty = faultyFiles();
    const first = await openTestEngine({ dir, files: faulty.files, clock: manualClock() });
    await appendAll(first, 'a', texts(1));
    let second: AuditEngine | undefined;
    faulty.inject = async ({ call, path: file }) => {
      if (call !== 'identity' || !file.endsWith('LOCK') || second !== undefined) return;
      rmSync(path.join(dir, 'LOCK'));
      second = await openTestEngine({ dir, clock: manualClock() });
    };
    const told = await first.append('a', Buffer.from('written')).catch(failure);
    expect(told).toMatchObject({ code: 'ERR_AUDIT_FILE_LOST' });
    expect(await second?.append('a', Buffer.from('second'))).toMatchObject({ index: 2 });
    const after = await openTestEngine({ dir: crashed(dir) });
    expect(await textsOf(after, 'a')).toEqual([...texts(1), 'written', 'second']);
  });

  test.each(['removed', 'replaced'])(
    'a lock that was %s stops the log at its next checkpoint',
    async (what) => {
      const dir = tempDir();
      const clock = manualClock();
      const engine = await openTestEngine({ dir, clock });
      await appendAll(engine, 'a', texts(3));
      tampering[what]?.(path.join(dir, 'LOCK'));
      await expect(engine.flush()).rejects.toThrow('LOCK was removed or replaced');
      await expect(engine.append('a', Buffer.from('lost'))).rejects.toThrow(AuditWriteError);
      await expect(engine.close()).rejects.toThrow('LOCK was removed or replaced');
    },
  );
});

describe('when tiles or checkpoints cannot be written', () => {
  test.each(['tile', 'checkpoint'])(
    'a failing %s is told, appends go on, and the next round makes up for it',
    async (what) => {
      const dir = tempDir();
      const clock = manualClock();
      const faulty = faultyFiles();
      const engine = await openTestEngine({ dir, clock, files: faulty.files });
      const events = recorded(engine);
      faulty.inject = ({ call, path: file }) => {
        if (call === 'replace' && file.includes(what)) throw systemError('ENOSPC');
      };
      await appendAll(engine, 'a', texts(300));
      await expect(engine.flush()).rejects.toMatchObject({ code: 'ENOSPC' });
      expect(events).toContainEqual(expect.objectContaining({ type: 'audit.publish_failed', tenant: 'a' }));
      expect(engine.checkpoint('a')?.size ?? 0).toBe(0);
      expect(await checkPublished(dir, 'a', texts(300))).toBe(0);
      expect(await engine.append('a', Buffer.from('more'))).toMatchObject({ index: 300 });
      faulty.inject = undefined;
      await engine.flush();
      expect(await checkPublished(dir, 'a', [...texts(300), 'more'])).toBe(301);
      expect(engine.stats().unpublished).toBe(0);
    },
  );

  test('a checkpoint is never in place before what it covers', async () => {
    const dir = tempDir();
    const faulty = faultyFiles();
    const engine = await openTestEngine({ dir, files: faulty.files });
    faulty.inject = async ({ call }) => {
      if (call === 'replace') await checkPublished(dir, 'a', texts(600));
    };
    for (let at = 0; at < 600; at += 60) {
      await appendAll(engine, 'a', texts(600).slice(at, at + 60));
      await engine.flush();
    }
    expect(await checkPublished(dir, 'a', texts(600))).toBe(600);
  });

  test('a tile that cannot be synced keeps its segment, and breaks the log', async () => {
    const dir = tempDir();
    const faulty = faultyFiles();
    const engine = await openTestEngine({ dir, files: faulty.files, segmentBytes: 4096 });
    faulty.inject = ({ call, path: file }) => {
      if (call === 'syncPath' && file.includes('tile')) throw systemError('EIO');
    };
    for (let at = 0; at < 500; at += 50) {
      await appendAll(engine, 'a', texts(500).slice(at, at + 50)).catch(() => undefined);
    }
    await engine.close().catch(() => undefined);
    const synced = faulty.calls.filter(
      ({ call, path: file }) => call === 'syncPath' && file.includes('tile'),
    );
    expect(new Set(synced.map((made) => made.path)).size).toBe(synced.length);
    expect(path.basename(segments(dir)[0] ?? '')).toBe('000000000001.wal');
    const after = await openTestEngine({ dir });
    const kept = await textsOf(after, 'a');
    expect(kept).toEqual(texts(500).slice(0, kept.length));
    expect(kept.length).toBeGreaterThan(0);
  });
});

describe('a directory that cannot be written to', () => {
  test('is refused when the log is opened', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may write everywhere');
    const dir = tempDir();
    chmodSync(dir, 0o500);
    await expect(openEngine({ dir, origin: ORIGIN, signer: SIGNER })).rejects.toThrow();
  });

  test('is refused when a file has its name', async () => {
    const dir = path.join(tempDir(), 'file');
    writeFileSync(dir, '');
    await expect(openEngine({ dir, origin: ORIGIN, signer: SIGNER })).rejects.toMatchObject({
      code: 'EEXIST',
    });
  });

  test('is refused when its LOCK is no file', async () => {
    const dir = tempDir();
    mkdirSync(path.join(dir, 'LOCK'));
    await expect(openEngine({ dir, origin: ORIGIN, signer: SIGNER })).rejects.toThrow(
      'unable to open database file',
    );
  });
});

test('a disk that takes no tiles fills no memory: beyond a bound entries wait until it does', async () => {
  const faulty = faultyFiles();
  const clock = manualClock();
  const engine = await openTestEngine({ files: faulty.files, clock, ackTimeoutMs: 700 });
  faulty.inject = ({ call }) => {
    if (call === 'replace') throw systemError('EIO');
  };
  const large = new Array<string>(256).fill('x'.repeat(65_535));
  // 16 MB a round: after eight of them the bound is reached.
  for (let round = 0; round < 8; round++) await appendAll(engine, 'a', large);
  await new Promise(setImmediate);
  const told = engine.append('a', Buffer.from('told')).catch((error: unknown) => error);
  await new Promise(setImmediate);
  expect(engine.stats()).toMatchObject({ pending: 1 });
  // The clock stands still until the round has failed and planned the next one, a second on: a round that takes long
  // is followed by a longer pause.
  await clock.advance(0);
  await expect.poll(() => clock.pendingTimers, { timeout: 60_000 }).toBe(2);
  await clock.advance(700);
  expect(await told).toMatchObject({ code: 'ERR_AUDIT_TIMEOUT' });
  const patient = engine.append('a', Buffer.from('patient'));
  faulty.inject = undefined;
  await clock.advance(300);
  expect(await patient).toMatchObject({ index: 8 * 256 });
});
