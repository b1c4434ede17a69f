import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  encodeBundle,
  entryBundlePath,
  formatCheckpoint,
  generateSigner,
  leafHash,
  nodeHash,
  noteSigner,
  rootOf,
  signNote,
  tilePath,
  tileReader,
  vkeyOf,
  type NoteSigner,
  type Signer,
  type TileSource,
} from '@holdfast/audit';

/** A whole log in memory, made without the engine: what a verifier must accept. */
export interface LogFixture {
  readonly origin: string;
  readonly vkey: string;
  readonly signer: Signer;
  readonly entries: readonly Buffer[];
  /** The files of the log; tests change them. */
  readonly files: Map<string, Buffer>;
  readonly source: TileSource;
  /** Signs the tree of the first `size` entries. */
  checkpointAt(size: number, cosigners?: readonly NoteSigner[]): Promise<string>;
}

/** How a fixture is made. */
export interface FixtureShape {
  readonly origin?: string;
  readonly signer?: Signer;
  readonly entries?: readonly Buffer[];
}

/** Entries that differ from each other. */
export function numbered(count: number, text = 'entry'): Buffer[] {
  return Array.from({ length: count }, (_, i) => Buffer.from(`{"action":"test.done","id":"${text} ${i}"}`));
}

/** Reads files from a map; each reader gets bytes of its own. */
export function memorySource(files: ReadonlyMap<string, Buffer>): TileSource {
  return {
    async read(file) {
      const bytes = files.get(file);
      return bytes && Buffer.from(bytes);
    },
  };
}

function fullTileRoot(hashes: readonly Uint8Array[]): Uint8Array {
  let row = hashes;
  while (row.length > 1) {
    row = row.flatMap((left, i) => (i % 2 === 0 ? [nodeHash(left, row[i + 1] ?? left)] : []));
  }
  return row[0] ?? Buffer.alloc(32);
}

function addTiles(files: Map<string, Buffer>, level: number, hashes: readonly Uint8Array[]): void {
  const above: Uint8Array[] = [];
  for (let at = 0; at < hashes.length; at += 256) {
    const tile = hashes.slice(at, at + 256);
    files.set(tilePath(level, at / 256, tile.length), Buffer.concat(tile));
    if (tile.length === 256) above.push(fullTileRoot(tile));
  }
  if (above.length > 0) addTiles(files, level + 1, above);
}

/** Makes the files of a log, or makes them again after its entries changed. */
export async function buildLog(shape: FixtureShape = {}): Promise<LogFixture> {
  const { origin = 'audit.example/test', signer = generateSigner(), entries = numbered(600) } = shape;
  const files = new Map<string, Buffer>();
  for (let at = 0; at < entries.length; at += 256) {
    const bundle = entries.slice(at, at + 256);
    files.set(entryBundlePath(at / 256, bundle.length), encodeBundle(bundle));
  }
  addTiles(files, 0, entries.map(leafHash));
  const source = memorySource(files);
  const checkpointAt = async (size: number, cosigners: readonly NoteSigner[] = []) => {
    const root = await rootOf(tileReader(source, entries.length), size);
    return signNote(formatCheckpoint({ origin, size, root }), [noteSigner(origin, signer), ...cosigners]);
  };
  files.set('checkpoint', Buffer.from(await checkpointAt(entries.length)));
  return { origin, vkey: vkeyOf(origin, signer), signer, entries, files, source, checkpointAt };
}

/** The same log again, to be changed. */
export function copyOf(log: LogFixture): LogFixture {
  const files = new Map(log.files);
  return { ...log, files, source: memorySource(files) };
}

/** Adds the partial tiles and bundles that a log has had since it was published with `size` entries. */
export async function addPartials(log: LogFixture, size: number): Promise<void> {
  const then = await buildLog({ ...log, entries: log.entries.slice(0, size) });
  for (const [file, bytes] of then.files) if (file.includes('.p/')) log.files.set(file, bytes);
}

/** Writes the files of a log to a directory. */
export function writeLog(dir: string, { files }: Pick<LogFixture, 'files'>): void {
  for (const [name, bytes] of files) {
    const file = path.join(dir, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}
