import { describe, expect, it } from 'vitest';
import { csv } from '../../src/export/csv.ts';
import { jsonl } from '../../src/export/jsonl.ts';
import { loggedEventIn } from '../../src/export/logged-event.ts';
import { ocsf } from '../../src/export/ocsf.ts';

const entryOf = (leaf: string | Uint8Array, index = 0) => ({ tenant: 't', index, leaf: Buffer.from(leaf) });

describe('the event in an entry', () => {
  it('is there when the entry is one', () => {
    const event = { action: 'a', time: '2026-01-01T00:00:00.000Z', v: 1 };
    const text = JSON.stringify(event);
    expect(loggedEventIn(Buffer.from(text))).toEqual(event);
    expect(loggedEventIn(Buffer.from(`xx${text}yy`).subarray(2, -2))).toEqual(event);
  });

  it.each([
    '',
    '{',
    '7',
    'null',
    '[]',
    '"a"',
    '{}',
    '{"action":"a"}',
    '{"time":"t"}',
    '{"action":"a","time":"t","v":1}',
    '{"action":"a","time":"2026-01-01","v":2}',
  ])('is not there: %s', (leaf) => {
    expect(loggedEventIn(Buffer.from(leaf))).toBeUndefined();
  });
});

describe('any bytes in an entry', () => {
  const leaves = [
    '',
    '\n',
    '{"action":"a"}\n{"action":"b"}',
    '{"action":"x","time":"t"} ',
    '"',
    new Uint8Array([0, 255, 10, 34]),
  ];

  it.each(leaves)('are one line of JSON: %o', (leaf) => {
    const line = jsonl.line(entryOf(leaf), 'o');
    expect(line.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(line)).toMatchObject({ index: 0, origin: 'o' });
  });

  it.each(leaves)('are one record of OCSF: %o', (leaf) => {
    const line = ocsf.line(entryOf(leaf), 'o');
    expect(line.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(line)).toMatchObject({
      class_uid: 6003,
      unmapped: { merkle: { origin: 'o', index: 0 } },
    });
  });

  it.each(leaves)('are one row of CSV: %o', (leaf) => {
    const row = csv.line(entryOf(leaf), 'o');
    expect(row.endsWith('\r\n')).toBe(true);
    expect(row.match(/"(?:[^"]|"")*"/g)).toHaveLength(csv.header.split(',').length);
  });
});
