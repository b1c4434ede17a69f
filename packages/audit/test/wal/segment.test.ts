import { expect, test } from 'vitest';
import { FrameWriter } from '../../src/wal/frame.ts';
import { openSegment, type SegmentEntry } from '../../src/wal/read-segment.ts';
import { MAGIC, segmentName, segmentsAmong, writeHeader } from '../../src/wal/segment.ts';

test('segments are found among other files, in the order of their numbers', () => {
  const names = [
    segmentName(10),
    'notes.txt',
    segmentName(9),
    `${segmentName(11)}.new`,
    '1.wal',
    segmentName(1000),
  ];
  expect(segmentsAmong(names).map(({ ordinal }) => ordinal)).toEqual([9, 10, 1000]);
  expect(segmentsAmong([])).toEqual([]);
});

test('a base stands in for all segments up to its number', () => {
  const names = [1, 2, 3, 4, 5].map((ordinal) => segmentName(ordinal));
  const found = segmentsAmong([...names, segmentName(2, 'base'), segmentName(3, 'base')]);
  expect(found.map(({ name }) => name)).toEqual([segmentName(3, 'base'), segmentName(4), segmentName(5)]);
});

const TENANTS = [
  { number: 0, tenant: 'a', assigned: 3 },
  { number: 1, tenant: 'b', assigned: 0 },
];

/** A segment with a batch of two entries, and one of one entry and a new tenant. */
function segment() {
  const writer = new FrameWriter();
  writeHeader(writer, TENANTS);
  const offsets = [writer.length];
  const first = writer.length;
  writer.entry(0, first, 3, Buffer.from('a3'));
  offsets.push(writer.length);
  writer.entry(1, first, 0, Buffer.from('b0'));
  offsets.push(writer.length);
  writer.tenant(2, writer.length, 0, 'c');
  writer.entry(2, offsets[2] ?? 0, 0, Buffer.from('c0'));
  offsets.push(writer.length);
  return { bytes: Buffer.from(writer.bytes.subarray(0, writer.length)), offsets, header: first };
}

function read(bytes: Buffer) {
  const entries: SegmentEntry[] = [];
  const end = openSegment(bytes)?.forEach((entry) => entries.push(entry));
  return { end, texts: entries.map(({ tenant, index, leaf }) => `${tenant}${index} ${leaf.toString()}`) };
}

test('a segment tells its tenants and entries', () => {
  const { bytes, offsets } = segment();
  expect(openSegment(bytes)?.tenants).toEqual(TENANTS);
  expect(read(bytes)).toEqual({
    texts: ['a3 a3', 'b0 b0', 'c0 c0'],
    end: { offset: offsets[3], reason: 'end' },
  });
});

test('a segment whose header is not whole is none', () => {
  const { bytes, header } = segment();
  for (let length = 0; length < header; length++)
    expect(openSegment(bytes.subarray(0, length))).toBe(undefined);
  expect(openSegment(Buffer.concat([Buffer.from('HFAUDIT\x02'), bytes.subarray(MAGIC.length)]))).toBe(
    undefined,
  );
});

test('what is damaged in the last batch is torn, and damage before it is told apart', () => {
  const { bytes, offsets } = segment();
  const alteredAt = (offset: number) => {
    const altered = Buffer.from(bytes);
    altered[offset + 12] = (altered[offset + 12] ?? 0) ^ 1;
    return read(altered).end;
  };
  const [first = 0, second = 0, third = 0] = offsets;
  expect(alteredAt(first)).toEqual({ offset: first, reason: 'damaged' });
  expect(alteredAt(second)).toEqual({ offset: second, reason: 'damaged' });
  expect(alteredAt(third)).toEqual({ offset: third, reason: 'torn' });
  expect(read(bytes.subarray(0, second + 5)).end).toEqual({ offset: second, reason: 'torn' });
});

test('an entry of a tenant that nobody introduced ends the reading', () => {
  const writer = new FrameWriter();
  writeHeader(writer, TENANTS);
  const { length } = writer;
  writer.entry(9, length, 0, Buffer.from('x'));
  expect(read(Buffer.from(writer.bytes.subarray(0, writer.length)))).toEqual({
    texts: [],
    end: { offset: length, reason: 'torn' },
  });
});
