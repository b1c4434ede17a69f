import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PermitTable } from '../src/permit-table.ts';

describe('PermitTable', () => {
  it('gives every permit back once, for any order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat()), { maxLength: 400, size: 'max' }), (steps) => {
        const table = new PermitTable();
        const kept: { handle: number; permit: number }[] = [];
        const returned: number[] = [];
        let next = 1;
        for (const [keep, which] of steps) {
          if (keep || kept.length === 0) {
            const permit = next++;
            kept.push({ handle: table.keep(permit), permit });
          } else {
            const [one] = kept.splice(which % kept.length, 1);
            expect(table.take(one?.handle ?? 0)).toBe(one?.permit);
            returned.push(one?.handle ?? 0);
          }
        }
        for (const handle of returned) expect(table.take(handle)).toBe(0);
        for (const { handle, permit } of kept) expect(table.take(handle)).toBe(permit);
      }),
    );
  });

  it('grows while permits are out, and keeps them all', () => {
    const table = new PermitTable();
    const handles = Array.from({ length: 10_000 }, (_, i) => table.keep(i + 1));
    expect(new Set(handles).size).toBe(10_000);
    handles.forEach((handle, i) => expect(table.take(handle)).toBe(i + 1));
  });

  it('goes around calls that stay out for long', () => {
    const table = new PermitTable();
    const long = table.keep(7);
    for (let i = 0; i < 1_000; i++) expect(table.take(table.keep(i + 1))).toBe(i + 1);
    expect(table.take(long)).toBe(7);
  });

  it('keeps permits of any size exact', () => {
    const table = new PermitTable();
    expect(table.take(table.keep(2 ** 50 + 1))).toBe(2 ** 50 + 1);
  });

  it('begins anew with small handles after the largest one, and never gives 0', () => {
    const table = new PermitTable();
    Object.assign(table, { last: 2 ** 30 - 2 });
    expect([table.keep(1), table.keep(2)]).toEqual([2 ** 30 - 1, 1]);
  });
});
