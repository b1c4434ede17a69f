import type { FrameWriter } from './frame.ts';

/** What a segment begins with: a name and the version of the format. */
export const MAGIC = Buffer.from('HFAUDIT\x01', 'latin1');

/** A tenant as a segment knows it. */
export interface SegmentTenant {
  /** Stands for the tenant in the segment. */
  readonly number: number;
  readonly tenant: string;
  /** How many entries the tenant has. */
  readonly assigned: number;
}

const NAME = /^([0-9]{12})\.wal$/;

/** The name of a segment: segments are numbered in the order in which they were written. */
export function segmentName(ordinal: number): string {
  return `${String(ordinal).padStart(12, '0')}.wal`;
}

/** The number of a segment; nothing when the name is not that of one. */
export function segmentOrdinal(name: string): number | undefined {
  const digits = NAME.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Writes the header of a segment: all tenants with their sizes. It makes each segment readable without the ones before,
 * and shows when the one before lost its end.
 */
export function writeHeader(writer: FrameWriter, tenants: Iterable<SegmentTenant>): void {
  writer.raw(MAGIC);
  for (const { number, tenant, assigned } of tenants) writer.tenant(number, 0, assigned, tenant);
  writer.headerEnd();
}
