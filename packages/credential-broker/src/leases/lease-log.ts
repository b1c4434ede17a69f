import { crc32 } from 'node:zlib';
import type { LeaseBook } from './lease-book.ts';
import { LeaseFileError } from './lease-file-error.ts';
import type { Lease } from './lease.ts';

/** What a log holds: leases as they became, and up to when those that had ended were forgotten. */
export type LeaseRecord = { readonly lease: Lease } | { readonly forget: number };

const FORMAT = 'holdfast-leases/1';
const LINE_FEED = 0x0a;
const CRC_LENGTH = 8;

const sum = (json: string | Uint8Array) => crc32(json).toString(16).padStart(CRC_LENGTH, '0');

/**
 * What was written at once, as one line: its check sum and the records. A batch is there as a whole or not at all, and
 * only the last one can be torn, for the next one begins when it is on the disk.
 */
export function toLine(records: readonly LeaseRecord[]): string {
  const json = JSON.stringify({ format: FORMAT, records });
  return `${sum(json)} ${json}\n`;
}

function fromLine(line: Uint8Array): readonly LeaseRecord[] | undefined {
  const json = line.subarray(CRC_LENGTH + 1);
  if (Buffer.from(line.subarray(0, CRC_LENGTH)).toString('latin1') !== sum(json)) return undefined;
  const { format, records } = JSON.parse(Buffer.from(json).toString()) as {
    format: string;
    records: readonly LeaseRecord[];
  };
  return format === FORMAT ? records : undefined;
}

/** Repeats on a book what was done. */
export function replay(book: LeaseBook, records: readonly LeaseRecord[]): void {
  for (const record of records) {
    if ('lease' in record) book.put(withGaps(record.lease));
    else book.forget(record.forget);
  }
}

/** JSON leaves out what is undefined; a lease has all its fields, so that all are of one shape. */
const withGaps = (lease: Lease): Lease =>
  Object.freeze({
    ...lease,
    onBehalfOf: lease.onBehalfOf,
    audience: lease.audience,
    keyThumbprint: lease.keyThumbprint,
    handleHash: lease.handleHash,
    tokenId: lease.tokenId,
    parent: lease.parent,
    backendRef: lease.backendRef,
  });

/** What was found in a log. */
export interface ReadLog {
  /** How many bytes of it count; what stands behind was torn when the process died, and nobody was told of it. */
  readonly length: number;
  readonly records: number;
}

/**
 * Reads a log into a book.
 *
 * @throws {@link LeaseFileError} when something before the last line is damaged: a lease that was used up or revoked
 *   might come back to life
 */
export function readLog(bytes: Uint8Array, book: LeaseBook): ReadLog {
  let length = 0;
  let count = 0;
  for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, length)) {
    const records = fromLine(bytes.subarray(length, end));
    if (records === undefined && end + 1 < bytes.length) throw new LeaseFileError('corrupt');
    if (records === undefined) break;
    replay(book, records);
    count += records.length;
    length = end + 1;
  }
  return { length, records: count };
}
