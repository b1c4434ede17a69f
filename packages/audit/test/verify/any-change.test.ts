import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryBundlePath, tilePath, trustLog, verifyLog } from '@holdfast/audit';
import { addPartials, buildLog, copyOf, numbered, type LogFixture } from '../log-fixture.ts';

const SIZE = 700;
const whole = buildLog({ entries: numbered(SIZE) });

/** The files that a reader of the last checkpoint needs. */
const FILES = [
  'checkpoint',
  ...[0, 1].flatMap((i) => [entryBundlePath(i), tilePath(0, i)]),
  entryBundlePath(2, SIZE - 512),
  tilePath(0, 2, SIZE - 512),
  tilePath(1, 0, 2),
];

/** What somebody may do to a file, who cannot sign. */
type Change =
  | { readonly kind: 'cut'; readonly file: string; readonly share: number }
  | { readonly kind: 'extend'; readonly file: string; readonly bytes: Uint8Array }
  | { readonly kind: 'overwrite'; readonly file: string; readonly share: number; readonly bytes: Uint8Array }
  | { readonly kind: 'remove'; readonly file: string }
  | { readonly kind: 'exchange'; readonly file: string; readonly other: string };

const file = fc.constantFrom(...FILES);
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const bytes = fc.uint8Array({ minLength: 1, maxLength: 80 });

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('cut' as const), file, share }),
  fc.record({ kind: fc.constant('extend' as const), file, bytes }),
  fc.record({ kind: fc.constant('overwrite' as const), file, share, bytes }),
  fc.record({ kind: fc.constant('remove' as const), file }),
  fc.record({ kind: fc.constant('exchange' as const), file, other: file }),
);

function apply({ files }: LogFixture, what: Change): void {
  const present = Buffer.from(files.get(what.file) ?? '');
  switch (what.kind) {
    case 'cut':
      return void files.set(what.file, present.subarray(0, Math.floor(present.length * what.share)));
    case 'extend':
      return void files.set(what.file, Buffer.concat([present, what.bytes]));
    case 'overwrite': {
      const at = Math.floor(present.length * what.share);
      present.set(what.bytes.subarray(0, present.length - at), at);
      return void files.set(what.file, present);
    }
    case 'remove':
      return void files.delete(what.file);
    case 'exchange':
      files.set(what.file, Buffer.from(files.get(what.other) ?? ''));
      return void files.set(what.other, present);
  }
}

const changedFiles = (log: LogFixture, original: LogFixture) =>
  FILES.filter(
    (name) => !Buffer.from(log.files.get(name) ?? '').equals(original.files.get(name) ?? Buffer.of()),
  );

describe('any number of changes to any files', () => {
  it('are found, and a log without any is not suspected', async () => {
    const original = await whole;
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 4 }), async (changes) => {
        const log = copyOf(original);
        for (const each of changes) apply(log, each);
        const { ok, findings } = await verifyLog({ source: log.source, policy: trustLog(log.vkey) });
        expect(ok).toBe(changedFiles(log, original).length === 0);
        expect(findings.length === 0).toBe(ok);
      }),
      { numRuns: 300 },
    );
  });

  it('are placed: a change to one file is blamed on that file, or on its entries', async () => {
    const original = await whole;
    await fc.assert(
      fc.asyncProperty(change, async (only) => {
        const log = copyOf(original);
        apply(log, only);
        const [name, ...more] = changedFiles(log, original);
        fc.pre(name !== undefined && more.length === 0 && name !== 'checkpoint');
        const { findings } = await verifyLog({ source: log.source, policy: trustLog(log.vkey) });
        const bundle = name.includes('/entries/')
          ? Number(name.slice('tile/entries/'.length).slice(0, 3))
          : undefined;
        for (const finding of findings) {
          if (finding.kind === 'pruned-undeclared') continue;
          const within =
            bundle !== undefined && finding.index !== undefined && Math.floor(finding.index / 256) === bundle;
          expect(finding.file === name || within, JSON.stringify({ only, finding })).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('to files that the last checkpoint does not need are nobody’s business', async () => {
    const log = copyOf(await whole);
    await addPartials(log, 300);
    log.files.set(tilePath(0, 1, 44), Buffer.from('garbage'));
    log.files.set('tile/7/000', Buffer.from('garbage'));
    log.files.set('index.html', Buffer.from('garbage'));
    expect(await verifyLog({ source: log.source, policy: trustLog(log.vkey) })).toMatchObject({ ok: true });
  });
});
