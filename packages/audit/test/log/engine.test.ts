import { readFileSync } from 'node:fs';
import {
  AuditClosedError,
  AuditOverloadedError,
  type AuditTimeoutError,
  leafHash,
  openEngine,
  rootOf,
} from '@holdfast/audit';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, test } from 'vitest';
import { openSegment } from '../../src/wal/read-segment.ts';
import { naiveRoot } from '../merkle/naive.ts';
import { checkPublished } from './check-published.ts';
import { faultyFiles } from './faulty-files.ts';
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

describe('appending', () => {
  test('answers with tenant, index and leaf hash, in the order of the calls', async () => {
    const engine = await openTestEngine();
    const answers = await appendAll(engine, 'acme', texts(300));
    expect(answers.map(({ index }) => index)).toEqual(texts(300).map((_, index) => index));
    expect(answers[7]?.tenant).toBe('acme');
    expect(answers[7]?.leafHash).toEqual(leafHash(Buffer.from('event 7')));
    expect(JSON.parse(JSON.stringify(answers[7]))).toEqual({ tenant: 'acme', index: 7 });
  });

  test('counts every tenant for itself', async () => {
    const engine = await openTestEngine();
    await Promise.all([
      appendAll(engine, 'a', texts(3)),
      appendAll(engine, 'b', texts(2)),
      appendAll(engine, 'a', texts(1)),
    ]);
    expect(engine.tenants()).toEqual(['a', 'b']);
    expect([engine.size('a'), engine.size('b'), engine.size('c')]).toEqual([4, 2, 0]);
  });

  test('takes entries from nothing up to 65,535 bytes', async () => {
    const dir = tempDir();
    const engine = await openTestEngine({ dir });
    const entries = [0, 1, 65_534, 65_535].map((length) => 'x'.repeat(length));
    await appendAll(engine, 'a', [...entries, ...entries]);
    await engine.close();
    const again = await openTestEngine({ dir });
    expect(await textsOf(again, 'a')).toEqual([...entries, ...entries]);
    await expect(again.append('a', Buffer.alloc(65_536))).rejects.toThrow(
      'append: leaf must have at most 65535 bytes, got 65536',
    );
    expect(await checkPublished(dir, 'a', [...entries, ...entries])).toBe(8);
  });

  test.each(['', 'x'.repeat(65), '\ud800'])('refuses the tenant %j', async (tenant) => {
    const engine = await openTestEngine();
    await expect(engine.append(tenant, Buffer.from('x'))).rejects.toThrow(TypeError);
    expect(engine.tenants()).toEqual([]);
  });

  test('writes many batches of large entries without mixing them up', async () => {
    const dir = tempDir();
    const engine = await openTestEngine({ dir });
    const large = texts(200).map((text) => text.padEnd(60_000, '.'));
    await appendAll(engine, 'a', large);
    expect(engine.stats().commits).toBeGreaterThan(2);
    expect(await textsOf(engine, 'a')).toEqual(large);
  });
});

describe('group commit', () => {
  test('what is appended in one turn goes to the disk together', async () => {
    const engine = await openTestEngine();
    await appendAll(engine, 'a', texts(500));
    expect(engine.stats()).toMatchObject({ commits: 1, appended: 500 });
  });

  test('what comes while the disk is at work goes together afterwards, at once and without a timer', async () => {
    const faulty = faultyFiles();
    const clock = manualClock();
    const engine = await openTestEngine({ files: faulty.files, clock });
    let release = () => {};
    faulty.inject = async ({ call }) => {
      if (call === 'sync') await new Promise<void>((resolve) => (release = resolve));
    };
    const first = engine.append('a', Buffer.from('first'));
    await new Promise(setImmediate);
    const rest = appendAll(engine, 'a', texts(100));
    expect(engine.stats()).toMatchObject({ pending: 101, appended: 0, commits: 0 });
    faulty.inject = undefined;
    release();
    await first;
    await rest;
    expect(engine.stats()).toMatchObject({ pending: 0, appended: 101, commits: 2 });
  });

  test('flushing does not wait for callers who never stop', async () => {
    const engine = await openTestEngine();
    let flushed = false;
    const caller = async () => {
      while (!flushed) await engine.append('a', Buffer.from('x'));
    };
    const callers = Promise.all(texts(4).map(caller));
    await engine.flush();
    expect(engine.checkpoint('a')?.size).toBeGreaterThanOrEqual(4);
    flushed = true;
    await callers;
  });

  test('callers who append again after their answer stay together', async () => {
    const engine = await openTestEngine();
    const caller = async (name: string) => {
      for (let turn = 0; turn < 20; turn++) await engine.append('a', Buffer.from(`${name} ${turn}`));
    };
    await Promise.all(texts(50, 'caller').map(caller));
    expect(engine.stats()).toMatchObject({ commits: 20, appended: 1000 });
  });

  test('an answer comes after the sync, never before', async () => {
    const faulty = faultyFiles();
    const engine = await openTestEngine({ files: faulty.files });
    const order: string[] = [];
    faulty.inject = async ({ call }) => {
      if (call !== 'sync') return;
      await new Promise(setImmediate);
      order.push('synced');
    };
    await engine.append('a', Buffer.from('x')).then(() => order.push('answered'));
    expect(order).toEqual(['synced', 'answered']);
  });
});

describe('back-pressure', () => {
  test('more than maxPending entries are refused, and taken again once the disk has caught up', async () => {
    const engine = await openTestEngine({ maxPending: 3 });
    const taken = appendAll(engine, 'a', texts(3));
    await expect(engine.append('a', Buffer.from('too many'))).rejects.toThrow(AuditOverloadedError);
    await expect(engine.append('a', Buffer.from('too many'))).rejects.toMatchObject({
      code: 'ERR_AUDIT_OVERLOADED',
      pending: 3,
    });
    await taken;
    expect(await engine.append('a', Buffer.from('next'))).toMatchObject({ index: 3 });
    expect(engine.stats()).toMatchObject({ failed: 2, appended: 4 });
  });

  test('who waits longer than ackTimeoutMs is told, and the entry may be there later', async () => {
    const faulty = faultyFiles();
    const clock = manualClock();
    const engine = await openTestEngine({ files: faulty.files, clock, ackTimeoutMs: 100 });
    let release = () => {};
    faulty.inject = async ({ call }) => {
      if (call === 'sync') await new Promise<void>((resolve) => (release = resolve));
    };
    const answers: unknown[] = [];
    const append = (text: string) =>
      engine.append('a', Buffer.from(text)).then(
        ({ index }) => answers.push(`${text} ${index}`),
        (error: unknown) => answers.push(`${text} ${(error as AuditTimeoutError).code}`),
      );
    const inFlight = append('in flight');
    await new Promise(setImmediate);
    await clock.advance(60);
    const queued = append('queued');
    await clock.advance(39);
    expect(answers).toEqual([]);
    await clock.advance(1);
    expect(answers).toEqual(['in flight ERR_AUDIT_TIMEOUT']);
    await clock.advance(59);
    expect(answers).toHaveLength(1);
    await clock.advance(1);
    expect(answers.slice(1)).toEqual(['queued ERR_AUDIT_TIMEOUT']);
    expect(clock.pendingTimers).toBeLessThanOrEqual(2);
    faulty.inject = undefined;
    release();
    await Promise.all([inFlight, queued]);
    expect(await engine.append('a', Buffer.from('after'))).toMatchObject({ index: 1 });
    expect(await textsOf(engine, 'a')).toEqual(['in flight', 'after']);
  });
});

describe('publishing', () => {
  test('the first entry is published at once, later ones once an interval, and only for trees that changed', async () => {
    const dir = tempDir();
    const clock = manualClock();
    const engine = await openTestEngine({ dir, clock, checkpointEveryMs: 1000 });
    const published: string[] = [];
    engine.on('audit.checkpoint_published', ({ tenant, size }) => published.push(`${tenant} ${size}`));
    // Files are written on real threads.
    const allPublished = async () => {
      while (engine.stats().unpublished > 0) await new Promise(setImmediate);
    };
    await appendAll(engine, 'a', texts(1));
    await clock.advance(0);
    await allPublished();
    expect(published).toEqual(['a 1']);
    await appendAll(engine, 'a', texts(1));
    await appendAll(engine, 'b', texts(1));
    await clock.advance(999);
    expect(published).toEqual(['a 1']);
    await clock.advance(1);
    await allPublished();
    expect(published.slice(1).sort()).toEqual(['a 2', 'b 1']);
    await clock.advance(5000);
    expect(published).toHaveLength(3);
    expect(clock.pendingTimers).toBe(0);
  });

  test('flush publishes everything at once', async () => {
    const dir = tempDir();
    const engine = await openTestEngine({ dir, clock: manualClock() });
    const appended = appendAll(engine, 'a', texts(700));
    await engine.flush();
    await appended;
    expect(engine.checkpoint('a')).toMatchObject({ origin: `${ORIGIN}/a`, size: 700 });
    expect(await checkPublished(dir, 'a', texts(700))).toBe(700);
    expect(engine.stats()).toMatchObject({ unpublished: 0, tenants: 1 });
  });

  test('files are those of the specification, and nothing else', async () => {
    const dir = tempDir();
    const engine = await openTestEngine({ dir });
    await appendAll(engine, 'Acme Ltd.', texts(600));
    await engine.close();
    const names = [...filesIn(dir).keys()].filter((file) => file.startsWith('logs'));
    expect(names.filter((file) => !file.includes('.p/')).sort()).toEqual(
      ['checkpoint', 'tile/0/000', 'tile/0/001', 'tile/entries/000', 'tile/entries/001'].map(
        (file) => `logs/~41cme~20~4ctd~2e/${file}`,
      ),
    );
    const sizes = [...filesIn(dir)].map(([file, bytes]) => [file.split('Acme')[0], bytes.length]);
    expect(sizes.length).toBeGreaterThan(5);
    expect(filesIn(dir).get('logs/~41cme~20~4ctd~2e/tile/1/000.p/2')).toHaveLength(64);
    expect(filesIn(dir).get('logs/~41cme~20~4ctd~2e/tile/0/002.p/88')).toHaveLength(88 * 32);
  });

  test('1,000 tenants have 1,000 trees', async () => {
    const dir = tempDir();
    const engine = await openTestEngine({ dir, clock: manualClock() });
    const tenants = texts(1000, 'tenant');
    for (const round of ['one', 'two']) {
      await Promise.all(tenants.map((tenant) => engine.append(tenant, Buffer.from(`${tenant} ${round}`))));
    }
    await engine.close();
    expect(engine.stats().commits).toBe(2);
    for (const tenant of tenants.filter((_, index) => index % 100 === 0)) {
      expect(await checkPublished(dir, tenant, [`${tenant} one`, `${tenant} two`])).toBe(2);
    }
    const again = await openTestEngine({ dir });
    expect(again.tenants()).toEqual(tenants);
    await again.close();
  });

  test('a signer that never answers holds up no append', async () => {
    const hung = { ...SIGNER, sign: () => new Promise<Uint8Array>(() => {}) };
    const engine = await openEngine({ dir: tempDir(), origin: ORIGIN, signer: hung });
    await appendAll(engine, 'a', texts(300));
    expect(await textsOf(engine, 'a')).toEqual(texts(300));
  });
});

describe('reading', () => {
  test('entries are there as soon as they are durable, published or not', async () => {
    const engine = await openTestEngine({ clock: manualClock() });
    for (let at = 0; at < 600; at += 40) {
      const end = Math.min(600, at + 40);
      await appendAll(engine, 'a', texts(600).slice(at, end));
      expect(await textsOf(engine, 'a', Math.max(0, at - 10))).toEqual(
        texts(600).slice(Math.max(0, at - 10), end),
      );
      if (at % 120 === 0) await engine.flush();
    }
    expect(await textsOf(engine, 'a', 250, 260)).toEqual(texts(600).slice(250, 260));
    expect(await textsOf(engine, 'a', 600)).toEqual([]);
    expect(() => engine.entries('a', 601)).toThrow(RangeError);
    expect(() => engine.entries('a', 0, 601)).toThrow(RangeError);
  });

  test('hashes lead to the root of every size, published or not', async () => {
    const engine = await openTestEngine({ clock: manualClock() });
    const leaves = texts(600).map((text) => Buffer.from(text));
    await appendAll(engine, 'a', texts(600).slice(0, 300));
    await engine.flush();
    await appendAll(engine, 'a', texts(600).slice(300));
    for (const size of [0, 1, 255, 256, 257, 300, 511, 512, 599, 600]) {
      expect(Buffer.from(await rootOf(engine.hashes('a', size), size))).toEqual(
        naiveRoot(leaves.slice(0, size)),
      );
    }
    expect(() => engine.hashes('a', 601)).toThrow(RangeError);
  });

  test('a tenant without entries is empty, and asking for it leaves nothing', async () => {
    const engine = await openTestEngine();
    expect(await textsOf(engine, 'nobody')).toEqual([]);
    expect(engine.originOf('nobody')).toBe(`${ORIGIN}/nobody`);
    expect(engine.checkpoint('nobody')).toBe(undefined);
    expect(await engine.source('nobody').read('checkpoint')).toBe(undefined);
    expect(engine.tenants()).toEqual([]);
  });
});

describe('closing', () => {
  test('publishes what is there, refuses what comes, and may be asked for twice', async () => {
    const dir = tempDir();
    const engine = await openTestEngine({ dir, clock: manualClock() });
    const appended = appendAll(engine, 'a', texts(10));
    const closed = engine.close();
    expect(engine.close()).toBe(closed);
    await expect(engine.append('a', Buffer.from('late'))).rejects.toThrow(AuditClosedError);
    expect(await appended).toHaveLength(10);
    await closed;
    expect(engine.stats().state).toBe('closed');
    expect(await checkPublished(dir, 'a', texts(10))).toBe(10);
  });

  test('keeps no timer', async () => {
    const clock = manualClock();
    const engine = await openTestEngine({ clock });
    await appendAll(engine, 'a', texts(10));
    await engine.close();
    await clock.run();
    expect(clock.pendingTimers).toBe(0);
  });
});

test('a clock that jumps back changes nothing', async () => {
  const dir = tempDir();
  const clock = manualClock();
  const engine = await openTestEngine({ dir, clock });
  await appendAll(engine, 'a', texts(5));
  clock.jumpWall(-86_400_000);
  await appendAll(engine, 'a', texts(5, 'later'));
  await engine.close();
  expect(await checkPublished(dir, 'a', [...texts(5), ...texts(5, 'later')])).toBe(10);
});

describe('options', () => {
  const open = (options: object) =>
    openEngine({ dir: '/nowhere', origin: ORIGIN, signer: SIGNER, ...options });

  test.each([
    [
      { origin: 'two words' },
      'openEngine: origin must be a text without spaces and plus signs, got a string of length 9',
    ],
    [{ origin: undefined }, 'openEngine: origin is required'],
    [{ dir: '' }, 'openEngine: dir must be a path, got a string of length 0'],
    [{ signer: {} }, 'openEngine: signer must be an object with the method sign, got an object'],
    [
      { signer: { sign: () => new Uint8Array(64), publicKey: new Uint8Array(31) } },
      'openEngine: signer must have a publicKey of 32 bytes, got an object',
    ],
    [{ maxPending: 0 }, 'openEngine: maxPending must be an integer >= 1, got 0'],
    [{ ackTimeoutMs: 0 }, 'openEngine: ackTimeoutMs must be an integer >= 1 or Infinity, got 0'],
    [{ checkpointEveryMs: 0.5 }, 'openEngine: checkpointEveryMs must be an integer >= 1, got 0.5'],
    [{ segmentBytes: 1 }, 'openEngine: segmentBytes must be an integer >= 4096 and <= 1073741824, got 1'],
    [{ colour: 'red' }, 'openEngine has no option "colour"'],
  ])('%j is refused', async (options, message) => {
    await expect(open(options)).rejects.toThrow(message);
  });
});

describe('partial files', () => {
  const partialsOf = (dir: string) => [...filesIn(dir).keys()].filter((file) => file.includes('.p/'));

  test('go once the full one is published, those of a process before as well', async () => {
    const dir = tempDir();
    let engine = await openTestEngine({ dir });
    for (let at = 0; at < 200; at += 50) {
      await appendAll(engine, 'a', texts(200).slice(at, at + 50));
      await engine.flush();
    }
    expect(partialsOf(dir)).toHaveLength(8);
    await engine.close();
    engine = await openTestEngine({ dir });
    await appendAll(engine, 'a', texts(100));
    await engine.flush();
    expect(partialsOf(dir).sort()).toEqual(
      ['tile/0/001.p/44', 'tile/1/000.p/1', 'tile/entries/001.p/44'].map((file) => `logs/a/${file}`),
    );
    expect(await checkPublished(dir, 'a', [...texts(200), ...texts(100)])).toBe(300);
  });

  test('stay while the write-ahead log counts on them', async () => {
    const dir = tempDir();
    const engine = await openTestEngine({ dir, segmentBytes: 4096 });
    await appendAll(engine, 'idle', texts(10));
    // Segment after segment for another tenant: the idle one is let go of.
    for (let round = 0; round < 8; round++) {
      await appendAll(engine, 'busy', texts(150));
      await engine.flush();
    }
    await appendAll(engine, 'idle', texts(246, 'more'));
    await engine.flush();
    await engine.close();
    const again = await openTestEngine({ dir });
    expect(await textsOf(again, 'idle')).toEqual([...texts(10), ...texts(246, 'more')]);
    expect(await checkPublished(dir, 'idle', [...texts(10), ...texts(246, 'more')])).toBe(256);
  });
});

test('a refused append leaves no tree behind: names alone fill no memory', async () => {
  const dir = tempDir();
  const engine = await openTestEngine({ dir, maxPending: 1, segmentBytes: 4096 });
  const answers = await Promise.allSettled(texts(100).map((name) => engine.append(name, Buffer.from('x'))));
  expect(answers.filter(({ status }) => status === 'rejected')).toHaveLength(99);
  for (let entry = 0; entry < 2; entry++) await engine.append('event 0', Buffer.alloc(5000));
  // The header of a segment names every tree that there is.
  const last = openSegment(readFileSync(segments(dir).at(-1) ?? ''));
  expect(last?.tenants.map(({ tenant }) => tenant)).toEqual(['event 0']);
});
