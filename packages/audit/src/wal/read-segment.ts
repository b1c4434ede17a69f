import { FRAME_BYTES, readFrame, type Frame } from './frame.ts';
import { FRAMES_START, MAGIC, saltOf, type SegmentTenant } from './segment.ts';

/** An entry in a segment. */
export interface SegmentEntry {
  readonly tenant: string;
  readonly index: number;
  readonly leaf: Buffer;
  /** Where its frame begins. */
  readonly offset: number;
}

/** Why reading a segment ended. */
export interface SegmentEnd {
  /** Where: the end of the last sound frame. */
  readonly offset: number;
  /**
   * `end`: there is nothing more. `torn`: what follows belongs to the last batch, which nobody was told is durable.
   * `damaged`: what follows was on the disk once, since a later batch stands behind it.
   */
  readonly reason: 'end' | 'torn' | 'damaged';
}

/** A segment that was opened for reading. */
export interface OpenSegment {
  /** All tenants and their sizes when the segment began. */
  readonly tenants: readonly SegmentTenant[];
  /** Calls back for each entry, in order, and tells how the segment ends. */
  forEach(visit: (entry: SegmentEntry) => void): SegmentEnd;
}

/** Opens a segment; nothing when its header is not whole. */
export function openSegment(bytes: Buffer): OpenSegment | undefined {
  if (bytes.length < FRAMES_START || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const salt = saltOf(bytes);
  const tenants: SegmentTenant[] = [];
  let frame = readFrame(bytes, FRAMES_START, salt);
  for (; frame?.kind === 'tenant'; frame = readFrame(bytes, frame.end, salt)) {
    tenants.push({ number: frame.tenant, tenant: frame.name, assigned: frame.size });
  }
  if (frame?.kind !== 'header-end') return undefined;
  const start = frame.end;
  const names = new Map(tenants.map(({ number, tenant }) => [number, tenant]));
  return { tenants, forEach: (visit) => visitEntries(bytes, start, names, visit) };
}

function visitEntries(
  bytes: Buffer,
  start: number,
  names: Map<number, string>,
  visit: (entry: SegmentEntry) => void,
): SegmentEnd {
  let offset = start;
  const salt = saltOf(bytes);
  for (;;) {
    const frame = readFrame(bytes, offset, salt);
    const name = frame && frame.kind !== 'header-end' && meaning(frame, names);
    if (frame === undefined || name === undefined || name === false) break;
    if (frame.kind === 'entry') visit({ tenant: name, index: frame.index, leaf: frame.leaf, offset });
    offset = frame.end;
  }
  return { offset, reason: reasonAt(bytes, offset) };
}

/** The tenant of a frame; nothing when the frame makes no sense, which a sound checksum does not rule out. */
function meaning(frame: Extract<Frame, { tenant: number }>, names: Map<number, string>): string | undefined {
  if (frame.kind === 'tenant') names.set(frame.tenant, frame.name);
  return names.get(frame.tenant);
}

/** Looks for a sound frame of a later batch behind the place where reading ended. */
function reasonAt(bytes: Buffer, end: number): SegmentEnd['reason'] {
  if (end === bytes.length) return 'end';
  const salt = saltOf(bytes);
  for (let offset = end + 1; offset + FRAME_BYTES <= bytes.length; offset++) {
    const frame = readFrame(bytes, offset, salt);
    if (frame !== undefined && frame.batchStart > end) return 'damaged';
  }
  return 'torn';
}
