import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  AuditClosedError,
  checkProof,
  openAudit,
  parsePolicy,
  rootOf,
  trustLog,
  verifyConsistency,
  verifyLog,
  vkeyOf,
  withContext,
  diskFiles,
  directorySource,
  type AuditOptions,
  type AuditRecord,
} from '@holdfast/audit';
import { systemClock } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { faultyFiles, systemError } from './log/faulty-files.ts';
import { filesIn, ORIGIN, SIGNER, tempDir } from './log/rig.ts';

async function openLog(options: Partial<AuditOptions> = {}) {
  const dir = options.dir ?? tempDir();
  const log = await openAudit({ origin: ORIGIN, signer: SIGNER, index: false, ...options, dir });
  onTestFinished(() => log.close().catch(() => undefined));
  return log;
}

const bob = { type: 'user', id: 'bob' };
const event = {
  tenant: 'acme',
  action: 'session.created',
  actor: bob,
  resource: { type: 'session', id: 's-1' },
};

test('an event is written, proven, and verified by whoever has the key', async () => {
  const dir = tempDir();
  const log = await openLog({ dir });
  const { index } = await log.append(event);
  expect(index).toBe(0);
  await log.append({ ...event, action: 'session.terminated' });
  await log.flush();
  const { entry, proof } = await log.prove('acme', 0);
  const checked = checkProof(proof, entry ?? Buffer.alloc(0), trustLog(vkeyOf(`${ORIGIN}/acme`, SIGNER)));
  expect(checked).toMatchObject({ index: 0, size: 2 });
  expect(JSON.parse(Buffer.from(entry ?? []).toString())).toMatchObject({
    action: 'session.created',
    actor: bob,
  });
  const [before, after] = await Promise.all([1, 2].map((size) => rootAt(log.engine, size)));
  const claim = {
    first: 1,
    second: 2,
    firstRoot: before ?? Buffer.alloc(0),
    secondRoot: after ?? Buffer.alloc(0),
  };
  expect(verifyConsistency({ ...claim, proof: await log.consistency('acme', 1, 2) })).toBe(true);
  await log.close();
  const report = await verifyLog({
    source: directorySource(path.join(dir, 'logs/acme')),
    policy: trustLog(vkeyOf(`${ORIGIN}/acme`, SIGNER)),
  });
  expect(report.findings).toEqual([]);
});

test('code that runs for one tenant is handed no proof, and with it no entry, of another', async () => {
  const log = await openLog();
  await log.append(event);
  await log.flush();
  const foreign = log.withContext({ tenant: 'other' }, () =>
    Promise.allSettled([log.prove('acme', 0), log.consistency('acme', 1, 1)]),
  );
  const refused = { status: 'rejected', reason: { code: 'ERR_AUDIT_EVENT' } };
  expect(await foreign).toMatchObject([refused, refused]);
  expect(await log.withContext({ tenant: 'acme' }, () => log.consistency('acme', 1, 1))).toEqual([]);
});

async function rootAt(
  engine: Awaited<ReturnType<typeof openLog>>['engine'],
  size: number,
): Promise<Uint8Array> {
  return rootOf(engine.hashes('acme', size), size);
}

test('the log writes that it was opened and closed, into a tree of its own', async () => {
  const dir = tempDir();
  await (await openLog({ dir })).close();
  const log = await openLog({ dir });
  const actions: (string | undefined)[] = [];
  for await (const { event: logged } of log.tail({ tenant: 'holdfast-audit', from: 0 })) {
    actions.push(logged?.action);
    if (actions.length === 3) break;
  }
  expect(actions).toEqual(['audit.opened', 'audit.closed', 'audit.opened']);
  const quiet = await openLog({ lifecycle: false });
  expect(quiet.engine.tenants()).toEqual([]);
});

test('nobody else writes into the tree of the log, nor acts as its tenant', async () => {
  const log = await openLog();
  const own = { ...event, tenant: 'holdfast-audit' };
  const refused = "tenant must not be holdfast-audit, which is the log's own";
  await expect(log.append(own)).rejects.toThrow(refused);
  await expect(log.guard(own, () => 1)).rejects.toThrow(refused);
  expect(() => log.withContext({ tenant: 'holdfast-audit' }, () => log.tail())).toThrow(refused);
  expect(() => withContext({ tenant: 'holdfast-audit' }, () => 1)).toThrow(refused);
  expect(log.engine.size('holdfast-audit')).toBe(1);
});

test('guard writes what is about to happen before it happens, and how it went', async () => {
  const log = await openLog();
  const sizes: number[] = [];
  expect(await log.guard(event, () => sizes.push(log.engine.size('acme')))).toBe(1);
  expect(sizes).toEqual([1]);
  expect(await recordsOf(log, 2)).toMatchObject([
    { event: { outcome: 'pending' } },
    { event: { outcome: 'success' } },
  ]);
});

test('in strict mode an action does not run when the log cannot take its event', async () => {
  const faulty = faultyFiles();
  const log = await openLog({ files: faulty.files });
  faulty.inject = ({ call }) => {
    if (call === 'sync') throw systemError('ENOSPC');
  };
  let ran = false;
  const run = () => (ran = true);
  await expect(log.guard(event, run)).rejects.toMatchObject({ code: 'ERR_AUDIT_WRITE' });
  expect(ran).toBe(false);
});

test('in best-effort mode it does, and the log tells of the gap once it can', async () => {
  const faulty = faultyFiles();
  const log = await openLog({ files: faulty.files, mode: 'best-effort' });
  faulty.inject = ({ call, path: file }) => {
    if (call === 'sync' && file.includes('wal')) throw systemError('ENOSPC');
  };
  expect(await log.guard(event, () => 'ran')).toBe('ran');
  while (log.stats().dropped < 2) await new Promise(setImmediate);
  faulty.inject = undefined;
  await log.append(event);
  await log.flush();
  const records = await recordsOf(log, 2);
  expect(records.map((record) => record.event?.action).sort()).toEqual(['audit.gap', 'session.created']);
  expect(records.find((record) => record.event?.action === 'audit.gap')?.event?.details).toMatchObject({
    dropped: 2,
  });
});

test('a context completes the events that are written in it', async () => {
  const log = await openLog();
  await log.withContext({ tenant: 'acme', requestId: 'r-1', actor: bob }, () =>
    log.append({ action: 'api.requested' }),
  );
  await withContext({ tenant: 'acme' }, () => log.append({ action: 'api.requested', actor: bob }));
  expect((await recordsOf(log, 2)).map((record) => record.event?.requestId)).toEqual(['r-1', undefined]);
});

test('an event with an id is written once', async () => {
  const log = await openLog();
  const answers = await Promise.all([1, 2, 3].map(() => log.append({ ...event, id: 'e-1' })));
  expect(answers.map(({ index }) => index)).toEqual([0, 0, 0]);
  expect(log.stats()).toMatchObject({ duplicates: 2 });
});

describe('with an index', () => {
  test('events are found, by tenant, and page by page', async () => {
    const log = await openLog({ index: true });
    for (let at = 0; at < 5; at++)
      await log.append({ ...event, resource: { type: 'session', id: `s-${at}` } });
    await log.append({ ...event, tenant: 'other' });
    await log.flush();
    expect(log.stats().indexLag).toBe(0);
    const first = await log.query({
      tenant: 'acme',
      action: 'session.created',
      limit: 3,
      order: 'oldest-first',
    });
    const second = await log.query({
      tenant: 'acme',
      action: 'session.created',
      limit: 3,
      order: 'oldest-first',
      after: first.next,
    });
    const ids = [...first.records, ...second.records].map((record) => record.event?.resource?.id);
    expect(ids).toEqual(['s-0', 's-1', 's-2', 's-3', 's-4']);
    expect(second.next).toBe(undefined);
  });

  test('without one, asking is an error', async () => {
    const log = await openLog();
    await expect(log.query()).rejects.toThrow('query: the log was opened without an index');
  });
});

test('an export is written into the log', async () => {
  const log = await openLog();
  await log.append(event);
  let text = '';
  for await (const piece of log.export({ format: 'jsonl', tenant: 'acme' })) text += piece;
  expect(text.split('\n').filter((line) => line !== '')).toHaveLength(1);
  expect((await recordsOf(log, 2))[1]).toMatchObject({
    event: { action: 'audit.exported', details: { format: 'jsonl' } },
  });
});

test('who asked or follows the log is in the log, where that is wanted', async () => {
  const log = await openLog({ index: true, auditReads: true });
  await log.append(event);
  await log.flush();
  const answer = await log.withContext({ tenant: 'acme', actor: bob }, () =>
    log.query({ action: 'session.created', text: 'private words' }),
  );
  expect(answer.records).toHaveLength(0);
  await expect(log.query({ tenant: 'acme', limit: 0 })).rejects.toThrow(RangeError);
  const records = await recordsOf(log, 3);
  expect(records.map((record) => record.event)).toMatchObject([
    { action: 'session.created' },
    { action: 'audit.queried', actor: bob, details: { by: ['action', 'text'], personal: false } },
    { action: 'audit.tailed', details: { from: 0 } },
  ]);
  expect(Buffer.from(records[1]?.leaf ?? []).toString()).not.toContain('private words');
  const quiet = await openLog({ index: true });
  await quiet.append(event);
  await quiet.query({ tenant: 'acme' });
  expect(await recordsOf(quiet, 1)).toHaveLength(1);
  expect(quiet.engine.size('acme')).toBe(1);
});

test('personal values are kept apart, found again, and erased from every file', async () => {
  const dir = tempDir();
  const log = await openLog({ dir, index: true, personal: { fields: ['details.email'] } });
  await log.append({ ...event, subject: 'bob', details: { email: 'bob@private.example' } });
  await log.flush();
  const ask = { tenant: 'acme', action: 'session.created', personal: true };
  const [found] = (await log.query(ask)).records;
  expect(found?.event?.details).toEqual({ email: 'bob@private.example' });
  expect(Buffer.from(found?.leaf ?? []).toString()).not.toContain('private.example');
  expect(await log.erase({ tenant: 'acme', subject: 'bob' })).toMatchObject({
    events: 1,
    entry: { index: 1 },
  });
  const [erased] = (await log.query(ask)).records;
  expect(erased?.event?.details).not.toEqual({ email: 'bob@private.example' });
  await log.close();
  for (const [file, bytes] of filesIn(dir)) expect(bytes.includes('private.example'), file).toBe(false);
});

test('pruning takes the details with it that are beside entries, and none that another entry names', async () => {
  const dir = tempDir();
  const large = (text: string) => ({ ...event, details: { text: text.repeat(70_000) } });
  const bodies = () => [...filesIn(dir).keys()].filter((file) => file.startsWith('bodies')).length;
  const first = await openLog({ dir });
  await Promise.all([first.append(large('a')), first.append(large('b'))]);
  await first.append({ ...large('b'), tenant: 'other' });
  await Promise.all(Array.from({ length: 300 }, () => first.append(event)));
  expect(bodies()).toBe(2);
  await first.close();
  // Opening takes over what the write-ahead log holds, and closing lets go of it.
  await (await openLog({ dir })).close();
  const later = await openLog({
    dir,
    clock: { ...systemClock, wallNow: () => systemClock.wallNow() + 1000 },
  });
  const policy = { name: 'nothing is kept', keepMs: 0 };
  expect(await later.prune({ tenant: 'acme', policy })).toMatchObject({ minimumIndex: 256 });
  expect(bodies()).toBe(1);
  expect((await later.prune({ tenant: 'other', policy })).bundles).toBe(0);
  expect(bodies()).toBe(1);
});

test('what is pruned side by side is not removed while it is being read', async () => {
  const dir = tempDir();
  const first = await openLog({ dir });
  const tenants = ['acme', 'other'];
  const many = tenants.flatMap((tenant) => Array.from({ length: 300 }, () => ({ ...event, tenant })));
  await Promise.all(many.map((each) => first.append(each)));
  await first.append({ ...event, details: { text: 'a'.repeat(70_000) } });
  await first.close();
  // Opening takes over what the write-ahead log holds, and closing lets go of it.
  await (await openLog({ dir })).close();
  const policy = { name: 'nothing is kept', keepMs: 0 };
  let second: Promise<unknown> | undefined;
  const read: typeof diskFiles.read = async (file) => {
    const bytes = await diskFiles.read(file);
    const isBehind = !existsSync(path.join(dir, 'logs/acme/tile/entries/000'));
    if (isBehind && second === undefined && file === path.join(dir, 'logs/other/tile/entries/000')) {
      second = log.prune({ tenant: 'other', policy });
      // Time enough for the second, were it to begin.
      for (let turn = 0; turn < 200 && existsSync(file); turn++)
        await log.append({ ...event, tenant: 'third' });
    }
    return bytes;
  };
  const log = await openLog({
    dir,
    files: { ...diskFiles, read },
    clock: { ...systemClock, wallNow: () => systemClock.wallNow() + 1000 },
  });
  expect(await log.prune({ tenant: 'acme', policy })).toMatchObject({ minimumIndex: 256 });
  expect(await second).toMatchObject({ minimumIndex: 256 });
});

test('pruning leaves what the write-ahead log still holds', async () => {
  const dir = tempDir();
  const clock = { ...systemClock, wallNow: () => systemClock.wallNow() + 1000 };
  const policy = { name: 'nothing is kept', keepMs: 0 };
  const first = await openLog({ dir, clock });
  await Promise.all(
    Array.from({ length: 600 }, () => first.append({ ...event, atMs: systemClock.wallNow() })),
  );
  await first.flush();
  expect(await first.prune({ tenant: 'acme', policy })).toMatchObject({ minimumIndex: 0, bundles: 0 });
  await first.close();
  await (await openLog({ dir, clock })).close();
  const later = await openLog({ dir, clock });
  expect(await later.prune({ tenant: 'acme', policy })).toMatchObject({ minimumIndex: 512, bundles: 2 });
});

test('pruning leaves the details of an entry that is on its way to the disk', async () => {
  const dir = tempDir();
  const faulty = faultyFiles();
  const log = await openLog({ dir, files: faulty.files });
  let goOn = () => {};
  const held = new Promise<void>((resolve) => (goOn = resolve));
  const isWritten = new Promise<void>((resolve) => {
    faulty.inject = async ({ call, path: file }) => {
      if (call === 'sync' && file.includes('.wal')) await held;
      if (call === 'syncPath' && file === dir) setImmediate(resolve);
    };
  });
  const late = log.append({ ...event, details: { text: 'a'.repeat(70_000) } });
  await isWritten;
  // The log's own sync of the same folder came before.
  for (let turn = 0; turn < 5; turn++) await diskFiles.sync(dir);
  const pruned = log.prune({ tenant: 'acme', policy: { name: 'nothing is kept', keepMs: 0 } });
  // Time enough to remove it, if that did not wait for the entry.
  const files = () => [...filesIn(dir).keys()].filter((file) => file.startsWith('bodies'));
  for (let turn = 0; turn < 200 && files().length > 0; turn++) await new Promise(setImmediate);
  goOn();
  await Promise.all([late, pruned]);
  expect(files()).toHaveLength(1);
});

test('secrets that are known are written nowhere', async () => {
  const dir = tempDir();
  const log = await openLog({ dir, redaction: { secrets: ['canary-one'] } });
  const forget = log.redact('canary-two');
  await log.append({ ...event, details: { text: 'canary-one and canary-two' } });
  forget();
  await log.close();
  for (const [file, bytes] of filesIn(dir)) expect(bytes.includes('canary-'), file).toBe(false);
});

test('closing ends everything, and may be asked for twice', async () => {
  const dir = tempDir();
  const log = await openLog({ dir, index: true, personal: { fields: ['details.email'] } });
  await log.append(event);
  const closed = log.close();
  expect(log.close()).toBe(closed);
  await closed;
  await expect(log.append(event)).rejects.toThrow(AuditClosedError);
  await using again = await openLog({ dir });
  expect(again.engine.size('acme')).toBe(1);
});

test('a log that does not open lets go of its directory', async () => {
  const dir = tempDir();
  await expect(openLog({ dir, personal: { fields: ['nonsense'] } })).rejects.toThrow(TypeError);
  await expect(openLog({ dir, mode: 'loose' as 'strict' })).rejects.toThrow('openAudit: mode must be one of');
  await expect(openLog({ dir, origin: undefined as unknown as string })).rejects.toThrow(
    'openAudit: origin is required',
  );
  expect(existsSync(path.join(dir, 'LOCK'))).toBe(false);
  await (await openLog({ dir })).close();
});

test('a log that cannot say that it was opened is closed whole, its witnessing too', async () => {
  const faulty = faultyFiles();
  const clock = manualClock();
  const policy = parsePolicy('quorum none\n');
  faulty.inject = ({ call, path: file }) => {
    if (call === 'write' && faulty.calls.some((made) => made.call === 'rename' && made.path.includes('wal')))
      throw systemError(`ENOSPC ${file}`);
  };
  await expect(openLog({ files: faulty.files, clock, witness: { policy } })).rejects.toMatchObject({
    code: 'ERR_AUDIT_WRITE',
  });
  await clock.advance(600_000);
  expect(clock.pendingTimers).toBe(0);
});

async function recordsOf(log: Awaited<ReturnType<typeof openLog>>, count: number): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  for await (const record of log.tail({ tenant: 'acme', from: 0 })) {
    records.push(record);
    if (records.length === count) break;
  }
  return records;
}

test('a tail and an export are of the tenant in whose context they were made, wherever they are read', async () => {
  const log = await openLog();
  for (const tenant of ['acme', 'default']) await log.append({ ...event, tenant, session: `of ${tenant}` });
  const [tail, pieces] = withContext({ tenant: 'acme' }, () => [
    log.tail({ from: 0 }),
    log.export({ format: 'jsonl' }),
  ]);
  const seen = await withContext({ tenant: 'default' }, async () => {
    const first = await tail[Symbol.asyncIterator]().next();
    let text = '';
    for await (const piece of pieces) text += piece;
    return { record: first.value as AuditRecord, text };
  });
  expect(seen.record).toMatchObject({ tenant: 'acme', event: { session: 'of acme' } });
  expect(seen.text).toContain('of acme');
  expect(seen.text).not.toContain('of default');
  await log.flush();
  expect([log.engine.size('acme'), log.engine.size('default')]).toEqual([2, 1]);
});

test('nobody but the log itself says what the log did', async () => {
  const log = await openLog();
  const forged = { action: 'audit.pruned', details: { minimumIndex: 10 ** 9 } };
  await expect(log.append(forged)).rejects.toThrow(/action must not begin with 'audit.'/);
  const action = vi.fn();
  await expect(log.guard(forged, action)).rejects.toThrow(/action must not begin with 'audit.'/);
  expect(action).not.toHaveBeenCalled();
  log.note(forged);
  await log.flush();
  expect(log.stats().dropped).toBe(1);
  for await (const { leaf } of log.engine.entries('default', 0, log.engine.size('default'))) {
    expect(new TextDecoder().decode(leaf)).not.toContain('audit.pruned');
  }
});
