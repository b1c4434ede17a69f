import { randomBytes } from 'node:crypto';
import type { FrameWriter } from './frame.ts';

/** What a segment begins with: a name and the version of the format. */
export const MAGIC = Buffer.from('HFAUDIT\x01', 'latin1');

const SALT_BYTES = 4;

/** Where the frames of a segment begin: behind its name and its salt. */
export const FRAMES_START = MAGIC.length + SALT_BYTES;

/** What the checksums of a segment begin with. */
export const saltOf = (segment: Buffer): number => segment.readUInt32BE(MAGIC.length);

/** A salt for a segment that is to be written. */
export const newSalt = (): number => randomBytes(SALT_BYTES).readUInt32BE();

/** A tenant as a segment knows it. */
export interface SegmentTenant {
  /** Stands for the tenant in the segment. */
  readonly number: number;
  readonly tenant: string;
  /** How many entries the tenant has. */
  readonly assigned: number;
}

/** A segment as its name tells: `wal` as it was written, `base` as it stands in for all up to its number. */
export interface SegmentFile {
  readonly name: string;
  readonly ordinal: number;
  readonly kind: 'wal' | 'base';
}

const NAME = /^([0-9]{12})\.(wal|base)$/;

/** The name of a segment: segments are numbered in the order in which they were written. */
export function segmentName(ordinal: number, kind: SegmentFile['kind'] = 'wal'): string {
  return `${String(ordinal).padStart(12, '0')}.${kind}`;
}

/** The segments among the names in a folder, the oldest first: the last base, and what was written after it. */
export function segmentsAmong(names: readonly string[]): readonly SegmentFile[] {
  const all = names.flatMap((name): SegmentFile[] => {
    const [, digits, kind] = NAME.exec(name) ?? [];
    return digits === undefined
      ? []
      : [{ name, ordinal: Number(digits), kind: kind === 'base' ? kind : 'wal' }];
  });
  const sorted = all.sort((a, b) => a.ordinal - b.ordinal);
  const base = sorted.findLast(({ kind }) => kind === 'base');
  return sorted.filter((file) => file === base || file.ordinal > (base?.ordinal ?? -1));
}

/**
 * Writes the header of a segment: all tenants with their sizes. It makes each segment readable without the ones before,
 * and shows when the one before lost its end.
 */
export function writeHeader(writer: FrameWriter, tenants: Iterable<SegmentTenant>): void {
  const salt = Buffer.alloc(SALT_BYTES);
  salt.writeUInt32BE(writer.salt);
  writer.raw(Buffer.concat([MAGIC, salt]));
  for (const { number, tenant, assigned } of tenants) writer.tenant(number, 0, assigned, tenant);
  writer.headerEnd();
}
