import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuditCursorError, CursorSeal } from '../../src/query/cursor.ts';

const seal = new CursorSeal('a key');

describe('a cursor', () => {
  it('gives back where the page ended, for the same question', () => {
    const position = fc.record({
      timeMs: fc.nat({ max: 8.64e15 }),
      index: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    });
    fc.assert(
      fc.property(position, fc.string(), (at, question) => {
        expect(seal.open(seal.seal(at, question), question)).toEqual(at);
      }),
    );
  });

  it('is refused for any other question, and by any other key', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (question, other) => {
        const cursor = seal.seal({ timeMs: 1, index: 2 }, question);
        if (question !== other) expect(() => seal.open(cursor, other)).toThrow(AuditCursorError);
        expect(() => new CursorSeal('another key').open(cursor, question)).toThrow(AuditCursorError);
      }),
    );
  });

  it('is refused when any bit of it is another', () => {
    const cursor = seal.seal({ timeMs: 1_700_000_000_000, index: 7 }, 'q');
    const bytes = Buffer.from(cursor, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => seal.open(changed.toString('base64url'), 'q')).toThrow(AuditCursorError);
    }
  });

  it('is refused when it is anything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(() => seal.open(text, 'q')).toThrow(AuditCursorError);
      }),
    );
  });

  it('tells nothing about the entry in its error', () => {
    expect(new AuditCursorError()).toMatchObject({ name: 'AuditCursorError', code: 'ERR_AUDIT_CURSOR' });
    expect(() => seal.open('made-up', 'q')).toThrow(
      /^the cursor was not given out for this question; begin again/,
    );
  });
});
