/** The fields of a message by number: whole numbers as bigint, eight bytes as number, what has a length as bytes. */
export type Fields = ReadonlyMap<number, readonly (bigint | number | Buffer)[]>;

/** Reads the fields of a protobuf message. */
export function decodeFields(bytes: Buffer): Fields {
  const fields = new Map<number, (bigint | number | Buffer)[]>();
  const reader = new Reader(bytes);
  while (!reader.done) {
    const tag = Number(reader.varint());
    const wireType = tag % 8;
    const value =
      wireType === 0
        ? reader.varint()
        : wireType === 1
          ? reader.double()
          : wireType === 2
            ? reader.bytes()
            : undefined;
    if (value === undefined) throw new Error(`bad wire type ${wireType}`);
    const number = Math.floor(tag / 8);
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}

/** Splits messages that each stand after their length. */
export function splitDelimited(bytes: Buffer): readonly Buffer[] {
  const reader = new Reader(bytes);
  const messages = [];
  while (!reader.done) messages.push(reader.bytes());
  return messages;
}

/** Reads packed whole numbers of either sign. */
export function decodeSints(bytes: Buffer): readonly number[] {
  const reader = new Reader(bytes);
  const values = [];
  while (!reader.done) values.push(unzigzag(reader.varint()));
  return values;
}

/** Reads a whole number of either sign. */
export function unzigzag(value: bigint): number {
  return Number(value % 2n === 0n ? value / 2n : -(value + 1n) / 2n);
}

class Reader {
  private readonly source: Buffer;
  private at = 0;

  constructor(source: Buffer) {
    this.source = source;
  }

  get done(): boolean {
    return this.at === this.source.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.source.readUInt8(this.at++);
      value |= BigInt(byte % 128) << shift;
      if (byte < 128) return value;
    }
  }

  double(): number {
    this.at += 8;
    return this.source.readDoubleLE(this.at - 8);
  }

  bytes(): Buffer {
    const length = Number(this.varint());
    if (this.at + length > this.source.length) throw new Error('a length beyond the end');
    this.at += length;
    return this.source.subarray(this.at - length, this.at);
  }
}
