import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FRAME_BYTES, FrameWriter, readFrame, type Frame } from '../../src/wal/frame.ts';

const bytesOf = (writer: FrameWriter) => writer.bytes.subarray(0, writer.length);

function readAll(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let frame = readFrame(bytes, 0); frame !== undefined; frame = readFrame(bytes, frame.end))
    frames.push(frame);
  return frames;
}

test('an entry is laid out as documented', () => {
  const writer = new FrameWriter();
  writer.entry(7, 40, 2 ** 40 + 1, Buffer.from('leaf'));
  const bytes = bytesOf(writer);
  expect(bytes.length).toBe(FRAME_BYTES + 4);
  expect(bytes.readUInt32BE(0)).toBe(14 + 4);
  expect(bytes.subarray(8).toString('hex')).toBe(
    `00000007${'00000028'}010000000001${Buffer.from('leaf').toString('hex')}`,
  );
});

const entries = fc.array(
  fc.record({
    tenant: fc.nat(2 ** 31 - 1),
    batchStart: fc.nat(2 ** 31),
    index: fc.nat(2 ** 47),
    leaf: fc.uint8Array({ maxLength: 300 }),
  }),
  { maxLength: 30 },
);

test('what is written is read, frame by frame', () => {
  fc.assert(
    fc.property(entries, (list) => {
      const writer = new FrameWriter();
      for (const { tenant, batchStart, index, leaf } of list) writer.entry(tenant, batchStart, index, leaf);
      const read = readAll(bytesOf(writer)).map((frame) =>
        frame.kind === 'entry'
          ? {
              tenant: frame.tenant,
              batchStart: frame.batchStart,
              index: frame.index,
              leaf: new Uint8Array(frame.leaf),
            }
          : frame,
      );
      expect(read).toEqual(list.map((entry) => ({ ...entry, leaf: new Uint8Array(entry.leaf) })));
    }),
  );
});

test('tenants and the end of a header are frames as well', () => {
  const writer = new FrameWriter();
  writer.tenant(3, 8, 1_000_000, 'Größe');
  writer.headerEnd();
  expect(readAll(bytesOf(writer))).toMatchObject([
    { kind: 'tenant', tenant: 3, batchStart: 8, size: 1_000_000, name: 'Größe' },
    { kind: 'header-end' },
  ]);
});

test('no frame is read from one that was cut or altered anywhere', () => {
  const writer = new FrameWriter();
  writer.entry(1, 0, 5, Buffer.from('some leaf or other'));
  const bytes = bytesOf(writer);
  for (let length = 0; length < bytes.length; length++) {
    expect(readFrame(bytes.subarray(0, length), 0)).toBe(undefined);
  }
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const altered = Buffer.from(bytes);
    altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(readFrame(altered, 0)).toBe(undefined);
  }
});

test('no frame is read by another salt than it was written with', () => {
  const writer = new FrameWriter(1);
  writer.entry(1, 0, 5, Buffer.from('some leaf'));
  expect(readFrame(bytesOf(writer), 0, 1)).toMatchObject({ kind: 'entry', index: 5 });
  for (const salt of [0, 2, 2 ** 32 - 1]) expect(readFrame(bytesOf(writer), 0, salt)).toBe(undefined);
});

test('noise, zeros and lengths beyond any entry are no frames', () => {
  expect(readFrame(Buffer.alloc(100), 0)).toBe(undefined);
  expect(readFrame(Buffer.alloc(100, 0xff), 0)).toBe(undefined);
  const huge = Buffer.alloc(70_000);
  huge.writeUInt32BE(14 + 65_536, 0);
  expect(readFrame(huge, 0)).toBe(undefined);
});

test('a writer that is cleared begins anew, and grows as it must', () => {
  const writer = new FrameWriter();
  const leaf = Buffer.alloc(65_535, 1);
  for (let index = 0; index < 5; index++) writer.entry(0, 0, index, leaf);
  expect(readAll(bytesOf(writer))).toHaveLength(5);
  writer.clear();
  writer.entry(0, 0, 9, Buffer.from('x'));
  expect(readAll(bytesOf(writer))).toMatchObject([{ index: 9 }]);
});
