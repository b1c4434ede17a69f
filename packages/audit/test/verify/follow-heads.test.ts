import { describe, expect, it } from 'vitest';
import { trustLog } from '@holdfast/audit';
import { manualClock } from '@holdfast/pipeline/testing';
import { followHeads, readHead } from '../../src/verify/follow-heads.ts';
import { verifiedEntries } from '../../src/verify/verified-entries.ts';
import { buildLog, copyOf, memorySource, numbered, type LogFixture } from '../log-fixture.ts';

/** A log whose files are replaced under whoever follows it. */
async function changing(size: number) {
  const first = await buildLog({ entries: numbered(size) });
  const files = new Map(first.files);
  return {
    first,
    policy: trustLog(first.vkey),
    source: memorySource(files),
    become(log: LogFixture) {
      files.clear();
      for (const [file, bytes] of log.files) files.set(file, bytes);
    },
  };
}

async function rig(size: number) {
  const log = await changing(size);
  const clock = manualClock();
  const stop = new AbortController();
  const feed = { source: log.source, policy: log.policy, everyMs: 1_000, clock, signal: stop.signal };
  const heads = followHeads(feed);
  const nextSize = async () => {
    const next = heads.next();
    await clock.advance(1_000);
    const result = await next;
    return result.done === true ? undefined : result.value.size;
  };
  return { ...log, clock, stop, heads, nextSize };
}

const grown = (log: LogFixture, size: number) => buildLog({ ...log, entries: numbered(size) });

describe('followHeads', () => {
  it('gives the present checkpoint at once, and each later one', async () => {
    const { first, nextSize, become } = await rig(3);
    expect(await nextSize()).toBe(3);
    become(await grown(first, 5));
    expect(await nextSize()).toBe(5);
    become(await grown(first, 700));
    expect(await nextSize()).toBe(700);
  });

  it('waits while nothing comes', async () => {
    const { first, clock, heads, become } = await rig(3);
    await heads.next();
    let arrived = false;
    const next = heads.next().then(() => (arrived = true));
    await clock.advance(5_000);
    expect(arrived).toBe(false);
    become(await grown(first, 4));
    await clock.advance(1_000);
    await next;
  });

  it('ends when its signal aborts, also while it waits', async () => {
    const { clock, heads, stop } = await rig(3);
    await heads.next();
    const next = heads.next();
    await clock.advance(10);
    stop.abort();
    expect(await next).toMatchObject({ done: true });
    expect(clock.pendingTimers).toBe(0);
  });

  it('fails when the log was cut back', async () => {
    const { first, heads, clock, become } = await rig(5);
    await heads.next();
    become(await grown(first, 3));
    const failed = expect(heads.next()).rejects.toThrow('the log was cut back from 5 to 3 entries');
    await clock.advance(1_000);
    await failed;
  });

  it('fails when the log was rewritten, at the same size or beyond', async () => {
    for (const size of [5, 9]) {
      const { first, heads, clock, become } = await rig(5);
      await heads.next();
      become(await buildLog({ ...first, entries: numbered(size, 'other') }));
      const failed = expect(heads.next()).rejects.toThrow('the first 5 entries are not the same any more');
      await clock.advance(1_000);
      await failed;
    }
  });

  it('fails when another key signs', async () => {
    const { heads, clock, become } = await rig(5);
    await heads.next();
    become(await buildLog({ entries: numbered(9) }));
    const failed = expect(heads.next()).rejects.toThrow('no known key');
    await clock.advance(1_000);
    await failed;
  });
});

describe('readHead', () => {
  it('says so when there is no checkpoint', async () => {
    const { vkey } = await buildLog({ entries: [] });
    await expect(readHead(memorySource(new Map()), trustLog(vkey))).rejects.toThrow('there is no checkpoint');
  });
});

describe('verifiedEntries', () => {
  async function read(log: LogFixture, from: number, wanted?: (entry: Uint8Array) => boolean) {
    const head = await readHead(log.source, trustLog(log.vkey));
    const found: number[] = [];
    for await (const { index, entry } of verifiedEntries(log.source, head, from, wanted)) {
      expect(log.entries[index]?.equals(entry)).toBe(true);
      found.push(index);
    }
    return found;
  }

  it('gives every entry from one on, in order', async () => {
    const log = await buildLog({ entries: numbered(520) });
    for (const from of [0, 1, 255, 256, 511, 512, 519, 520]) {
      expect(await read(log, from)).toEqual(Array.from({ length: 520 - from }, (_, i) => from + i));
    }
  });

  it('gives those that are wanted, and proves no other', async () => {
    const log = copyOf(await buildLog({ entries: numbered(520) }));
    const bundle = Buffer.from(log.files.get('tile/entries/000') ?? '');
    bundle.writeUInt8((bundle[10] ?? 0) ^ 1, 10);
    log.files.set('tile/entries/000', bundle);
    const seventh = log.entries[7] ?? Buffer.of();
    expect(await read(log, 0, (entry) => seventh.equals(entry))).toEqual([7]);
    await expect(read(log, 0)).rejects.toThrow('entry 0 is not the one that was signed');
  });

  it('gives nothing of a tree whose tiles were changed', async () => {
    const log = copyOf(await buildLog({ entries: numbered(520) }));
    log.files.set('tile/1/000.p/2', Buffer.alloc(64));
    await expect(read(log, 0)).rejects.toThrow('entry 0 is not the one that was signed');
  });

  it('fails where files are missing', async () => {
    const log = copyOf(await buildLog({ entries: numbered(520) }));
    log.files.delete('tile/entries/001');
    await expect(read(log, 200)).rejects.toMatchObject({ code: 'ERR_AUDIT_TILE', missing: true });
  });
});
