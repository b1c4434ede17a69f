import { randomFillSync } from 'node:crypto';
import { Buffer } from 'node:buffer';

const SALT_BYTES = 24;
const POOL_BYTES = SALT_BYTES * 256;

/** Random salts of 192 bits, drawn in bulk: one at a time they would cost ten times as much. */
export class SaltPool {
  private readonly pool = Buffer.alloc(POOL_BYTES);
  private used = POOL_BYTES;

  /** @returns 32 characters of base64url */
  next(): string {
    if (this.used === POOL_BYTES) {
      randomFillSync(this.pool);
      this.used = 0;
    }
    const from = this.used;
    this.used += SALT_BYTES;
    const salt = this.pool.toString('base64url', from, this.used);
    // What was handed out is not kept: an erased salt must be nowhere.
    this.pool.fill(0, from, this.used);
    return salt;
  }
}
