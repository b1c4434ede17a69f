import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { diskFiles, encodeBundle, entryBundlePath, tilePath } from '@holdfast/audit';
import { expiredBelow } from '../../src/retention/expired-below.ts';
import { firstKept } from '../../src/retention/first-kept.ts';
import { declaredBy, minimumIndexIn } from '../../src/retention/minimum-index.ts';
import { removeBelow } from '../../src/retention/remove-below.ts';
import { readRetentionPolicy } from '../../src/retention/retention-policy.ts';
import { buildLog, copyOf, memorySource, numbered } from '../log-fixture.ts';

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('firstKept', () => {
  it('is the end of what is gone, however much that is', async () => {
    const whole = await buildLog({ entries: numbered(20 * 256 + 7) });
    for (let gone = 0; gone <= 20; gone++) {
      const log = copyOf(whole);
      for (let bundle = 0; bundle < gone; bundle++) log.files.delete(entryBundlePath(bundle));
      expect(await firstKept(log.source, 20 * 256 + 7)).toBe(gone * 256);
    }
  });

  it('looks at few files only', async () => {
    let reads = 0;
    const gone = 700_000;
    const source = {
      read: async (file: string) => {
        reads++;
        const index = Number(file.replace('tile/entries/', '').replaceAll(/[x/]/g, ''));
        return index < gone ? undefined : Buffer.of(0);
      },
    };
    expect(await firstKept(source, 1_000_000 * 256)).toBe(gone * 256);
    expect(reads).toBeLessThan(25);
  });

  it('is 0 for a log that is smaller than a bundle', async () => {
    expect(await firstKept(memorySource(new Map()), 0)).toBe(0);
    expect(await firstKept(memorySource(new Map()), 255)).toBe(0);
  });
});

describe('declaredBy', () => {
  it.each([
    [{ action: 'audit.pruned', details: { minimumIndex: 512 } }, 512],
    [{ action: 'audit.pruned', details: { minimumIndex: '512' } }, 0],
    [{ action: 'audit.pruned', details: { minimumIndex: 1.5 } }, 0],
    [{ action: 'audit.pruned', details: null }, 0],
    [{ action: 'audit.pruned' }, 0],
    [{ action: 'session.created', details: { minimumIndex: 512 } }, 0],
    [{ details: { action: 'audit.pruned', minimumIndex: 512 } }, 0],
    ['audit.pruned', 0],
    [null, 0],
  ])('reads %j as %i', (entry, index) => {
    expect(declaredBy(json(entry))).toBe(index);
  });

  it('reads nothing in what is no JSON', () => {
    expect(declaredBy(Buffer.from('"audit.pruned'))).toBe(0);
    expect(declaredBy(Buffer.of(0xff, 0xfe))).toBe(0);
  });
});

describe('minimumIndexIn', () => {
  it('is the largest that a bundle declares', () => {
    const entries = [256, 768, 512].map((minimumIndex) =>
      json({ action: 'audit.pruned', details: { minimumIndex } }),
    );
    expect(minimumIndexIn(encodeBundle([...numbered(3), ...entries, ...numbered(3)]))).toBe(768);
    expect(minimumIndexIn(encodeBundle(numbered(3)))).toBe(0);
  });

  it('is 0 for a bundle that is damaged', () => {
    const bundle = encodeBundle([json({ action: 'audit.pruned', details: { minimumIndex: 512 } })]);
    expect(minimumIndexIn(bundle.subarray(0, -1))).toBe(0);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
        expect(minimumIndexIn(bytes)).toBe(0);
      }),
    );
  });
});

describe('expiredBelow', () => {
  const at = (...times: readonly (number | string | undefined)[]) => times.map((time) => json({ time }));
  const logOf = (bundles: readonly Buffer[][]) =>
    memorySource(new Map(bundles.map((entries, i) => [entryBundlePath(i), encodeBundle(entries)])));
  const full = (atMs: number, ...others: Buffer[]) => [
    ...Array.from({ length: 256 - others.length }, () => json({ time: new Date(atMs).toISOString() })),
    ...others,
  ];

  it('ends before the first bundle with an entry that is young enough', async () => {
    const source = logOf([full(1_000), full(2_000), full(3_000), full(1_000)]);
    const below = (keepFromMs: number) => expiredBelow({ source, from: 0, to: 4 * 256, keepFromMs });
    expect(await below(1_000)).toBe(0);
    expect(await below(1_001)).toBe(256);
    expect(await below(2_001)).toBe(512);
    expect(await below(3_001)).toBe(1_024);
  });

  it('keeps entries that do not say when they happened', async () => {
    for (const odd of [...at(undefined, 'yesterday', 5), Buffer.from('no event'), json(null)]) {
      const source = logOf([full(1_000), full(1_000, odd), full(1_000)]);
      expect(await expiredBelow({ source, from: 0, to: 768, keepFromMs: 5_000 })).toBe(256);
    }
  });

  it('takes whole bundles only, and begins where it is told', async () => {
    const source = logOf([full(9_000), full(1_000), full(1_000)]);
    expect(await expiredBelow({ source, from: 256, to: 700, keepFromMs: 5_000 })).toBe(512);
    expect(await expiredBelow({ source, from: 256, to: 300, keepFromMs: 5_000 })).toBe(256);
  });
});

describe('removeBelow', () => {
  function tree(files: readonly string[]): string {
    const folder = mkdtempSync(path.join(tmpdir(), 'audit-remove-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    for (const file of files) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), 'x');
    }
    return folder;
  }
  const left = (folder: string) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => path.relative(folder, path.join(file.parentPath, file.name)))
      .sort();
  const bundles = Array.from({ length: 4 }, (_, i) => entryBundlePath(i));
  const tiles = Array.from({ length: 4 }, (_, i) => tilePath(0, i));

  it('removes bundles and the partial ones that preceded them', async () => {
    const folder = tree([...bundles, `${entryBundlePath(1)}.p/17`, ...tiles]);
    const removal = {
      files: diskFiles,
      folder,
      from: 256,
      minimumIndex: 768,
      size: 1_024,
      hashes: 'keep',
    } as const;
    expect(await removeBelow(removal)).toEqual({ bundles: 2, tiles: 0 });
    expect(left(folder)).toEqual([entryBundlePath(0), entryBundlePath(3), ...tiles].sort());
  });

  it('keeps the tiles under a partial one, from which a restart begins', async () => {
    const folder = tree([...bundles, ...tiles, tilePath(1, 0, 4)]);
    const removal = {
      files: diskFiles,
      folder,
      from: 0,
      minimumIndex: 768,
      size: 1_024,
      hashes: 'drop',
    } as const;
    expect(await removeBelow(removal)).toEqual({ bundles: 3, tiles: 0 });
    expect(left(folder)).toEqual([entryBundlePath(3), ...tiles, tilePath(1, 0, 4)].sort());
  });

  it('removes the tiles under a full one, after that is on the disk', async () => {
    const folder = tree([...bundles, ...tiles, tilePath(1, 0)]);
    const synced: string[] = [];
    const files = {
      ...diskFiles,
      sync: async (file: string) => {
        synced.push(path.relative(folder, file));
        expect(left(folder)).toContain(tilePath(0, 0));
      },
    };
    const removal = { files, folder, from: 0, minimumIndex: 768, size: 65_536, hashes: 'drop' } as const;
    expect(await removeBelow(removal)).toEqual({ bundles: 3, tiles: 3 });
    expect(synced).toEqual([tilePath(1, 0)]);
    expect(left(folder)).toEqual([entryBundlePath(3), tilePath(0, 3), tilePath(1, 0)].sort());
    expect(await removeBelow({ ...removal, from: 768 })).toEqual({ bundles: 0, tiles: 0 });
  });
});

describe('readRetentionPolicy', () => {
  it('keeps hashes unless it is told otherwise', () => {
    expect(readRetentionPolicy({ name: 'a year', keepMs: 1 })).toEqual({
      name: 'a year',
      keepMs: 1,
      hashes: 'keep',
    });
    expect(readRetentionPolicy({ name: 'a year', keepMs: 0, hashes: 'drop' }).hashes).toBe('drop');
  });

  it('refuses what is no policy', () => {
    const wrong = (policy: object) => () => readRetentionPolicy(policy as never);
    expect(wrong({ keepMs: 1 })).toThrow('retention: name must not be empty');
    expect(wrong({ name: 'x', keepMs: 1.5 })).toThrow('retention: keepMs must be an integer >= 0, got 1.5');
    expect(wrong({ name: 'x', keepMs: 1, hashes: 'burn' })).toThrow(
      'retention: hashes must be one of "keep", "drop"',
    );
    expect(wrong({ name: 'x', keepMs: 1, days: 3 })).toThrow('retention has no option "days"');
  });
});
