import path from 'node:path';
import { AuditDamagedError } from '../errors.ts';
import type { AuditFiles } from '../files/audit-files.ts';
import { openSegment, type OpenSegment, type SegmentEnd } from '../wal/read-segment.ts';
import { segmentsAmong, type SegmentFile } from '../wal/segment.ts';
import { sizesOf, type SealedSegment } from '../wal/wal-writer.ts';
import { loadTree } from './load-tree.ts';
import type { TenantTree } from './tenant-tree.ts';
import type { TreeBook } from './tree-book.ts';

/** What recovery found in the write-ahead log. */
export interface Recovered {
  /** The segments that were read; all of them are sealed now. */
  readonly sealed: SealedSegment[];
  /** The number for the next segment. */
  readonly ordinal: number;
  /** Where reading ended, for an error about what is missing there. */
  readonly end: { readonly file: string; readonly offset: number } | undefined;
}

interface Segment extends SegmentFile {
  readonly file: string;
  readonly path: string;
  readonly bytes: number;
  readonly content: OpenSegment;
}

async function readSegment(files: AuditFiles, folder: string, segment: SegmentFile): Promise<Segment> {
  const { name } = segment;
  const file = path.join(folder, name);
  const bytes = Buffer.from((await files.read(file)) ?? []);
  const content = openSegment(bytes);
  const shown = path.posix.join(path.basename(folder), name);
  if (content === undefined) throw damaged('the header of the segment is not whole', shown, 0);
  return { ...segment, file: shown, path: file, bytes: bytes.length, content };
}

function damaged(what: string, file: string, offset: number, tenant?: string, index?: number) {
  return new AuditDamagedError(what, { tenant, index, file, offset });
}

/** What a segment leaves to do: the sizes that the next one says the trees had when it was begun. */
type Limits = ReadonlyMap<string, number> | undefined;

function replay(
  segment: Segment,
  book: TreeBook,
  limits: Limits,
): { end: SegmentEnd; touched: Set<TenantTree> } {
  const touched = new Set<TenantTree>();
  const end = segment.content.forEach(({ tenant, index, leaf, offset }) => {
    // What follows the sizes in the next header was never acknowledged: writing it failed, and it was written again.
    if (limits !== undefined && index >= (limits.get(tenant) ?? 0)) return;
    const tree = book.obtain(tenant);
    if (index !== tree.size) throw damaged('entries are missing', segment.file, offset, tenant, tree.size);
    tree.append(leaf);
    touched.add(tree);
  });
  if (limits === undefined && end.reason === 'damaged') throw damagedAt(segment, end, book);
  for (const [tenant, size] of limits ?? []) {
    const found = book.find(tenant)?.size ?? 0;
    if (found === size) continue;
    throw damaged('entries are missing', segment.file, end.offset, tenant, Math.min(found, size));
  }
  return { end, touched };
}

/** A frame that cannot be read does not tell whose it was; where there is one tenant only, it was theirs. */
function damagedAt(segment: Segment, end: SegmentEnd, book: TreeBook) {
  const [tree, ...others] = book.all();
  const known = others.length === 0 ? tree : undefined;
  return damaged('an entry was altered', segment.file, end.offset, known?.tenant, known?.size);
}

async function loadTrees(segment: Segment, book: TreeBook, files: AuditFiles): Promise<void> {
  for (const { tenant, assigned } of segment.content.tenants) {
    const tree = book.obtain(tenant);
    try {
      await loadTree(tree, assigned, files);
    } catch (cause) {
      const what = 'entries before the write-ahead log are missing';
      const file = path.posix.join('logs', path.basename(tree.folder));
      throw new AuditDamagedError(what, { tenant, index: assigned - 1, file, offset: undefined }, { cause });
    }
  }
}

/**
 * Reads the write-ahead log: the sizes in its oldest segment say where the trees on disk are taken up, its entries what
 * has been appended since. Ends at the last whole entry of the last segment; whatever is missing before is damage.
 */
export async function recover(folder: string, book: TreeBook, files: AuditFiles): Promise<Recovered> {
  const found = segmentsAmong(await files.list(folder));
  const sealed: SealedSegment[] = [];
  let end: Recovered['end'];
  const segmentAt = (at: number) => {
    const file = found[at];
    return file && readSegment(files, folder, file);
  };
  let next = await segmentAt(0);
  if (next !== undefined) await loadTrees(next, book, files);
  for (let at = 1; next !== undefined; at++) {
    const segment: Segment = next;
    next = await segmentAt(at);
    const limits = next && new Map(next.content.tenants.map(({ tenant, assigned }) => [tenant, assigned]));
    const read = replay(segment, book, limits);
    end = { file: segment.file, offset: read.end.offset };
    for (const tree of book.all()) tree.assigned = tree.size;
    const { path, ordinal, kind, bytes } = segment;
    sealed.push({ path, ordinal, kind, bytes, touched: read.touched, sizes: sizesOf(book.all()) });
  }
  return { sealed, ordinal: (found.at(-1)?.ordinal ?? 0) + 1, end };
}
