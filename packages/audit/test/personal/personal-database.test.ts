import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPersonalDatabase, type PersonalDatabase } from '../../src/personal/personal-database.ts';
import { personalPaths } from '../../src/personal/personal-paths.ts';
import { SaltPool } from '../../src/personal/salt-pool.ts';
import { tempFolder } from '../rig.ts';

async function open(dir?: string): Promise<PersonalDatabase> {
  const db = openPersonalDatabase(path.join(dir ?? (await tempFolder()), 'personal.sqlite'));
  onTestFinished(() => {
    try {
      db.close();
    } catch {
      // closed by the test
    }
  });
  return db;
}

const row = (ref: number, subject = 'ann', tenant = 'acme') => ({
  ref,
  subject,
  tenant,
  payload: `{"n":${ref}}`,
});

describe('the database of personal values', () => {
  it('keeps rows, all or none', async () => {
    const db = await open();
    db.keep([row(1), row(2)]);
    expect(() => db.keep([row(3), row(2)])).toThrow('UNIQUE constraint failed');
    expect([1, 2, 3].map((ref) => db.find(ref))).toEqual(['{"n":1}', '{"n":2}', undefined]);
    expect(db.nextRef()).toBe(3);
  });

  it('erases the rows of a subject of a tenant, step by step, and no others', async () => {
    const db = await open();
    db.keep([row(1), row(2, 'bob'), row(3, 'ann', 'other'), row(20_001), row(40_001, 'bob'), row(40_002)]);
    const steps = [];
    for (let from: number | undefined = 0; from !== undefined;) {
      const step = db.eraseStep({ tenant: 'acme', subject: 'ann', from });
      steps.push(step.events);
      from = step.next;
    }
    expect(steps).toEqual([1, 1, 1]);
    expect([1, 2, 3, 20_001, 40_001, 40_002].filter((ref) => db.find(ref) !== undefined)).toEqual([
      2, 3, 40_001,
    ]);
    db.truncateLog();
    expect(db.nextRef()).toBe(40_003);
  });

  it('names a subject by the same digest each time, by another for another, and by another elsewhere', async () => {
    const dir = await tempFolder();
    const digest = (db: PersonalDatabase, subject: string, tenant = 'acme') =>
      db.eraseStep({ tenant, subject, from: 0 }).subject;
    const db = await open(dir);
    const ann = digest(db, 'ann');
    expect(ann).toMatch(/^[\w-]{43}$/);
    expect([digest(db, 'bob'), digest(db, 'ann', 'other'), digest(await open(), 'ann')]).not.toContain(ann);
    db.close();
    expect(digest(await open(dir), 'ann')).toBe(ann);
  });

  it('does not take a tenant and a subject for others that read alike', async () => {
    const db = await open();
    const digest = (tenant: string, subject: string) => db.eraseStep({ tenant, subject, from: 0 }).subject;
    expect(digest('a', 'bc')).not.toBe(digest('ab', 'c'));
  });
});

describe('salts', () => {
  it('are 192 random bits each', () => {
    const pool = new SaltPool();
    const salts = Array.from({ length: 2000 }, () => pool.next());
    for (const salt of salts) expect(salt).toMatch(/^[\w-]{32}$/);
    expect(new Set(salts).size).toBe(2000);
  });
});

describe('the names of personal fields', () => {
  it('become a tree, each with its path', () => {
    const root = personalPaths(['details.a.b', 'details.a', 'where.ip']);
    const a = root.children.get('details')?.children.get('a');
    expect(a).toMatchObject({ path: 'details.a', whole: true });
    expect(a?.children.get('b')).toMatchObject({ path: 'details.a.b', whole: true });
    expect(root.children.get('details')?.whole).toBe(false);
    expect(root.children.get('where')?.children.get('ip')?.path).toBe('where.ip');
  });

  it.each(['', 'details.', 'details..a', 'actor', 'action', 'tenant', 'where.port', 7])(
    'cannot be %o',
    (field) => {
      expect(() => personalPaths([field as string])).toThrow(
        'openAudit: personal.fields[0] must be a path into details',
      );
    },
  );
});
