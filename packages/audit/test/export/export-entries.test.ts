import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../src/events/audit-event.ts';
import { withContext } from '../../src/events/context.ts';
import { exportEntries, formatEntries, type ExportOptions } from '../../src/export/export-entries.ts';
import { leafHash } from '../../src/merkle/hash.ts';
import { entryBundlePath } from '../../src/tiles/paths.ts';
import { openTestEngine, rigRecorder } from '../rig.ts';

const FULL: AuditEvent = {
  action: 'credential.issued',
  actor: { type: 'user', id: 'bob', name: 'Bob "the" Builder' },
  agent: { id: 'agent-1', name: 'Assistant' },
  onBehalfOf: { id: 'ann' },
  resource: { type: 'credential', id: 'lease-1', name: 'db' },
  outcome: 'denied',
  reason: 'policy',
  atMs: 1_000,
  id: 'event-1',
  intent: 'event-0',
  session: 's1',
  requestId: 'r1',
  traceId: 't1',
  where: { ip: '::1', userAgent: 'curl/8', service: 'broker', host: 'h1' },
  details: { scopes: ['a,b', 'c\nd'] },
};

async function logOf(events: readonly AuditEvent[]) {
  const engine = await openTestEngine();
  const { recorder } = rigRecorder(engine);
  for (const event of events) await recorder.append(event);
  return engine;
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

/** Splits CSV the way RFC 4180 says. */
function cellsOf(csv: string): string[][] {
  const rows: string[][] = [];
  for (const line of csv.match(/(?:"(?:[^"]|"")*"|[^"\r\n])+\r\n/g) ?? []) {
    rows.push((line.match(/"(?:[^"]|"")*"/g) ?? []).map((cell) => cell.slice(1, -1).replaceAll('""', '"')));
  }
  return rows;
}

const line = async (format: ExportOptions['format'], event: AuditEvent) =>
  JSON.parse(await textOf(exportEntries(await logOf([event]), { format }))) as Record<string, unknown>;

describe('JSON lines', () => {
  it('hold each entry as it stands in the log, and where it stands', async () => {
    const engine = await logOf([FULL, { action: 'b' }]);
    await engine.append('default', Buffer.from([0xff, 0xfe]));
    const lines = (await textOf(exportEntries(engine, { format: 'jsonl' }))).trimEnd().split('\n');
    const records = lines.map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(records[0]).toMatchObject({ index: 0, origin: 'audit.example/test/default' });
    const entry = canonicalize(records[0]?.['entry']) ?? '';
    expect(records[0]?.['leafHash']).toBe(leafHash(Buffer.from(entry)).toString('hex'));
    expect(records[2]).toMatchObject({ index: 2, bytes: '//4=' });
  });
});

describe('CSV', () => {
  it('has a column for every field', async () => {
    const [names = [], cells = []] = cellsOf(
      await textOf(exportEntries(await logOf([FULL]), { format: 'csv' })),
    );
    const row = Object.fromEntries(names.map((name, n) => [name, cells[n]]));
    expect(row).toMatchObject({
      ...{ index: '0', time: '1970-01-01T00:00:01.000Z', tenant: 'default', action: 'credential.issued' },
      ...{
        outcome: 'denied',
        reason: 'policy',
        actor_type: 'user',
        actor_id: 'bob',
        actor_name: 'Bob "the" Builder',
      },
      ...{ agent_id: 'agent-1', on_behalf_of_id: 'ann', resource_type: 'credential', resource_id: 'lease-1' },
      ...{
        resource_name: 'db',
        ip: '::1',
        user_agent: 'curl/8',
        service: 'broker',
        host: 'h1',
        session: 's1',
      },
      ...{ request_id: 'r1', trace_id: 't1', id: 'event-1', intent: 'event-0' },
      details: '{"scopes":["a,b","c\\nd"]}',
    });
    expect(row['leaf_hash']).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is never computed by a spreadsheet', async () => {
    const begins = ['=', '+', '-', '@', '\t=', '\r', ' =', '\uff1d', '|', '%', '\n+'];
    const hostile = begins.map((begin) => `${begin}cmd|' /C calc'!A0`);
    const engine = await logOf(hostile.map((reason) => ({ action: 'a', reason, actor: { id: reason } })));
    const [names = [], ...rows] = cellsOf(await textOf(exportEntries(engine, { format: 'csv' })));
    for (const [n, row] of rows.entries()) {
      for (const name of ['reason', 'actor_id']) expect(row[names.indexOf(name)]).toBe(`'${hostile[n]}`);
    }
  });

  it('has as many cells in each row whatever the texts are', async () => {
    const text = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom('"', ',', '\r\n', '"\r\n"', '=1', '\t@', '""",'),
    );
    const texts = fc.sample(text, { numRuns: 200, seed: 11 });
    const engine = await logOf(texts.map((reason) => ({ action: 'a', reason })));
    const rows = cellsOf(await textOf(exportEntries(engine, { format: 'csv' })));
    expect(rows).toHaveLength(texts.length + 1);
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
    expect(rows.flat().filter((cell) => /^\s*[=+\-@]/.test(cell))).toEqual([]);
  });

  it('says where an entry stands that is no event', async () => {
    const engine = await openTestEngine();
    await engine.append('default', Buffer.from('not an event'));
    const [, row] = cellsOf(await textOf(exportEntries(engine, { format: 'csv' })));
    expect(row?.filter((cell) => cell !== '')).toEqual([
      '0',
      leafHash(Buffer.from('not an event')).toString('hex'),
    ]);
  });
});

describe('OCSF', () => {
  it('is an API activity with everything that the schema wants', async () => {
    const record = await line('ocsf', FULL);
    expect(record).toMatchObject({
      ...{
        category_uid: 6,
        class_uid: 6003,
        activity_id: 1,
        type_uid: 600_301,
        severity_id: 3,
        status_id: 2,
      },
      time: 1_000,
      status_detail: 'policy',
      actor: {
        user: { uid: 'bob', type: 'user' },
        app_uid: 'agent-1',
        app_name: 'Assistant',
        session: { uid: 's1' },
      },
      api: { operation: 'credential.issued', request: { uid: 'r1' }, service: { name: 'broker' } },
      src_endpoint: { ip: '::1', hostname: 'h1' },
      http_request: { user_agent: 'curl/8' },
      resources: [{ type: 'credential', uid: 'lease-1', name: 'db' }],
      metadata: {
        ...{
          profiles: ['record_integrity'],
          tenant_uid: 'default',
          uid: 'event-1',
          sequence: 0,
          correlation_uid: 't1',
        },
        product: { name: 'Holdfast Audit' },
        log_name: 'audit.example/test/default',
      },
    });
  });

  it('has the required fields even for the smallest event, and for what is no event', async () => {
    const small = await line('ocsf', { action: 'odd thing' });
    expect(small).toMatchObject({
      ...{ activity_id: 99, activity_name: 'odd thing', type_uid: 600_399, status_id: 1 },
      ...{ actor: { app_name: 'unknown' }, src_endpoint: { name: 'unknown' } },
    });
    const engine = await openTestEngine();
    await engine.append('default', Buffer.from('7'));
    const other = JSON.parse(await textOf(exportEntries(engine, { format: 'ocsf' }))) as object;
    expect(other).toMatchObject({ class_uid: 6003, activity_id: 0, time: 0, raw_data: '7' });
  });

  it.each([
    ['session.created', 1],
    ['session.accessed', 2],
    ['prompt.modified', 3],
    ['session.terminated', 4],
    ['audit.erasure', 4],
  ])('tells the activity by the action: %s', async (action, activity) => {
    expect((await line('ocsf', { action }))['activity_id']).toBe(activity);
  });

  it('has a fingerprint of its canonical form, and the leaf that a proof of the log is about', async () => {
    const record = await line('ocsf', FULL);
    const [attestation] = record['attestation_list'] as [
      { fingerprint: { value: string }; chain_uid: string },
    ];
    const { fingerprint, ...rest } = attestation;
    const bytes = canonicalize({ ...record, attestation_list: [rest] }) ?? '';
    expect(fingerprint).toMatchObject({
      ...{ algorithm_id: 3, encoding_id: 1 },
      value: createHash('sha256').update(bytes).digest('hex'),
    });
    const leaf = leafHash(Buffer.from(String(record['raw_data']))).toString('hex');
    expect(record['unmapped']).toEqual({
      merkle: { origin: attestation.chain_uid, index: 0, leaf_hash: leaf },
    });
  });

  it('does not pass a commitment off as an address', async () => {
    const ip = `sha256:${'x'.repeat(43)}`;
    expect((await line('ocsf', { action: 'a', where: { ip } }))['src_endpoint']).toEqual({ uid: ip });
  });
});

describe('an export', () => {
  it('is of one tenant, a range of indices and a range of time', async () => {
    const events = Array.from({ length: 20 }, (_, n): AuditEvent => ({ action: `n${n}`, atMs: n * 10 }));
    const engine = await logOf([...events, { action: 'foreign', tenant: 'evil' }]);
    const actions = async (options: Partial<ExportOptions>) =>
      (await textOf(exportEntries(engine, { format: 'jsonl', ...options }))).match(/(?<="action":")\w+/g) ??
      [];
    expect(await actions({})).toHaveLength(20);
    expect(await actions({ from: 3, to: 5 })).toEqual(['n3', 'n4']);
    expect(await actions({ fromMs: 30, toMs: 50 })).toEqual(['n3', 'n4']);
    expect(await actions({ from: 18, to: 1000 })).toEqual(['n18', 'n19']);
    expect(await actions({ tenant: 'evil' })).toEqual(['foreign']);
    const foreign = () => exportEntries(engine, { format: 'csv', tenant: 'evil' });
    expect(() => withContext({ tenant: 'acme' }, foreign)).toThrow('tenant must be that of the context');
  });

  it('reads no more than is asked for', async () => {
    let read = 0;
    async function* endless() {
      for (; ; read++) yield { tenant: 't', index: read, leaf: Buffer.from('x'.repeat(1000)) };
    }
    const pieces = formatEntries('jsonl', 'o', endless());
    await pieces.next();
    expect(read).toBeLessThan(20);
    await pieces.return();
  });

  it.each([
    [{}, 'export: format must be one of "jsonl", "csv", "ocsf", got undefined'],
    [{ format: 'xml' }, 'export: format must be one of "jsonl", "csv", "ocsf", got "xml"'],
    [{ format: 'csv', from: -1 }, 'export: from must be an integer >= 0, got -1'],
  ])('that makes no sense is refused: %o', async (options, message) => {
    const engine = await openTestEngine();
    expect(() => exportEntries(engine, options as ExportOptions)).toThrow(message);
  });
});

it('begins with what is left of a log that was pruned', async () => {
  const engine = await openTestEngine();
  await Promise.all(Array.from({ length: 258 }, () => engine.append('default', Buffer.from('{}'))));
  await engine.flush();
  await rm(path.join(engine.folderOf('default'), entryBundlePath(0)));
  const text = await textOf(exportEntries(engine, { format: 'jsonl' }));
  expect(text.match(/(?<="index":)\d+/g)).toEqual(['256', '257']);
  expect(await textOf(exportEntries(engine, { format: 'jsonl', to: 9 }))).toBe('');
});
