import { beforeEach, describe, expect, it } from 'vitest';
import type { SealedRow, SealedRows } from '@holdfast/credential-broker';

export const aRow = (part: Partial<SealedRow> = {}): SealedRow => ({
  kind: 'token',
  tenant: 'acme',
  id: 'github/ada',
  box: 'k1.AAAA',
  expiresAtMs: 2_000,
  dueAtMs: 1_000,
  removeAtMs: 3_000,
  version: 1,
  ...part,
});

/** What every store of encrypted rows does. */
export function sealedRowsContract(where: string, open: () => Promise<SealedRows>): void {
  describe(`rows in ${where}`, () => {
    let rows: SealedRows;
    beforeEach(async () => {
      rows = await open();
    });

    it('gives back what it keeps', async () => {
      const row = aRow({ expiresAtMs: 8_640_000_000_000_000 });
      expect(await rows.put(row)).toBe(true);
      expect(await rows.find(row)).toEqual(row);
    });

    it.each([{ kind: 'flow' as const }, { tenant: 'other' }, { id: 'github/bob' }])(
      'finds nothing under another name: %o',
      async (other) => {
        await rows.put(aRow());
        expect(await rows.find(aRow(other))).toBeUndefined();
        expect(await rows.take(aRow(other))).toBeUndefined();
        expect(await rows.find(aRow())).toEqual(aRow());
      },
    );

    it('keeps the first of two first versions', async () => {
      expect(await rows.put(aRow({ box: 'first' }))).toBe(true);
      expect(await rows.put(aRow({ box: 'second' }))).toBe(false);
      expect((await rows.find(aRow()))?.box).toBe('first');
    });

    it('replaces the version before, and no other', async () => {
      await rows.put(aRow());
      expect(await rows.put(aRow({ version: 3, box: 'early' }))).toBe(false);
      expect(await rows.put(aRow({ version: 2, box: 'next', dueAtMs: 7 }))).toBe(true);
      expect(await rows.put(aRow({ version: 2, box: 'late' }))).toBe(false);
      expect(await rows.find(aRow())).toEqual(aRow({ version: 2, box: 'next', dueAtMs: 7 }));
    });

    it('brings nothing back that was taken', async () => {
      await rows.put(aRow());
      await rows.take(aRow());
      expect(await rows.put(aRow({ version: 2 }))).toBe(false);
      expect(await rows.find(aRow())).toBeUndefined();
    });

    it('lets one of many replace a version', async () => {
      await rows.put(aRow());
      const tries = Array.from({ length: 20 }, (_, at) => rows.put(aRow({ version: 2, box: `${at}` })));
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    });

    it('gives a row to one of many who take it', async () => {
      await rows.put(aRow());
      const taken = await Promise.all(Array.from({ length: 20 }, () => rows.take(aRow())));
      expect(taken.filter((row) => row !== undefined)).toEqual([aRow()]);
    });

    it('lists what is due, the earliest first, up to a limit', async () => {
      for (const [id, dueAtMs] of [
        ['c', 300],
        ['a', 100],
        ['b', 200],
        ['d', 400],
      ] as const)
        await rows.put(aRow({ id, dueAtMs }));
      await rows.put(aRow({ kind: 'flow', dueAtMs: 1 }));
      expect((await rows.due('token', 300, 9)).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
      expect((await rows.due('token', 300, 2)).map(({ id }) => id)).toEqual(['a', 'b']);
      expect(await rows.due('token', 99, 9)).toEqual([]);
    });

    it('removes what is over at an instant, and tells how many', async () => {
      await rows.put(aRow({ id: 'a', removeAtMs: 99 }));
      await rows.put(aRow({ id: 'b', removeAtMs: 100 }));
      await rows.put(aRow({ id: 'c', removeAtMs: 101 }));
      await rows.put(aRow({ kind: 'flow', removeAtMs: 99 }));
      expect(await rows.removeOver('token', 100)).toBe(2);
      expect(await rows.removeOver('token', 100)).toBe(0);
      expect(await rows.find(aRow({ id: 'c' }))).toBeDefined();
      expect(await rows.removeOver('flow', 100)).toBe(1);
    });

    it('counts what is valid before its last instant, and expired from then on', async () => {
      await rows.put(aRow({ id: 'a', expiresAtMs: 99 }));
      await rows.put(aRow({ id: 'b', expiresAtMs: 100 }));
      await rows.put(aRow({ id: 'c', expiresAtMs: 101 }));
      await rows.put(aRow({ kind: 'flow', expiresAtMs: 101 }));
      expect(await rows.count('token', 100)).toEqual({ valid: 1, expired: 2 });
      expect(await rows.count('flow', 100)).toEqual({ valid: 1, expired: 0 });
    });
  });
}
