import { describe, expect, it } from 'vitest';
import { leafHash, tilePath, trustLog, verifyLog, type Finding } from '@holdfast/audit';
import { blame } from '../../src/verify/blame.ts';
import { FindingList } from '../../src/verify/finding-list.ts';
import { entriesText } from '../../src/verify/finding.ts';
import { readAhead } from '../../src/verify/read-ahead.ts';
import { buildLog, copyOf, numbered, type LogFixture } from '../log-fixture.ts';

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const row = (letters: string) => Buffer.concat([...letters].map((letter) => Buffer.alloc(32, letter)));
const short = ({ kind, index, entries, file }: Finding) => ({ kind, index, entries, file });

describe('blame', () => {
  it('names the entries where the tree above bears out their tile', () => {
    const dispute = { level: 0, index: 3, tile: row('abcd'), below: row('abXd') };
    expect(blame(dispute, 'tile')).toEqual([
      {
        kind: 'entry-changed',
        index: 770,
        entries: 1,
        file: 'tile/entries/003.p/4',
        message: 'entry 770: changed',
      },
    ]);
  });

  it('names the tile where the tree above bears out the entries', () => {
    const dispute = { level: 0, index: 3, tile: row('abcd'), below: row('abXd') };
    expect(blame(dispute, 'below').map(short)).toEqual([
      { kind: 'tile-changed', index: 770, entries: 1, file: 'tile/0/003.p/4' },
    ]);
  });

  it('says so where it bears out neither', () => {
    const dispute = { level: 0, index: 0, tile: row('ab'), below: row('aX') };
    const [finding] = blame(dispute, 'neither');
    expect(finding?.message).toBe('entry 1: changed, and the tree above bears out neither it nor its hash');
  });

  it('names ranges of entries on higher levels', () => {
    const dispute = { level: 1, index: 2, tile: row('abcd'), below: row('aXcY') };
    expect(blame(dispute, 'tile').map(short)).toEqual([
      { kind: 'entry-changed', index: (512 + 1) * 256, entries: 256, file: undefined },
      { kind: 'entry-changed', index: (512 + 3) * 256, entries: 256, file: undefined },
    ]);
    expect(blame(dispute, 'below')[0]).toMatchObject({
      kind: 'tile-changed',
      file: 'tile/1/002.p/4',
      message: 'tile/1/002.p/4: the hash of entries 131328 to 131583 was changed',
    });
  });

  it('tells of insertions by what they stand before', () => {
    const dispute = { level: 0, index: 0, tile: row('abc'), below: row('aXYbc') };
    expect(blame(dispute, 'tile')).toMatchObject([
      { kind: 'entry-inserted', index: 1, entries: 2, message: 'before entry 1: inserted' },
    ]);
  });
});

describe('entriesText', () => {
  it('counts from the first to the last', () => {
    expect([entriesText(7, 1), entriesText(7, 3)]).toEqual(['entry 7', 'entries 7 to 9']);
  });
});

describe('FindingList', () => {
  it('keeps as many as it may, and tells that there were more', () => {
    const list = new FindingList(2);
    const finding = { kind: 'forked', message: 'x' } as const;
    list.add(finding);
    list.add(finding);
    expect([list.list.length, list.truncated]).toEqual([2, false]);
    list.add(finding);
    expect([list.list.length, list.truncated]).toEqual([2, true]);
  });
});

describe('readAhead', () => {
  it('gives things in their order, whichever comes first', async () => {
    const done: (() => void)[] = [];
    const read = (index: number) => new Promise<number>((resolve) => (done[index] = () => resolve(index)));
    const reading = collect(readAhead(4, 2, read));
    await new Promise(setImmediate);
    expect(done).toHaveLength(2);
    done[1]?.();
    done[0]?.();
    await expect.poll(() => done.length).toBe(4);
    done[3]?.();
    done[2]?.();
    expect(await reading).toEqual([0, 1, 2, 3]);
  });

  it('reads nothing where there is nothing', async () => {
    expect(await collect(readAhead(0, 8, () => Promise.reject(new Error('read'))))).toEqual([]);
  });

  it('stops when nobody listens any more, and leaves no failure unhandled', async () => {
    const read: number[] = [];
    const failing = async (index: number) => {
      read.push(index);
      if (index > 0) throw new Error('late');
      return index;
    };
    for await (const _ of readAhead(100, 4, failing)) break;
    await new Promise(setImmediate);
    expect(read).toEqual([0, 1, 2, 3]);
  });
});

describe('who is right, where entries and tiles disagree', () => {
  const SIZE = 600;
  const verify = ({ source, vkey }: LogFixture) => verifyLog({ source, policy: trustLog(vkey) });

  /** Writes other hashes over one place of a tile. */
  function overwrite(log: LogFixture, file: string, place: number, hash: Uint8Array): void {
    const tile = Buffer.from(log.files.get(file) ?? '');
    tile.set(hash, place * 32);
    log.files.set(file, tile);
  }

  const forge = (log: LogFixture, text: string): Uint8Array => {
    const bundle = Buffer.from(log.files.get('tile/entries/001') ?? '');
    const entry = log.entries[256] ?? Buffer.of();
    const forged = Buffer.from(text.padEnd(entry.length, '.'));
    bundle.set(forged, 2);
    log.files.set('tile/entries/001', bundle);
    return leafHash(forged);
  };

  it('the tile, when the tree above has its hash', async () => {
    const log = await buildLog({ entries: numbered(SIZE) });
    forge(log, 'forged');
    expect((await verify(log)).findings.map(short)).toEqual([
      { kind: 'entry-changed', index: 256, entries: 1, file: 'tile/entries/001' },
    ]);
  });

  it('neither, when entry and tile were changed each in its way', async () => {
    const log = await buildLog({ entries: numbered(SIZE) });
    forge(log, 'forged');
    overwrite(log, tilePath(0, 1), 0, leafHash(Buffer.from('other')));
    const { findings } = await verify(log);
    expect(findings[0]).toMatchObject({ kind: 'entry-changed', index: 256 });
    expect(findings[0]?.message).toContain('bears out neither');
    expect(findings[1]).toMatchObject({ kind: 'entry-changed', index: 256, entries: 256 });
  });

  it('the level above, when entry and tile were changed alike', async () => {
    const log = await buildLog({ entries: numbered(SIZE) });
    overwrite(log, tilePath(0, 1), 0, forge(log, 'forged'));
    expect((await verify(log)).findings.map(short)).toEqual([
      { kind: 'entry-changed', index: 256, entries: 256, file: undefined },
    ]);
  });

  it('at the edge, whichever side leads to the signed root, for each level of its own', async () => {
    const whole = await buildLog({ entries: numbered(SIZE) });
    const edge = tilePath(0, 2, SIZE - 512);
    const upper = tilePath(1, 0, 2);
    const log = copyOf(whole);
    overwrite(log, edge, 3, Buffer.alloc(32, 1));
    overwrite(log, upper, 1, Buffer.alloc(32, 2));
    const { findings } = await verify(log);
    expect(findings.map(short)).toEqual([
      { kind: 'tile-changed', index: 512 + 3, entries: 1, file: edge },
      { kind: 'tile-changed', index: 256, entries: 256, file: upper },
    ]);
  });

  it('nobody at the edge, when both sides were changed', async () => {
    const log = await buildLog({ entries: numbered(3) });
    const other = await buildLog({ ...log, entries: numbered(3, 'other') });
    log.files.set('tile/entries/000.p/3', other.files.get('tile/entries/000.p/3') ?? Buffer.of());
    overwrite(log, tilePath(0, 0, 3), 1, Buffer.alloc(32, 1));
    const { findings } = await verify(log);
    expect(findings.at(-1)).toMatchObject({ kind: 'root-mismatch' });
    expect(findings[0]?.message).toContain('bears out neither');
  });
});
