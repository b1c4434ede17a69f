import { TILE_WIDTH } from '../merkle/geometry.ts';

/** The largest entry that fits a bundle, in bytes: its length is an unsigned number of 16 bits. */
export const MAX_ENTRY_BYTES = 65_535;

const LENGTH_BYTES = 2;

/**
 * Writes entries as a bundle: each behind its length, big-endian. Entries are at most {@link MAX_ENTRY_BYTES} long.
 *
 * @example
 * ```ts
 * import { encodeBundle } from '@holdfast/audit';
 *
 * console.log(encodeBundle([Buffer.from('one')]).toString('hex')); // 00036f6e65
 * ```
 */
export function encodeBundle(entries: readonly Uint8Array[]): Buffer {
  const bundle = Buffer.allocUnsafe(entries.reduce((sum, entry) => sum + LENGTH_BYTES + entry.length, 0));
  let at = 0;
  for (const entry of entries) {
    bundle.writeUInt16BE(entry.length, at);
    bundle.set(entry, at + LENGTH_BYTES);
    at += LENGTH_BYTES + entry.length;
  }
  return bundle;
}

/**
 * Reads a bundle.
 *
 * @returns the entries, as views into the bundle
 * @throws {@link RangeError} when the bundle ends within an entry, or has more than 256
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { decodeBundle } from '@holdfast/audit';
 *
 * const entries = decodeBundle(readFileSync('/var/lib/audit/logs/acme/tile/entries/000'));
 * ```
 */
export function decodeBundle(bundle: Uint8Array): Uint8Array[] {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bundle.length) {
    const end = at + LENGTH_BYTES + (at + LENGTH_BYTES <= bundle.length ? view.getUint16(at) : 0);
    if (end > bundle.length) throw new RangeError(`the bundle ends within entry ${entries.length}`);
    // One of empty entries alone would become millions of objects.
    if (entries.length === TILE_WIDTH) throw new RangeError(`the bundle has more than ${TILE_WIDTH} entries`);
    entries.push(bundle.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  return entries;
}
