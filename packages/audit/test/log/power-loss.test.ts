import path from 'node:path';
import type { AuditEngine } from '@holdfast/audit';
import { expect, test } from 'vitest';
import { checkPublished } from './check-published.ts';
import { powerless } from './crash.ts';
import { faultyFiles } from './faulty-files.ts';
import { appendAll, openTestEngine, segments, tempDir, texts, textsOf } from './rig.ts';

/** Opens a log whose segments are small, so that they go soon. */
async function openSmall() {
  const dir = tempDir();
  const faulty = faultyFiles();
  const engine = await openTestEngine({ dir, files: faulty.files, segmentBytes: 4096 });
  const lost = () => faulty.frozen(() => powerless(dir, faulty));
  return { dir, engine, lost };
}

async function grow(engine: AuditEngine, tenant: string, count: number): Promise<string[]> {
  const all = texts(count, tenant);
  for (let at = 0; at < count; at += 150) {
    await appendAll(engine, tenant, all.slice(at, at + 150));
    await engine.flush();
  }
  return all;
}

test('what was acknowledged is there after a loss of power, whatever was only in the kernel', async () => {
  const { engine, lost } = await openSmall();
  const all = texts(300);
  await appendAll(engine, 'a', all);
  const after = await openTestEngine({ dir: await lost() });
  expect(await textsOf(after, 'a')).toEqual(all);
});

test('so are the names of the folders that it is in', async () => {
  const top = tempDir();
  const dir = path.join(top, 'new', 'log');
  const { files, calls } = faultyFiles();
  const engine = await openTestEngine({ dir, files });
  await appendAll(engine, 'a', texts(1));
  const synced = calls.flatMap((each) => (each.call === 'syncPath' ? each.path : []));
  expect(synced).toEqual(expect.arrayContaining([top, path.dirname(dir), dir, path.join(dir, 'wal')]));
});

test('full tiles and bundles are on the disk before the segments go that they came from', async () => {
  const { dir, engine, lost } = await openSmall();
  const all = await grow(engine, 'a', 1500);
  while (segments(dir)[0]?.endsWith('.base') !== true) await new Promise(setImmediate);
  const left = await lost();
  const after = await openTestEngine({ dir: left });
  expect(await textsOf(after, 'a')).toEqual(all);
  await after.flush();
  expect(await checkPublished(left, 'a', all)).toBe(1500);
});

test('so is the bundle at the edge of a tree that nobody appends to any more', async () => {
  const { engine, lost } = await openSmall();
  await appendAll(engine, 'idle', texts(10));
  await grow(engine, 'busy', 1500);
  const after = await openTestEngine({ dir: await lost() });
  expect(await textsOf(after, 'idle')).toEqual(texts(10));
});

test('and it stays until the full one is on the disk', async () => {
  const { engine, lost } = await openSmall();
  await appendAll(engine, 'idle', texts(10));
  await grow(engine, 'busy', 1500);
  await appendAll(engine, 'idle', texts(246, 'more'));
  await engine.flush();
  const after = await openTestEngine({ dir: await lost() });
  expect(await textsOf(after, 'idle')).toEqual([...texts(10), ...texts(246, 'more')]);
});

test('and while it is being synced, although the tree fills it in the meantime', async () => {
  const dir = tempDir();
  const faulty = faultyFiles();
  const engine = await openTestEngine({ dir, files: faulty.files, segmentBytes: 4096 });
  await appendAll(engine, 'idle', texts(10));
  let filled = false;
  faulty.inject = async ({ call, path }) => {
    if (filled || call !== 'syncPath' || !path.endsWith('000.p/10')) return;
    filled = true;
    await appendAll(engine, 'idle', texts(246, 'more'));
    await engine.flush();
  };
  await grow(engine, 'busy', 1500);
  while (!filled) await new Promise(setImmediate);
  const after = await openTestEngine({ dir: await faulty.frozen(() => powerless(dir, faulty)) });
  expect(await textsOf(after, 'idle')).toEqual([...texts(10), ...texts(246, 'more')]);
  await engine.close();
  expect(engine.stats().failure).toBeUndefined();
});

test('also when the log was opened again in between', async () => {
  const dir = tempDir();
  const faulty = faultyFiles();
  const open = () => openTestEngine({ dir, files: faulty.files, segmentBytes: 4096 });
  let engine = await open();
  await appendAll(engine, 'idle', texts(10));
  const busy = await grow(engine, 'busy', 1500);
  await engine.close();
  engine = await open();
  await appendAll(engine, 'idle', texts(246, 'more'));
  await engine.flush();
  const left = await faulty.frozen(() => powerless(dir, faulty));
  const after = await openTestEngine({ dir: left });
  expect(await textsOf(after, 'idle')).toEqual([...texts(10), ...texts(246, 'more')]);
  expect(await textsOf(after, 'busy')).toEqual(busy);
});

test('also when it is published anew after a loss of power, and the power fails again', async () => {
  const dir = tempDir();
  const faulty = faultyFiles();
  const open = (at: string) => openTestEngine({ dir: at, files: faulty.files, segmentBytes: 4096 });
  const engine = await open(dir);
  await appendAll(engine, 'idle', texts(10));
  await grow(engine, 'busy', 1500);
  const first = await faulty.frozen(() => powerless(dir, faulty));
  await (await open(first)).flush();
  const after = await openTestEngine({ dir: await faulty.frozen(() => powerless(first, faulty)) });
  expect(await textsOf(after, 'idle')).toEqual(texts(10));
});
