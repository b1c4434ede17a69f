import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeBundle,
  encodeBundle,
  entryBundlePath,
  leafHash,
  tileWidth,
  trustLog,
  verifyLog,
  type Finding,
  type VerifyReport,
} from '@holdfast/audit';
import { buildLog, copyOf, numbered, type LogFixture } from '../log-fixture.ts';

/** A log with tiles of three levels. */
const bigLog = buildLog({ entries: numbered(66_000) });

const verify = (log: LogFixture, kept: readonly string[] = []): Promise<VerifyReport> =>
  verifyLog({ source: log.source, policy: trustLog(log.vkey), kept });

/** Changes the entries of one bundle, and leaves all hashes as they are. */
function rewriteBundle(
  log: LogFixture,
  index: number,
  change: (entries: Uint8Array[]) => Uint8Array[],
): void {
  const file = entryBundlePath(index, tileWidth(0, index, log.entries.length));
  const bundle = log.files.get(file);
  if (bundle === undefined) throw new Error(`no ${file}`);
  log.files.set(file, encodeBundle(change(decodeBundle(bundle))));
}

function flip(log: LogFixture, file: string, bit: number): void {
  const bytes = Buffer.from(log.files.get(file) ?? '');
  log.files.set(file, bytes);
  bytes.writeUInt8((bytes[Math.floor(bit / 8)] ?? 0) ^ (1 << (bit % 8)), Math.floor(bit / 8));
}

/** Whether a finding is about an entry. */
const concerns = (entry: number) => (finding: Finding) =>
  finding.index !== undefined && finding.index <= entry && entry < finding.index + (finding.entries ?? 1);

/** Which entry the bit of a bundle belongs to; its length belongs to it. */
function entryAt(bundle: Buffer, byte: number): number {
  let at = 0;
  for (let entry = 0; ; entry++) {
    at += 2 + bundle.readUInt16BE(at);
    if (byte < at) return entry;
  }
}

describe('a single changed bit', () => {
  it('of an entry or its length is found, with the entry', async () => {
    const whole = await buildLog({ entries: numbered(700) });
    const bundles = [...whole.files.keys()].filter((file) => file.startsWith('tile/entries/'));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...bundles),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async (file, where) => {
          const log = copyOf(whole);
          const bundle = log.files.get(file) ?? Buffer.of();
          const bit = Math.floor(where * bundle.length * 8);
          const entry = Number(file.split('/')[2]?.slice(0, 3)) * 256 + entryAt(bundle, Math.floor(bit / 8));
          flip(log, file, bit);
          const { ok, findings } = await verify(log);
          expect(ok).toBe(false);
          expect(findings[0]).toSatisfy(concerns(entry));
          expect(findings[0]?.file).toBe(file);
        },
      ),
    );
  });

  it('of a tile of any level is found, with the tile and the entries below it', async () => {
    const whole = copyOf(await bigLog);
    const tiles = [...whole.files.keys()].filter((file) => /^tile\/[0-9]/.test(file));
    expect(tiles.some((file) => file.startsWith('tile/2/'))).toBe(true);
    const upper = tiles.filter((file) => !file.startsWith('tile/0/'));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constantFrom(...tiles), fc.constantFrom(...upper)),
        fc.nat(),
        async (file, random) => {
          const bytes = whole.files.get(file) ?? Buffer.of();
          const bit = random % (bytes.length * 8);
          flip(whole, file, bit);
          const { findings } = await verify(whole);
          flip(whole, file, bit);
          expect(findings).toHaveLength(1);
          expect(findings[0]).toMatchObject({ kind: 'tile-changed', file });
          const [, level = '', ...path] = file.split('/');
          const tile = Number(
            path
              .join('')
              .replaceAll('x', '')
              .replace(/\.p\d+$/, ''),
          );
          const hash = tile * 256 + Math.floor(bit / 256);
          expect(findings[0]).toMatchObject({
            index: hash * 256 ** Number(level),
            entries: 256 ** Number(level),
          });
        },
      ),
      { numRuns: 12 },
    );
  });

  it('of the checkpoint is found', async () => {
    const whole = await buildLog({ entries: numbered(300) });
    const length = whole.files.get('checkpoint')?.length ?? 0;
    for (let bit = 0; bit < length * 8; bit += 5) {
      const log = copyOf(whole);
      flip(log, 'checkpoint', bit);
      const { ok } = await verify(log);
      expect(ok, `bit ${bit}`).toBe(false);
    }
  });
});

describe('entries', () => {
  const anywhere = fc.integer({ min: 0, max: 699 });

  it('that are dropped are found, with their place', async () => {
    const whole = await buildLog({ entries: numbered(700) });
    await fc.assert(
      fc.asyncProperty(anywhere, async (entry) => {
        const log = copyOf(whole);
        rewriteBundle(log, Math.floor(entry / 256), (entries) => entries.toSpliced(entry % 256, 1));
        const { findings } = await verify(log);
        expect(findings).toMatchObject([{ kind: 'entry-dropped', index: entry, entries: 1 }]);
      }),
    );
  });

  it('that are inserted are found, with their place', async () => {
    const whole = await buildLog({ entries: numbered(700) });
    await fc.assert(
      fc.asyncProperty(anywhere, fc.uint8Array({ maxLength: 300 }), async (entry, more) => {
        const log = copyOf(whole);
        rewriteBundle(log, Math.floor(entry / 256), (entries) => entries.toSpliced(entry % 256, 0, more));
        const { findings } = await verify(log);
        expect(findings).toMatchObject([{ kind: 'entry-inserted', index: entry, entries: 1 }]);
      }),
    );
  });

  it('that are swapped within a bundle or across two are found, with both places', async () => {
    const whole = await buildLog({ entries: numbered(700) });
    await fc.assert(
      fc.asyncProperty(anywhere, anywhere, async (one, other) => {
        fc.pre(one !== other);
        const log = copyOf(whole);
        const swap = (entry: number, by: number) =>
          rewriteBundle(log, Math.floor(entry / 256), (entries) =>
            entries.with(entry % 256, whole.entries[by] ?? Buffer.of()),
          );
        swap(one, other);
        swap(other, one);
        const { findings } = await verify(log);
        expect(findings.map(({ index }) => index)).toEqual([one, other].sort((a, b) => a - b));
        const inOneBundle = Math.floor(one / 256) === Math.floor(other / 256);
        expect(findings[0]?.kind).toBe(inOneBundle ? 'entries-swapped' : 'entry-changed');
      }),
    );
  });

  it('that are dropped with all later ones moved up are found at the first', async () => {
    const log = await buildLog({ entries: numbered(700) });
    const entries = log.entries.toSpliced(300, 1);
    for (const index of [1, 2]) {
      const width = Math.min(256, entries.length - index * 256);
      log.files.delete(entryBundlePath(index, tileWidth(0, index, 700)));
      log.files.set(
        entryBundlePath(index, tileWidth(0, index, 700)),
        encodeBundle(entries.slice(index * 256, index * 256 + width)),
      );
    }
    const { findings } = await verify(log);
    expect(findings[0]).toMatchObject({ kind: 'entry-dropped', index: 300, entries: 1 });
  });
});

describe('somebody who can write the directory but has no key', () => {
  it('cannot change an entry and its tile: the tile above tells', async () => {
    const log = copyOf(await bigLog);
    rewriteBundle(log, 3, (entries) => entries.with(7, Buffer.from('forged')));
    const tile = Buffer.from(log.files.get('tile/0/003') ?? '');
    tile.set(leafHash(Buffer.from('forged')), 7 * 32);
    log.files.set('tile/0/003', tile);
    const { findings } = await verify(log);
    expect(findings).toMatchObject([{ kind: 'entry-changed', index: 768, entries: 256 }]);
  });

  it('cannot change an entry and all hashes over it: the signed root tells', async () => {
    const log = await buildLog({ entries: numbered(700) });
    const forged = await buildLog({ ...log, entries: log.entries.with(300, Buffer.from('forged')) });
    forged.files.set('checkpoint', log.files.get('checkpoint') ?? Buffer.of());
    const { findings } = await verify(forged);
    expect(findings).toMatchObject([{ kind: 'root-mismatch', index: 0, entries: 700 }]);
  });

  it('cannot remove files: each is named', async () => {
    const whole = await buildLog({ entries: numbered(700) });
    for (const file of whole.files.keys()) {
      const log = copyOf(whole);
      log.files.delete(file);
      const { ok, findings } = await verify(log);
      expect(ok).toBe(false);
      // The first bundle is what pruning removes first.
      if (file === 'tile/entries/000')
        expect(findings).toMatchObject([{ kind: 'pruned-undeclared', entries: 256 }]);
      else expect(findings[0]).toMatchObject({ kind: 'file-missing', file });
    }
  });

  it('cannot cut files short', async () => {
    const whole = await buildLog({ entries: numbered(700) });
    for (const [file, bytes] of whole.files) {
      for (const length of [0, 1, Math.floor(bytes.length / 2), bytes.length - 1]) {
        const log = copyOf(whole);
        log.files.set(file, bytes.subarray(0, length));
        const { findings } = await verify(log);
        expect(findings[0], `${file} of ${length} bytes`).toBeDefined();
      }
    }
  });
});

describe('somebody who has the key', () => {
  it('can cut the log back unseen, unless a checkpoint was kept elsewhere', async () => {
    const log = await buildLog({ entries: numbered(700) });
    const kept = await log.checkpointAt(650);
    const rolledBack = await buildLog({ ...log, entries: log.entries.slice(0, 500) });
    expect((await verify(rolledBack)).ok).toBe(true);
    const { findings } = await verify(rolledBack, [kept]);
    expect(findings).toMatchObject([{ kind: 'rolled-back', index: 500, entries: 150 }]);
  });

  it('can rewrite the log unseen, unless a checkpoint was kept elsewhere', async () => {
    const log = await buildLog({ entries: numbered(700) });
    const rewritten = await buildLog({ ...log, entries: log.entries.with(300, Buffer.from('forged')) });
    expect((await verify(rewritten)).ok).toBe(true);
    expect((await verify(rewritten, [await log.checkpointAt(300)])).ok).toBe(true);
    for (const size of [301, 512, 700]) {
      const { findings } = await verify(rewritten, [await log.checkpointAt(size)]);
      expect(findings).toMatchObject([{ kind: 'forked', index: 0, entries: size }]);
    }
  });
});

describe('a log that is damaged as a whole', () => {
  it('has no more findings than were asked for', async () => {
    const log = await buildLog({ entries: numbered(700) });
    for (const index of [0, 1, 2])
      rewriteBundle(log, index, (entries) => entries.map(() => Buffer.from('x')));
    const report = await verifyLog({ source: log.source, policy: trustLog(log.vkey), maxFindings: 7 });
    expect(report).toMatchObject({ ok: false, truncated: true });
    expect(report.findings).toHaveLength(7);
  });
});
