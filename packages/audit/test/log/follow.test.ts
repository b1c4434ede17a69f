import type { AuditEngine, StoredEntry } from '@holdfast/audit';
import { manualClock } from '@holdfast/pipeline/testing';
import { expect, test } from 'vitest';
import { appendAll, openTestEngine, texts } from './rig.ts';

/** Follows until so many entries have come. */
async function take(
  engine: AuditEngine,
  count: number,
  from: Iterable<[string, number]> = [],
): Promise<StoredEntry[]> {
  const stop = new AbortController();
  const found: StoredEntry[] = [];
  for await (const batch of engine.follow(new Map(from), stop.signal)) {
    found.push(...batch);
    if (found.length >= count) break;
  }
  return found;
}

const shown = (entries: readonly StoredEntry[]) =>
  entries.map(({ tenant, index, leaf }) => `${tenant} ${index} ${Buffer.from(leaf).toString()}`);

test('what is there comes first, then what is appended', async () => {
  const engine = await openTestEngine({ clock: manualClock() });
  await appendAll(engine, 'a', texts(300));
  const following = take(engine, 303);
  await new Promise(setImmediate);
  await appendAll(engine, 'a', ['x', 'y']);
  await appendAll(engine, 'b', ['z']);
  const found = shown(await following);
  expect(found.filter((line) => line.startsWith('a'))).toEqual(
    [...texts(300), 'x', 'y'].map((text, at) => `a ${at} ${text}`),
  );
  expect(found).toContain('b 0 z');
});

test('a cursor says where to go on, for each tenant', async () => {
  const engine = await openTestEngine();
  await appendAll(engine, 'a', texts(10));
  await appendAll(engine, 'b', texts(10));
  const found = await take(engine, 11, [['a', 9]]);
  expect(shown(found)[0]).toBe('a 9 event 9');
  expect(found).toHaveLength(11);
});

test('tenants take turns, so that a large one holds up no small one', async () => {
  const engine = await openTestEngine({ clock: manualClock() });
  await appendAll(engine, 'large', texts(2000));
  await appendAll(engine, 'small', ['one']);
  const found = await take(engine, 300);
  expect(shown(found)).toContain('small 0 one');
});

test('it ends when the signal aborts, at once while it waits', async () => {
  const engine = await openTestEngine();
  await appendAll(engine, 'a', texts(1));
  const stop = new AbortController();
  const batches: number[] = [];
  const following = (async () => {
    for await (const batch of engine.follow(new Map(), stop.signal)) batches.push(batch.length);
  })();
  while (batches.length === 0) await new Promise(setImmediate);
  stop.abort();
  await following;
  expect(batches).toEqual([1]);
  for await (const batch of engine.follow(new Map(), stop.signal)) expect(batch).toEqual([]);
});

test('it ends when the log closes, after the last entry', async () => {
  const engine = await openTestEngine();
  const found: StoredEntry[] = [];
  const following = (async () => {
    for await (const batch of engine.follow(new Map(), new AbortController().signal)) found.push(...batch);
  })();
  await appendAll(engine, 'a', texts(700));
  await engine.close();
  await following;
  expect(found).toHaveLength(700);
});

test('it ends when the log closes, after what was appended just before', async () => {
  for (let round = 0; round < 20; round++) {
    const engine = await openTestEngine();
    const found: StoredEntry[] = [];
    await appendAll(engine, 'a', texts(1));
    const following = (async () => {
      for await (const batch of engine.follow(new Map(), new AbortController().signal)) found.push(...batch);
    })();
    const last = appendAll(engine, 'a', texts(10));
    for (let turn = 0; turn < round; turn++) await Promise.resolve();
    await Promise.all([engine.close(), last, following]);
    expect(found).toHaveLength(11);
  }
});

test('a reader that stops costs nothing any more', async () => {
  const engine = await openTestEngine();
  await appendAll(engine, 'a', texts(2));
  for (let round = 0; round < 50; round++) await take(engine, 1);
  let calls = 0;
  engine.onDurable(() => calls++);
  await appendAll(engine, 'a', texts(1));
  await new Promise(setImmediate);
  expect(calls).toBe(1);
});

test('a listener that throws changes nothing', async () => {
  const errors: unknown[] = [];
  const engine = await openTestEngine({ onListenerError: (error) => errors.push(error) });
  const broken = new Error('listener');
  engine.onDurable(() => {
    throw broken;
  });
  engine.subscribe(() => {
    throw broken;
  });
  expect(await engine.append('a', Buffer.from('x'))).toMatchObject({ index: 0 });
  await engine.close();
  expect(errors.length).toBeGreaterThan(0);
  expect(new Set(errors)).toEqual(new Set([broken]));
});
