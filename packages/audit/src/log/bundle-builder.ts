const LENGTH_BYTES = 2;
const FIRST_BYTES = 1024;

/** Lays entries out as a bundle, one after another. */
export class BundleBuilder {
  private buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private used = 0;

  /** Appends an entry of at most 65,535 bytes. */
  push(entry: Uint8Array): void {
    const end = this.used + LENGTH_BYTES + entry.length;
    if (end > this.buffer.length) this.grow(end);
    this.buffer.writeUInt16BE(entry.length, this.used);
    this.buffer.set(entry, this.used + LENGTH_BYTES);
    this.used = end;
  }

  /** Bytes so far. */
  get length(): number {
    return this.used;
  }

  /** The bundle of the first `count` entries; stays as it is when more are pushed. */
  first(count: number): Buffer {
    let end = 0;
    for (let entry = 0; entry < count; entry++) end += LENGTH_BYTES + this.buffer.readUInt16BE(end);
    return this.buffer.subarray(0, end);
  }

  /** The whole bundle; the builder begins anew. */
  take(): Buffer {
    const bundle = this.buffer.subarray(0, this.used);
    // Small again: of many tenants most are idle.
    this.buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
    this.used = 0;
    return bundle;
  }

  private grow(needed: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.buffer.length));
    this.buffer.copy(grown, 0, 0, this.used);
    this.buffer = grown;
  }
}
