import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { IndexDatabase } from '../../src/query/index-database.ts';
import { selectOf, tenantWord, type IndexQuery } from '../../src/query/index-query.ts';
import { tempFolder } from '../rig.ts';

const QUERY: IndexQuery = { tenant: 'acme', order: 'newest-first', limit: 10 };

async function open(dir?: string): Promise<IndexDatabase> {
  const db = new IndexDatabase(path.join(dir ?? (await tempFolder()), 'index.sqlite'));
  onTestFinished(() => {
    try {
      db.close();
    } catch {
      // closed by the test
    }
  });
  db.start('origin');
  return db;
}

function batch(from: number, count: number, tenant = 'acme') {
  const leaves = Array.from({ length: count }, (_, n) =>
    Buffer.from(JSON.stringify({ action: 'a', time: new Date((from + n) * 1000).toISOString() })),
  );
  return { tenant, from, bytes: Buffer.concat(leaves), lengths: leaves.map((leaf) => leaf.length) };
}

describe('the database of the index', () => {
  it('finds what was added before it is kept', async () => {
    const db = await open();
    db.add(batch(0, 3));
    expect(db.find(QUERY).map(({ index }) => index)).toEqual([2, 1, 0]);
  });

  it('goes back to what was kept when the process dies', async () => {
    const dir = await tempFolder();
    const db = await open(dir);
    db.add(batch(0, 3));
    db.commit();
    db.commit();
    db.add(batch(3, 3));
    const other = await open(dir);
    expect(other.start('origin').next).toEqual(new Map([['acme', 3]]));
    expect(other.find(QUERY)).toHaveLength(3);
  });

  it('takes each entry once, also when a batch overlaps with what is there', async () => {
    const db = await open();
    db.add(batch(0, 5));
    db.add(batch(2, 5));
    db.add(batch(0, 2));
    expect(db.find(QUERY).map(({ index }) => index)).toEqual([6, 5, 4, 3, 2, 1, 0]);
    expect(db.start('origin').next).toEqual(new Map([['acme', 7]]));
  });

  it('adds a batch as a whole or not at all', async () => {
    const db = await open();
    db.add(batch(0, 2));
    db.commit();
    expect(() => db.add({ ...batch(2, 2), bytes: null as never })).toThrow(TypeError);
    expect(db.find(QUERY)).toHaveLength(2);
    expect(db.start('origin').next.get('acme')).toBe(db.find(QUERY).length);
  });

  it('goes on with words behind an entry that was pruned since', async () => {
    const db = await open();
    db.add(batch(0, 6));
    const after = { timeMs: 2000, index: 2 };
    const found = () =>
      db.find({ ...QUERY, words: ['a'], order: 'oldest-first', after }).map(({ index }) => index);
    expect(found()).toEqual([3, 4, 5]);
    db.forget({ tenant: 'acme', below: 4 });
    expect(found()).toEqual([4, 5]);
    expect(db.find({ ...QUERY, words: ['a'], after })).toEqual([]);
  });

  it('has a key of its own, kept until it is cleared', async () => {
    const dir = await tempFolder();
    const db = await open(dir);
    const { key } = db.start('origin');
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(db.start('origin').key).toBe(key);
    db.clear('origin');
    expect(db.start('origin').key).not.toBe(key);
    const cleared = db.start('origin').key;
    expect(db.start('another').key).not.toBe(cleared);
  });

  it('never serves a question by going through all entries', async () => {
    const db = await open();
    db.add(batch(0, 10));
    db.commit();
    const questions: Partial<IndexQuery>[] = [
      {},
      { actor: 'x' },
      { action: 'x' },
      { resource: { id: 'x' } },
      { outcome: 'denied' },
      { outcome: 'success' },
      { fromMs: 1, toMs: 2 },
      { after: { timeMs: 1, index: 1 } },
      { actor: 'x', action: 'y', resource: { id: 'z' }, after: { timeMs: 1, index: 1 } },
    ];
    const explain = (sql: string, values: readonly unknown[]) =>
      (
        db as unknown as { db: { prepare(sql: string): { all(...values: unknown[]): { detail: string }[] } } }
      ).db
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...values)
        .map(({ detail }) => detail);
    for (const question of questions) {
      const { sql, values } = selectOf({ ...QUERY, ...question }, 1);
      const plan = explain(sql, values).join('; ');
      expect(plan, sql).toMatch(/^SEARCH entry USING (COVERING )?INDEX/);
      expect(plan, sql).not.toMatch(/SCAN|TEMP B-TREE/);
    }
    const { sql, values } = selectOf({ ...QUERY, words: ['x'], after: { timeMs: 1, index: 1 } }, 1);
    expect(explain(sql, values).join('; ')).not.toMatch(/TEMP B-TREE|SCAN entry/);
  });

  it('has a word for each tenant that no question can hold', () => {
    expect(tenantWord(1)).not.toBe(tenantWord(11));
    expect(tenantWord(1)).toMatch(/\ue000/);
  });
});
