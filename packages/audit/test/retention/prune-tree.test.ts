import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  checkProof,
  consistencyProof,
  diskFiles,
  directorySource,
  entryBundlePath,
  formatProof,
  generateSigner,
  inclusionProof,
  openEngine,
  tilePath,
  tileReader,
  trustLog,
  verifyConsistency,
  verifyLog,
  vkeyOf,
  type VerifyReport,
} from '@holdfast/audit';
import type { AuditEvent } from '../../src/events/audit-event.ts';
import { pruneTree, type PruneRequest } from '../../src/retention/prune-tree.ts';
import { settledSize } from '../../src/retention/settled-size.ts';
import { buildLog, numbered } from '../log-fixture.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 1);
const ORIGIN = 'audit.example/prod';

const leafAt = (i: number, atMs: number) =>
  Buffer.from(JSON.stringify({ action: 'test.done', id: String(i), time: new Date(atMs).toISOString() }));

/** A log of one entry a minute. */
async function rig(entries: number, timeOf = (i: number) => START_MS + i * 60_000) {
  const dir = mkdtempSync(path.join(tmpdir(), 'audit-prune-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const signer = generateSigner();
  const options = {
    dir,
    origin: ORIGIN,
    signer,
    ackTimeoutMs: Infinity,
    maxPending: 1_000_000,
    segmentBytes: 4_096,
  };
  let engine = await openEngine(options);
  onTestFinished(() => engine.close());
  const leaves = Array.from({ length: entries }, (_, i) => leafAt(i, timeOf(i)));
  await Promise.all(leaves.slice(0, -1).map((leaf) => engine.append('acme', Buffer.from(leaf))));
  // Begins another segment of the write-ahead log, and lets go of the first one once its entries are in tiles.
  await engine.append('acme', Buffer.from(leaves.at(-1) ?? ''));
  await engine.flush();
  await expect
    .poll(() => settledSize(dir, 'acme', diskFiles))
    .toBeGreaterThanOrEqual(entries - 1 - ((entries - 1) % 256));
  const nowMs = timeOf(entries - 1);
  const recorded: AuditEvent[] = [];
  const record = async (event: AuditEvent) => {
    recorded.push(event);
    const time = new Date(nowMs).toISOString();
    await engine.append('acme', Buffer.from(JSON.stringify({ ...event, time })));
  };
  const vkey = vkeyOf(engine.originOf('acme'), signer);
  const folder = engine.folderOf('acme');
  return {
    folder,
    vkey,
    leaves,
    recorded,
    record,
    nowMs,
    get engine() {
      return engine;
    },
    checkpoint: () => engine.checkpoint('acme'),
    prune: (policy: PruneRequest['policy'], before?: number) =>
      pruneTree(
        { engine, record, files: diskFiles, clock: { wallNow: () => nowMs } },
        { tenant: 'acme', policy, before },
      ),
    verify: (kept: readonly string[] = []): Promise<VerifyReport> =>
      verifyLog({ source: directorySource(folder), policy: trustLog(vkey), kept }),
    async reopen() {
      await engine.close();
      engine = await openEngine(options);
    },
  };
}

type Rig = Awaited<ReturnType<typeof rig>>;

async function proves({ folder, vkey, leaves, checkpoint }: Rig, index: number): Promise<boolean> {
  const { size = 0, note = '' } = checkpoint() ?? {};
  const hashes = await inclusionProof(tileReader(directorySource(folder), size), index, size);
  return (
    checkProof(formatProof({ index, hashes, checkpoint: note }), leaves[index] ?? Buffer.of(), trustLog(vkey))
      .size === size
  );
}

const has = async ({ folder }: Rig, file: string) => (await directorySource(folder).read(file)) !== undefined;

describe('pruning', () => {
  it('says so in the log, and then removes the bundles below the minimum index', async () => {
    const log = await rig(2_000);
    const pruned = await log.prune({ name: 'a day', keepMs: DAY_MS });
    // Entries 0 to 558 are older than a day; bundles go whole.
    expect(pruned).toEqual({ tenant: 'acme', minimumIndex: 512, bundles: 2, tiles: 0 });
    expect(log.recorded).toMatchObject([
      {
        action: 'audit.pruned',
        resource: { type: 'audit-log', id: 'audit.example/prod/acme' },
        details: { minimumIndex: 512, policy: 'a day', keepMs: DAY_MS, hashes: 'keep' },
      },
    ]);
    expect(await has(log, 'tile/entries/001')).toBe(false);
    expect(await has(log, 'tile/entries/002')).toBe(true);
    expect(await log.verify()).toMatchObject({ ok: true, minimumIndex: 512, size: 2_001 });
  });

  it('keeps every proof, also of entries that are gone but kept elsewhere', async () => {
    const log = await rig(2_000);
    const before = log.checkpoint();
    await log.prune({ name: 'a day', keepMs: DAY_MS });
    for (const index of [0, 5, 511, 512, 1_999]) expect(await proves(log, index)).toBe(true);
    expect(await log.verify([before?.note ?? ''])).toMatchObject({ ok: true });
  });

  it('takes the leaf hashes as well where the policy says so, with the whole tile above them', async () => {
    const log = await rig(66_200);
    const old = log.checkpoint();
    const pruned = await log.prune({ name: 'a minute', keepMs: 60_000, hashes: 'drop' });
    expect(pruned).toEqual({ tenant: 'acme', minimumIndex: 66_048, bundles: 258, tiles: 256 });
    expect(await has(log, 'tile/0/255')).toBe(false);
    expect(await has(log, 'tile/0/256')).toBe(true);
    expect(await log.verify([old?.note ?? ''])).toMatchObject({
      ok: true,
      findings: [],
      minimumIndex: 66_048,
    });
    // The history from the minimum index on, and every entry that is left.
    const { size = 0, root: secondRoot = Buffer.of() } = log.checkpoint() ?? {};
    const reader = tileReader(directorySource(log.folder), size);
    const claim = { first: old?.size ?? 0, second: size, firstRoot: old?.root ?? Buffer.of(), secondRoot };
    const proof = await consistencyProof(reader, claim.first, claim.second);
    expect(verifyConsistency({ ...claim, proof })).toBe(true);
    expect(await proves(log, 66_048)).toBe(true);
    expect(await proves(log, 66_199)).toBe(true);
    await expect(proves(log, 5)).rejects.toThrow('tile/0/000 is missing');
    await log.reopen();
    await log.engine.append('acme', leafAt(1, log.nowMs));
    await log.engine.flush();
    expect(await log.verify()).toMatchObject({ ok: true, minimumIndex: 66_048 });
  });

  it('is understood by a verifier written by others', async ({ skip }) => {
    if (spawnSync('python3', ['--version']).status !== 0) skip('python3 is not installed');
    const log = await rig(2_000);
    await log.prune({ name: 'a day', keepMs: DAY_MS });
    const script = path.join(import.meta.dirname, '../independent/verify_tlog.py');
    const run = (...args: string[]) =>
      spawnSync('python3', ['-B', script, 'log', log.folder, log.vkey, ...args], {
        encoding: 'utf8',
      }).stdout.trim();
    expect(run('--minimum-index', '512')).toBe('ok: 2001 entries, 1489 read');
    expect(run('--minimum-index', '256')).toContain('broken: ');
  });

  it('goes further later, and does nothing while nothing is old enough', async () => {
    const log = await rig(2_000);
    await log.prune({ name: 'a day', keepMs: DAY_MS });
    expect(await log.prune({ name: 'a day', keepMs: DAY_MS })).toMatchObject({
      minimumIndex: 512,
      bundles: 0,
    });
    expect(log.recorded).toHaveLength(1);
    expect(await log.prune({ name: 'ten hours', keepMs: 36_000_000 })).toMatchObject({
      minimumIndex: 1_280,
      bundles: 3,
    });
    expect(await log.verify()).toMatchObject({ ok: true, minimumIndex: 1_280 });
  });

  it('keeps what somebody has not read yet', async () => {
    const log = await rig(2_000);
    expect(await log.prune({ name: 'none', keepMs: 0 }, 700)).toMatchObject({ minimumIndex: 512 });
  });

  it('never takes the bundle at the edge', async () => {
    const log = await rig(600);
    expect(await log.prune({ name: 'none', keepMs: 0 })).toMatchObject({ minimumIndex: 512 });
    expect(await log.verify()).toMatchObject({ ok: true });
  });

  it('keeps everything behind an entry of another time', async () => {
    const wrong = (i: number) => START_MS + (i === 300 ? 400 * DAY_MS : i * 60_000);
    const log = await rig(2_000, wrong);
    expect(await log.prune({ name: 'a day', keepMs: DAY_MS })).toMatchObject({ minimumIndex: 256 });
  });

  it('removes nothing when it cannot say so in the log', async () => {
    const log = await rig(2_000);
    const parts = { engine: log.engine, files: diskFiles, clock: { wallNow: () => log.nowMs } };
    const record = () => Promise.reject(new Error('ENOSPC'));
    const policy = { name: 'a day', keepMs: DAY_MS };
    await expect(pruneTree({ ...parts, record }, { tenant: 'acme', policy })).rejects.toThrow('ENOSPC');
    expect(await log.verify()).toMatchObject({ ok: true, minimumIndex: 0 });
  });

  it('that was interrupted leaves a log that is whole from a later entry on, and is finished the next time', async () => {
    const log = await rig(2_000);
    let removals = 0;
    const files = {
      ...diskFiles,
      remove: (file: string) =>
        ++removals > 3 ? Promise.reject(new Error('killed')) : diskFiles.remove(file),
    };
    const policy = { name: 'twelve hours', keepMs: DAY_MS / 2 };
    const clock = { wallNow: () => log.nowMs };
    const parts = { engine: log.engine, record: log.record, files, clock };
    await expect(pruneTree(parts, { tenant: 'acme', policy })).rejects.toThrow('killed');
    const half = await log.verify();
    expect(half).toMatchObject({ ok: true });
    expect(half.minimumIndex).toBeGreaterThan(0);
    expect(half.minimumIndex).toBeLessThan(1_024);
    expect(await log.prune(policy)).toMatchObject({ minimumIndex: 1_024 });
    expect(await log.verify()).toMatchObject({ ok: true, minimumIndex: 1_024 });
  });

  it('refuses a policy without a name or a time', async () => {
    const log = await rig(1);
    await expect(log.prune({ name: '', keepMs: 0 })).rejects.toThrow('retention: name must not be empty');
    await expect(log.prune({ name: 'x' } as never)).rejects.toThrow(
      'retention: keepMs must be an integer >= 0',
    );
    await expect(log.prune({ name: 'x', keepMs: -1 })).rejects.toThrow(
      'retention: keepMs must be an integer >= 0, got -1',
    );
  });
});

describe('verification of a pruned log', () => {
  it('finds entries that are gone without a word', async () => {
    const log = await rig(2_000);
    for (const file of ['tile/entries/000', 'tile/entries/001']) rmSync(path.join(log.folder, file));
    expect((await log.verify()).findings).toMatchObject([
      { kind: 'pruned-undeclared', index: 0, entries: 512 },
    ]);
  });

  it('finds entries that are gone beyond what was declared', async () => {
    const log = await rig(2_000);
    await log.prune({ name: 'a day', keepMs: DAY_MS });
    rmSync(path.join(log.folder, 'tile/entries/002'));
    expect((await log.verify()).findings).toMatchObject([
      { kind: 'pruned-undeclared', index: 512, entries: 256 },
    ]);
  });

  it('finds a gap behind entries that were kept', async () => {
    const log = await rig(2_000);
    await log.prune({ name: 'a day', keepMs: DAY_MS });
    rmSync(path.join(log.folder, 'tile/entries/004'));
    expect((await log.verify()).findings).toMatchObject([
      { kind: 'file-missing', index: 1_024, entries: 256 },
    ]);
  });

  it('says so when a kept checkpoint is older than what is left', async () => {
    const declaration = { action: 'audit.pruned', details: { minimumIndex: 65_536 } };
    const log = await buildLog({ entries: [...numbered(66_000), Buffer.from(JSON.stringify(declaration))] });
    for (let bundle = 0; bundle < 256; bundle++) {
      log.files.delete(entryBundlePath(bundle));
      log.files.delete(tilePath(0, bundle));
    }
    const verify = async (size: number) => {
      const kept = [await whole.checkpointAt(size)];
      return verifyLog({ source: log.source, policy: trustLog(log.vkey), kept });
    };
    const whole = await buildLog(log);
    expect((await verify(300)).findings).toMatchObject([{ kind: 'kept-too-old' }]);
    expect(await verify(65_536)).toMatchObject({ ok: true, minimumIndex: 65_536, entriesRead: 465 });
  });
});
