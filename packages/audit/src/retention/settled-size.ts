import path from 'node:path';
import type { AuditFiles } from '../files/audit-files.ts';
import { openSegment } from '../wal/read-segment.ts';
import { segmentsAmong } from '../wal/segment.ts';

/**
 * How many entries of a tenant the write-ahead log has let go of. A restart takes the tree up there, and writes what
 * follows anew: it needs the files before, and would bring removed ones behind it back.
 *
 * @param dir - the directory of the log
 */
export async function settledSize(
  dir: string,
  tenant: string,
  files: Pick<AuditFiles, 'list' | 'read'>,
): Promise<number> {
  const folder = path.join(dir, 'wal');
  const [oldest] = segmentsAmong(await files.list(folder));
  if (oldest === undefined) return Infinity;
  const segment = openSegment(Buffer.from((await files.read(path.join(folder, oldest.name))) ?? []));
  return segment?.tenants.find((each) => each.tenant === tenant)?.assigned ?? 0;
}
