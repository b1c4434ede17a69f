import { crc32 } from 'node:zlib';

/*
 * A frame: u32 length of the body | u32 CRC-32 of the body, begun with the salt of the segment | body.
 * A body:  u32 tag | u32 offset at which its batch begins | u48 index | payload.
 * The tag is the number of a tenant (an entry: its index, its bytes), that number plus 2^31 (the tenant's name, and how
 * many entries it had when the segment began) or 2^32 - 1 (the end of the header).
 * An entry may be anything, also bytes that look like frames; without the salt nobody can make such that are sound.
 */
const HEAD_BYTES = 8;
const BODY_HEAD_BYTES = 14;
const TENANT = 2 ** 31;
const HEADER_END = 2 ** 32 - 1;

/** Bytes that a frame has besides its payload. */
export const FRAME_BYTES = HEAD_BYTES + BODY_HEAD_BYTES;

/** The largest body that any frame has: that of an entry of 65,535 bytes. */
const MAX_BODY_BYTES = BODY_HEAD_BYTES + 65_535;

/** What a frame says. */
export type Frame = {
  /** Where the frame begins. */
  readonly offset: number;
  /** Where the next one begins. */
  readonly end: number;
  /** Where its batch begins: everything before was on the disk when this frame was written. */
  readonly batchStart: number;
} & (
  | { readonly kind: 'entry'; readonly tenant: number; readonly index: number; readonly leaf: Buffer }
  | { readonly kind: 'tenant'; readonly tenant: number; readonly size: number; readonly name: string }
  | { readonly kind: 'header-end' }
);

/** Writes frames one after another into a buffer that grows. */
export class FrameWriter {
  bytes = Buffer.allocUnsafeSlow(64 * 1024);
  length = 0;
  salt: number;

  /** @param salt - 32 bits that nobody who appends entries knows; 0 where what is written is never torn */
  constructor(salt = 0) {
    this.salt = salt;
  }

  /** Begins anew. */
  clear(): void {
    this.length = 0;
  }

  entry(tenant: number, batchStart: number, index: number, leaf: Uint8Array): void {
    this.write(tenant, batchStart, index, leaf);
  }

  tenant(tenant: number, batchStart: number, size: number, name: string): void {
    this.write(TENANT + tenant, batchStart, size, Buffer.from(name));
  }

  headerEnd(): void {
    this.write(HEADER_END, 0, 0, new Uint8Array());
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array): void {
    this.grow(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  private write(tag: number, batchStart: number, index: number, payload: Uint8Array): void {
    this.grow(FRAME_BYTES + payload.length);
    const { bytes } = this;
    const body = this.length + HEAD_BYTES;
    const end = body + BODY_HEAD_BYTES + payload.length;
    bytes.writeUInt32BE(tag, body);
    bytes.writeUInt32BE(batchStart, body + 4);
    bytes.writeUIntBE(index, body + 8, 6);
    bytes.set(payload, body + BODY_HEAD_BYTES);
    bytes.writeUInt32BE(end - body, this.length);
    bytes.writeUInt32BE(crc32(bytes.subarray(body, end), this.salt), this.length + 4);
    this.length = end;
  }

  private grow(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.bytes.length));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}

/** Reads the frame at an offset; nothing when there is no whole and sound one. */
export function readFrame(bytes: Buffer, offset: number, salt = 0): Frame | undefined {
  const body = offset + HEAD_BYTES;
  if (body + BODY_HEAD_BYTES > bytes.length) return undefined;
  const length = bytes.readUInt32BE(offset);
  const end = body + length;
  if (length < BODY_HEAD_BYTES || length > MAX_BODY_BYTES || end > bytes.length) return undefined;
  if (crc32(bytes.subarray(body, end), salt) !== bytes.readUInt32BE(offset + 4)) return undefined;
  const place = { offset, end, batchStart: bytes.readUInt32BE(body + 4) };
  const tag = bytes.readUInt32BE(body);
  const index = bytes.readUIntBE(body + 8, 6);
  const payload = bytes.subarray(body + BODY_HEAD_BYTES, end);
  if (tag === HEADER_END) return { ...place, kind: 'header-end' };
  if (tag < TENANT) return { ...place, kind: 'entry', tenant: tag, index, leaf: payload };
  return { ...place, kind: 'tenant', tenant: tag - TENANT, size: index, name: payload.toString() };
}
