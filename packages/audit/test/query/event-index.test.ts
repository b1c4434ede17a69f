import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { AuditEvent } from '../../src/events/audit-event.ts';
import { withContext } from '../../src/events/context.ts';
import type { AuditEngine } from '../../src/log/engine.ts';
import { EventIndex, type IndexedEngine } from '../../src/query/event-index.ts';
import type { AuditQuery } from '../../src/query/options.ts';
import { TileError } from '../../src/tiles/tile-error.ts';
import { openTestEngine, rigRecorder, tempFolder } from '../rig.ts';

async function openIndex(engine: IndexedEngine): Promise<EventIndex> {
  const index = await EventIndex.open(engine);
  onTestFinished(() => index.close());
  return index;
}

async function indexed(events: readonly AuditEvent[], dir?: string) {
  const engine = await openTestEngine(dir);
  const { recorder } = rigRecorder(engine);
  await Promise.all(events.map((event) => recorder.append(event)));
  const index = await openIndex(engine);
  await index.caughtUp();
  return { engine, index, recorder };
}

/** The indices of all found entries, page by page. */
async function find(index: EventIndex, query: AuditQuery): Promise<number[]> {
  const found: number[] = [];
  for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
    const page = await index.query({ ...query, after });
    found.push(...page.entries.map((entry) => entry.index));
    after = page.next;
  }
  return found;
}

const BASE = { action: 'a', tenant: 'acme' };
const numbered = (count: number, event: Partial<AuditEvent> = {}) =>
  Array.from({ length: count }, (_, n): AuditEvent => ({ ...BASE, atMs: 1000 + n, ...event }));

const one = <T>(...values: T[]) => fc.constantFrom(...values);
const anyEvent = fc.record({
  action: one('read', 'write'),
  actor: fc.option(fc.record({ id: one('ann', 'bob') }), { nil: undefined }),
  resource: fc.option(fc.record({ type: one('doc', 'key'), id: one('1', '2') }), { nil: undefined }),
  outcome: one('success', 'failure', 'denied'),
  atMs: fc.integer({ min: 1000, max: 1010 }),
  tenant: one('acme', 'evil'),
  details: fc.record({ note: one('red fox', 'blue fox', 'Ünï code-7') }),
} as const) satisfies fc.Arbitrary<AuditEvent>;
const maybe = <T>(...values: T[]) => fc.option(one(...values), { nil: undefined });
const anyQuery = fc.record({
  action: maybe('read', 'write'),
  actor: maybe('ann', 'bob'),
  resource: maybe({ type: 'doc' }, { id: '1' }, { type: 'key', id: '2' }),
  outcome: maybe('success', 'denied'),
  fromMs: maybe(1003, 1006),
  toMs: maybe(1005, 1009),
  text: maybe('fox', 'RED', 'code ünï', 'acme'),
  order: maybe('newest-first', 'oldest-first'),
  limit: fc.integer({ min: 1, max: 7 }),
} as const) satisfies fc.Arbitrary<AuditQuery>;

/** What must be found, told the slow way. */
function expected(events: readonly AuditEvent[], query: AuditQuery): number[] {
  const matches = ({ action, actor, resource, outcome, atMs = 0, details }: AuditEvent) =>
    (query.action ?? action) === action &&
    (query.actor ?? actor?.id) === actor?.id &&
    (query.resource?.id ?? resource?.id) === resource?.id &&
    (query.resource?.type ?? resource?.type) === resource?.type &&
    (query.outcome ?? outcome) === outcome &&
    atMs >= (query.fromMs ?? 0) &&
    atMs < (query.toMs ?? Infinity) &&
    (query.text ?? '')
      .toLowerCase()
      .split(' ')
      .every((word) => `${String(details?.['note'])} acme`.toLowerCase().includes(word));
  const byTime = (a: number, b: number) => (events[a]?.atMs ?? 0) - (events[b]?.atMs ?? 0) || a - b;
  const found = [...events.keys()].filter((n) => matches(events[n] as AuditEvent));
  const sorted = query.text === undefined ? found.sort(byTime) : found;
  return query.order === 'oldest-first' ? sorted : sorted.reverse();
}

describe('a question', () => {
  it('finds what it asks for and nothing else, page by page, each once and in order', async () => {
    const events = fc.sample(anyEvent, { numRuns: 300, seed: 7 });
    const { index } = await indexed(events);
    const own = events.filter(({ tenant }) => tenant === 'acme');
    await fc.assert(
      fc.asyncProperty(anyQuery, async (query) => {
        expect(await find(index, { ...query, tenant: 'acme' })).toEqual(expected(own, query));
      }),
      { numRuns: 150 },
    );
  });

  it('is answered with the entries as they stand in the log', async () => {
    const { index, engine } = await indexed(numbered(3));
    const { entries } = await index.query({ tenant: 'acme', limit: 1 });
    const stored = [];
    for await (const entry of engine.entries('acme', 2)) stored.push(entry);
    expect(entries).toEqual(stored);
  });

  it('has stable pages while entries are added', async () => {
    const { index, recorder } = await indexed(numbered(6));
    const first = await index.query({ tenant: 'acme', limit: 3 });
    await recorder.append({ ...BASE, atMs: 5000 });
    await index.caughtUp();
    const second = await index.query({ tenant: 'acme', limit: 3, after: first.next });
    expect([...first.entries, ...second.entries].map((entry) => entry.index)).toEqual([5, 4, 3, 2, 1, 0]);
    expect(second.next).toBeUndefined();
  });

  it('can hold any text without meaning more than its words', async () => {
    const { index } = await indexed([{ ...BASE, details: { note: 'say "hello" world' } }, BASE]);
    for (const text of [
      '"hello" OR a',
      'hello AND (world',
      'hel*',
      "'; DROP TABLE entry;--",
      'world NEAR/2 hello',
      'note:hello',
    ]) {
      await expect(index.query({ tenant: 'acme', text })).resolves.toBeDefined();
    }
    expect(await find(index, { tenant: 'acme', text: 'WORLD hello!' })).toEqual([0]);
    expect(await find(index, { tenant: 'acme', text: '"hello" OR' })).toEqual([]);
    // Accents do not count; a word is found whole, and what is written without spaces is one.
    const { index: other } = await indexed([{ ...BASE, details: { note: 'Café 東京都' } }]);
    const found = (text: string) => find(other, { tenant: 'acme', text });
    expect(await Promise.all(['cafe', 'CAFÉ', 'caf', '東京都', '東京'].map(found))).toEqual([
      [0],
      [0],
      [],
      [0],
      [],
    ]);
  });

  it.each([
    [{ limit: 0 }, 'query: limit must be an integer >= 1 and <= 1000, got 0'],
    [{ actor: 7 }, 'query: actor must be a string, got a number'],
    [{ resource: { id: 7 } }, 'query: resource.id must be a string, got a number'],
    [{ outcome: 'ok' }, 'query: outcome must be one of "pending", "success", "failure", "denied", got "ok"'],
    [{ fromMs: '2026' }, 'query: fromMs must be an integer >= 0'],
    [{ offset: 5 }, 'query has no option "offset"'],
    [{ text: 'x'.repeat(257) }, 'query: text must be a string of at most 256 characters'],
  ])('that makes no sense is refused: %o', async (query, message) => {
    const { index } = await indexed([]);
    await expect(index.query(query as AuditQuery)).rejects.toThrow(message);
  });

  it.each(['', '%', '*', '++', '\u{1f600}', '...'])(
    'for the text %j, which has no word, is refused',
    async (text) => {
      const { index } = await indexed([]);
      await expect(index.query({ text })).rejects.toThrow('with letters or digits among them');
    },
  );
});

describe('a cursor', () => {
  it('fits the question it was given out for, and no other', async () => {
    const { index } = await indexed([...numbered(5), ...numbered(5, { tenant: 'evil' })]);
    const { next } = await index.query({ tenant: 'acme', limit: 2 });
    const refused = expect.objectContaining({ code: 'ERR_AUDIT_CURSOR' }) as unknown;
    for (const other of [
      { tenant: 'evil' },
      { actor: 'x' },
      { order: 'oldest-first' },
      { text: 'a' },
    ] as const) {
      await expect(index.query({ tenant: 'acme', limit: 2, ...other, after: next })).rejects.toEqual(refused);
    }
    await expect(index.query({ tenant: 'acme', limit: 4, after: next })).resolves.toBeDefined();
  });

  it('cannot be made up or changed', async () => {
    const { index } = await indexed(numbered(5));
    const { next = '' } = await index.query({ tenant: 'acme', limit: 2 });
    const changed = [...next].map(
      (char, at) => next.slice(0, at) + (char === 'A' ? 'B' : 'A') + next.slice(at + 1),
    );
    for (const after of ['', 'x', `${next}A`, `${next}=`, ` ${next}`, next.slice(1), ...changed]) {
      await expect(index.query({ tenant: 'acme', limit: 2, after })).rejects.toThrow(
        'begin again without one',
      );
    }
  });

  it('lasts over a restart, not over a new index', async () => {
    const dir = await tempFolder();
    const before = await indexed(numbered(5), dir);
    const { next } = await before.index.query({ tenant: 'acme', limit: 2 });
    await before.index.close();
    await before.engine.close();
    const { index, engine } = await indexed([], dir);
    const page = await index.query({ tenant: 'acme', limit: 2, after: next });
    expect(page.entries.map((entry) => entry.index)).toEqual([2, 1]);
    await index.close();
    await rm(path.join(dir, 'index.sqlite'));
    const anew = await openIndex(engine);
    await anew.caughtUp();
    await expect(anew.query({ tenant: 'acme', limit: 2, after: next })).rejects.toThrow('begin again');
    expect(await find(anew, { tenant: 'acme' })).toEqual([4, 3, 2, 1, 0]);
  });
});

describe('a tenant', () => {
  it('never sees the entries of another, by any question', async () => {
    const secret = { actor: { id: 'eve' }, resource: { type: 't', id: 'r' }, details: { note: 'secret' } };
    const { index } = await indexed([...numbered(2), ...numbered(3, { tenant: 'evil', ...secret })]);
    for (const query of [
      {},
      { actor: 'eve' },
      { resource: { id: 'r' } },
      { text: 'secret' },
      { text: 'evil' },
    ]) {
      const { entries } = await index.query({ tenant: 'acme', ...query });
      expect(entries.every(({ tenant }) => tenant === 'acme')).toBe(true);
    }
    expect(await find(index, { tenant: 'acme', actor: 'eve' })).toEqual([]);
    expect(await find(index, { tenant: 'nobody' })).toEqual([]);
    expect(await find(index, {})).toEqual([]);
  });

  it('is that of the context, which cannot be left', async () => {
    const { index } = await indexed(numbered(2));
    expect(await withContext({ tenant: 'acme' }, () => find(index, {}))).toEqual([1, 0]);
    const foreign = () => index.query({ tenant: 'evil' });
    await expect(withContext({ tenant: 'acme' }, foreign)).rejects.toThrow(
      'tenant must be that of the context',
    );
  });
});

describe('the index', () => {
  it('tells how far it is behind, and catches up', async () => {
    const { index, recorder } = await indexed([]);
    expect(index.lag).toBe(0);
    await Promise.all(numbered(600).map((event) => recorder.append(event)));
    expect(index.lag).toBeGreaterThan(0);
    await index.caughtUp();
    expect(index.lag).toBe(0);
    expect(await find(index, { tenant: 'acme', limit: 1000 })).toHaveLength(600);
  });

  it('goes on where it was, and is made anew when it is gone', async () => {
    const dir = await tempFolder();
    for (const _ of [1, 2, 3]) {
      const { index, engine } = await indexed(numbered(10), dir);
      await index.close();
      await engine.close();
    }
    const { index, engine } = await indexed([], dir);
    expect(await find(index, { tenant: 'acme', limit: 1000 })).toHaveLength(30);
    await index.close();
    await rm(path.join(dir, 'index.sqlite'));
    const again = await openIndex(engine);
    await again.caughtUp();
    expect(await find(again, { tenant: 'acme', limit: 1000 })).toHaveLength(30);
  });

  it('is made anew when it knows more than the log, or is that of another', async () => {
    const dir = await tempFolder();
    const { index, engine } = await indexed(numbered(10), dir);
    await index.close();
    const shorter: IndexedEngine = within(engine, (tenant) => Math.min(4, engine.size(tenant)));
    const restored = await openIndex(shorter);
    await restored.caughtUp();
    expect(await find(restored, { tenant: 'acme' })).toEqual([3, 2, 1, 0]);
    await restored.close();
    const other = await openIndex({ ...within(engine, () => 0), origin: 'other.example' });
    expect(await find(other, { tenant: 'acme' })).toEqual([]);
  });

  it.each(['not a database at all, but long enough to be taken for one'.repeat(100), 'SQLite format 3\0'])(
    'is made anew when its file is damaged',
    async (bytes) => {
      const dir = await tempFolder();
      const { index, engine } = await indexed(numbered(10), dir);
      await index.close();
      await writeFile(path.join(dir, 'index.sqlite'), bytes);
      const again = await openIndex(engine);
      await again.caughtUp();
      expect(await find(again, { tenant: 'acme' })).toHaveLength(10);
    },
  );

  it('says so when there is no way to make one', async () => {
    const engine = await openTestEngine();
    const elsewhere = { ...within(engine, () => 0), dir: path.join(engine.dir, 'no', 'such', 'folder') };
    await expect(EventIndex.open(elsewhere)).rejects.toThrow('no such file or directory');
  });

  it('takes entries that are no events', async () => {
    const engine = await openTestEngine();
    for (const leaf of ['', 'not JSON', '7', 'null', '{"time":5,"actor":"x"}']) {
      await engine.append('acme', Buffer.from(leaf));
    }
    const index = await openIndex(engine);
    await index.caughtUp();
    expect(await find(index, { tenant: 'acme' })).toEqual([4, 3, 2, 1, 0]);
    expect(await find(index, { tenant: 'acme', action: 'a' })).toEqual([]);
  });

  it('leaves out what the log has pruned', async () => {
    const { index, engine } = await indexed(numbered(600));
    await index.close();
    await rm(path.join(engine.dir, 'index.sqlite'));
    await engine.flush();
    const pruned = await openIndex({
      ...within(engine, (tenant) => engine.size(tenant)),
      ...withoutFirst(engine, 256),
    });
    await pruned.caughtUp();
    expect(await find(pruned, { tenant: 'acme', limit: 1000 })).toHaveLength(344);
    await pruned.forget('acme', 500);
    await pruned.forget('nobody', 500);
    const left = await find(pruned, { tenant: 'acme', limit: 1000 });
    expect(left).toEqual(Array.from({ length: 100 }, (_, n) => 599 - n));
    expect(await find(pruned, { tenant: 'acme', text: 'acme', limit: 1000 })).toEqual(left);
  });

  it('answers without what was pruned since', async () => {
    const { engine } = await indexed(numbered(300));
    let gone = false;
    const entries: AuditEngine['entries'] = (tenant, from, to) =>
      gone ? withoutFirst(engine, 256).entries(tenant, from, to) : engine.entries(tenant, from, to);
    const index = await openIndex({ ...within(engine, (tenant) => engine.size(tenant)), entries });
    await index.caughtUp();
    gone = true;
    expect(await find(index, { tenant: 'acme', limit: 1000 })).toHaveLength(44);
  });

  it('that cannot be filled says so, tries again after a pause, and misses nothing', async () => {
    const engine = await openTestEngine();
    const { recorder } = rigRecorder(engine);
    const clock = manualClock();
    const errors: unknown[] = [];
    const cause = new Error('EMFILE');
    let batches = 0;
    const follow: IndexedEngine['follow'] = async function* (cursor, signal) {
      for await (const batch of engine.follow(cursor, signal)) {
        if (++batches % 2 === 0) throw cause;
        yield batch;
      }
    };
    await Promise.all(numbered(1000).map((event) => recorder.append(event)));
    const index = await EventIndex.open(
      { ...within(engine, (tenant) => engine.size(tenant)), follow },
      (error) => {
        errors.push(error);
        throw new Error('from the listener');
      },
      clock,
    );
    onTestFinished(() => index.close());
    await index.caughtUp();
    expect(index.failure).toBe(cause);
    expect(index.lag).toBeGreaterThan(0);
    while (index.lag > 0) {
      await clock.advance(1000);
      await index.caughtUp();
    }
    expect(index.failure).toBe(undefined);
    expect(errors).toContain(cause);
    expect(await find(index, { tenant: 'acme', limit: 1000 })).toHaveLength(1000);
    expect(clock.refedTimers).toBe(0);
  });

  it('adds again what its database gave up when it failed', async () => {
    const { index, engine, recorder } = await indexed(numbered(10));
    await index.close();
    const file = path.join(engine.dir, 'index.sqlite');
    const spoil = new DatabaseSync(file);
    spoil.exec(
      "CREATE TRIGGER full BEFORE INSERT ON entry WHEN NEW.idx = 500 BEGIN SELECT RAISE(ABORT, 'full'); END",
    );
    await Promise.all(numbered(990).map((event) => recorder.append(event)));
    const clock = manualClock();
    const again = await EventIndex.open(engine, () => {}, clock);
    onTestFinished(() => again.close());
    await again.caughtUp();
    expect(again.failure).toMatchObject({ message: 'full' });
    spoil.exec('DROP TRIGGER full');
    spoil.close();
    while (again.lag > 0) {
      await clock.advance(1000);
      await again.caughtUp();
    }
    expect(await find(again, { tenant: 'acme', limit: 1000 })).toHaveLength(1000);
  });

  /** Has the thread of an index throw. */
  async function crash(index: EventIndex): Promise<void> {
    const worker = index['service']['worker'];
    const gone = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage(undefined);
    await gone;
  }

  it('goes on with a new thread when its own crashes, also while nothing is appended', async () => {
    const { engine, recorder } = await indexed(numbered(10));
    const clock = manualClock();
    const errors: unknown[] = [];
    const index = await EventIndex.open(engine, (error) => errors.push(error), clock);
    onTestFinished(() => index.close());
    const { next } = await index.query({ tenant: 'acme', limit: 4 });
    await crash(index);
    await expect(index.query({ tenant: 'acme' })).rejects.toThrow();
    await expect.poll(() => index.failure).toBeDefined();
    expect(errors).toEqual([index.failure]);
    await recorder.append({ ...BASE, atMs: 1 });
    await clock.advance(1000);
    await expect.poll(() => index.failure).toBeUndefined();
    await index.caughtUp();
    expect(await find(index, { tenant: 'acme' })).toHaveLength(11);
    // Cursors last, and so does the index when it crashes again.
    expect((await index.query({ tenant: 'acme', limit: 4, after: next })).entries).toHaveLength(4);
  });

  it('forgets at its next start what was pruned while its thread was gone', async () => {
    const { engine, index } = await indexed(numbered(600));
    await crash(index);
    await index.forget('acme', 256);
    await index.close();
    const files = { read: (file: string) => (file === 'tile/entries/000' ? undefined : Buffer.of(0)) };
    const pruned: IndexedEngine = {
      ...within(engine, (tenant) => engine.size(tenant)),
      source: () => ({ read: async (file) => files.read(file) }),
    };
    const again = await openIndex(pruned);
    expect(await again.query({ tenant: 'acme', order: 'oldest-first', limit: 1 })).toMatchObject({
      entries: [{ index: 256 }],
    });
  });

  it('is quiet when its log is closed', async () => {
    const { engine } = await indexed(numbered(10));
    const onError = vi.fn();
    const index = await EventIndex.open(engine, onError);
    await index.caughtUp();
    await engine.close();
    const { signal } = index['following'].controller;
    await vi.waitUntil(() => signal.aborted || onError.mock.calls.length > 0, { timeout: 20_000 });
    await index.close();
    expect(onError).not.toHaveBeenCalled();
    expect(index.failure).toBeUndefined();
  });

  it('ends waiting when it is closed', async () => {
    const { index, engine } = await indexed([]);
    const waiting = (async () => {
      await engine.append('acme', Buffer.from('{}'));
      await index.caughtUp();
    })();
    await index.close();
    await waiting;
    await expect(index.query({})).rejects.toMatchObject({ code: 'ERR_AUDIT_CLOSED' });
  });
});

/** The same engine with another size. */
function within(engine: AuditEngine, size: (tenant: string) => number): IndexedEngine {
  const { dir, origin } = engine;
  return {
    ...{ dir, origin, size },
    source: (tenant) => engine.source(tenant),
    tenants: () => engine.tenants().filter((tenant) => size(tenant) > 0),
    entries: (tenant, from, to) => engine.entries(tenant, from, to),
    async *follow(cursor, signal) {
      for await (const batch of engine.follow(cursor, signal)) {
        const shown = batch.filter(({ tenant, index }) => index < size(tenant));
        if (shown.length > 0) yield shown;
      }
    },
  };
}

/** The reading side of an engine that has pruned its first entries. */
function withoutFirst(engine: AuditEngine, count: number): Pick<IndexedEngine, 'entries' | 'follow'> {
  return {
    async *entries(tenant, from, to) {
      if (from < count) throw new TileError('tile/entries/000', true);
      yield* engine.entries(tenant, from, to);
    },
    async *follow(cursor, signal) {
      if ((cursor.get('acme') ?? 0) < count) throw new TileError('tile/entries/000', true);
      yield* engine.follow(cursor, signal);
    },
  };
}
