import { createHmac, timingSafeEqual } from 'node:crypto';
import { AuditError } from '../errors.ts';

/**
 * A cursor is not one that this index gave out for this question: it was changed, belongs to another question or
 * tenant, or the index was made anew since.
 *
 * @example
 * ```ts
 * import { AuditCursorError } from '@holdfast/audit';
 *
 * const status = (error: unknown) => (error instanceof AuditCursorError ? 400 : 500);
 * ```
 */
export class AuditCursorError extends AuditError {
  override readonly name = 'AuditCursorError';
  readonly code = 'ERR_AUDIT_CURSOR';

  constructor() {
    super('the cursor was not given out for this question; begin again without one');
  }
}

/** Where a page ended. */
export interface Position {
  readonly timeMs: number;
  readonly index: number;
}

const MAC_BYTES = 16;

/** Gives out and takes back cursors that only fit the question they were given out for. */
export class CursorSeal {
  private readonly key: string;

  constructor(key: string) {
    this.key = key;
  }

  seal({ timeMs, index }: Position, question: string): string {
    const bytes = Buffer.alloc(16);
    bytes.writeDoubleBE(timeMs, 0);
    bytes.writeDoubleBE(index, 8);
    return Buffer.concat([bytes, this.mac(bytes, question)]).toString('base64url');
  }

  /** @throws {@link AuditCursorError} when it is not a cursor for this question */
  open(cursor: string, question: string): Position {
    const bytes = Buffer.from(cursor, 'base64url');
    const position = bytes.subarray(0, 16);
    const mac = bytes.subarray(16);
    const genuine =
      bytes.length === 16 + MAC_BYTES &&
      // Only one spelling is taken: base64url has some that decode alike.
      bytes.toString('base64url') === cursor &&
      timingSafeEqual(mac, this.mac(position, question));
    if (!genuine) throw new AuditCursorError();
    return { timeMs: position.readDoubleBE(0), index: position.readDoubleBE(8) };
  }

  private mac(position: Uint8Array, question: string): Buffer {
    return createHmac('sha256', this.key).update(position).update(question).digest().subarray(0, MAC_BYTES);
  }
}
