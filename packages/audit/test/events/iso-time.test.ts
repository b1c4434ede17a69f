import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isoTime } from '../../src/events/iso-time.ts';

const MAX_AT_MS = 253_402_300_799_999;

it('instants are written as the platform writes them, in whatever order they come', () => {
  const write = isoTime();
  const near = fc.integer({ min: 0, max: 3000 }).map((ms) => 1_700_000_000_000 + ms);
  fc.assert(
    fc.property(fc.array(fc.oneof(near, fc.integer({ min: 0, max: MAX_AT_MS }))), (instants) => {
      for (const atMs of instants) expect(write(atMs)).toBe(new Date(atMs).toISOString());
    }),
  );
  for (const atMs of [0, 999, 1000, 1000.25, 1999.9, MAX_AT_MS])
    expect(write(atMs)).toBe(new Date(atMs).toISOString());
});
