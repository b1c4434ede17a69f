/** The longest that a UTF-16 code unit becomes in UTF-8. */
const MAX_BYTES_PER_UNIT = 3;
/** Up to so many characters a text is short. */
const SHORT = 48;
const MAX_VARINT_BYTES = 10;
const DOUBLE_BYTES = 8;

/** Bytes that grow as they are written: text, and the building blocks of protobuf. */
export class Output {
  private bytes: Buffer<ArrayBuffer>;
  private end = 0;

  /** @param capacity - how many bytes there will be, as far as one knows */
  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /** How many bytes were written. */
  get length(): number {
    return this.end;
  }

  /** What was written. */
  written(): Buffer<ArrayBuffer> {
    return this.bytes.subarray(0, this.end);
  }

  /** Writes text as UTF-8. */
  text(text: string): void {
    this.reserve(text.length * MAX_BYTES_PER_UNIT);
    if (text.length > SHORT || !this.ascii(text)) this.end += this.bytes.write(text, this.end);
  }

  /** Writes a text of plain characters itself: short ones cost less than the way into native code. */
  private ascii(text: string): boolean {
    const { bytes, end } = this;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) return false;
      bytes[end + i] = code;
    }
    this.end = end + text.length;
    return true;
  }

  /** Writes a whole number >= 0, seven bits a byte. */
  varint(value: number): void {
    this.reserve(MAX_VARINT_BYTES);
    let rest = value;
    // Shifts would cut counts off at 32 bits.
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) this.bytes[this.end++] = (rest % 0x80) | 0x80;
    this.bytes[this.end++] = rest;
  }

  /** Writes the eight bytes of a number. */
  double(value: number): void {
    this.reserve(DOUBLE_BYTES);
    this.end = this.bytes.writeDoubleLE(value, this.end);
  }

  /** Begins a part whose length stands before it. @returns what `close` wants to know */
  open(): number {
    this.reserve(1);
    return this.end++;
  }

  /** Ends a part: writes its length, and moves it where the length needs more than the one byte kept free. */
  close(start: number): void {
    const from = start + 1;
    const { end } = this;
    const length = end - from;
    this.reserve(MAX_VARINT_BYTES);
    this.end = start;
    if (length > 0x7f) {
      let extra = 0;
      for (let rest = length; rest > 0x7f; rest = Math.floor(rest / 0x80)) extra++;
      this.bytes.copyWithin(from + extra, from, end);
    }
    this.varint(length);
    this.end += length;
  }

  private reserve(count: number): void {
    if (this.end + count <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(2 * this.bytes.length + count);
    this.bytes.copy(grown, 0, 0, this.end);
    this.bytes = grown;
  }
}
