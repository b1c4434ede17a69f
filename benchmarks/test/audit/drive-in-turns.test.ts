import { describe, expect, it } from 'vitest';
import { driveInTurns, type DrivenCase } from '../../src/audit/drive-in-turns.ts';
import type { Journal } from '../../src/audit/journal.ts';

/** A journal that remembers who appended. */
function fake(change: Partial<Journal> = {}) {
  const tenants: (string | undefined)[] = [];
  let opened = 0;
  let count = 0;
  const open = () => {
    opened++;
    count = 0;
    const journal: Journal = {
      append: ({ tenant }) => {
        tenants.push(tenant);
        count++;
        return new Promise(setImmediate);
      },
      settle: () => Promise.resolve(),
      count: () => count,
      close: () => Promise.resolve(),
      ...change,
    };
    return Promise.resolve(journal);
  };
  return { open, tenants, opened: () => opened };
}

const driven = (name: string, open: DrivenCase['open'], more: Partial<DrivenCase> = {}): DrivenCase => ({
  name,
  subject: 'x',
  open,
  callers: 4,
  ...more,
});
const quickly = { turns: 2, turnMs: 4, progress: () => {} };

describe('driveInTurns', () => {
  it('reports rates, latencies and the ratio to the first case of as many callers', async () => {
    const [a, b, alone] = [fake(), fake(), fake()];
    const reports = await driveInTurns(
      [driven('a', a.open), driven('alone', alone.open, { callers: 1 }), driven('b', b.open)],
      quickly,
    );
    expect(reports.map(({ name }) => name)).toEqual(['a', 'alone', 'b']);
    expect(reports[0]?.ratio).toBe(1);
    expect(reports[1]?.ratio).toBe(1);
    expect(reports[2]?.ratio).toBeGreaterThan(0);
    for (const { figures, nsPerOp } of reports) {
      expect(nsPerOp).toBeGreaterThan(0);
      expect(Object.keys(figures ?? {})).toEqual(['events/s', 'acks/s', 'p50 ms', 'p99 ms', 'CPU us']);
    }
  });

  it('opens a new journal for every turn, and once to warm up', async () => {
    const { open, opened } = fake();
    await driveInTurns([driven('a', open)], quickly);
    expect(opened()).toBe(3);
  });

  it('gives each tenant an event before, and sets the case beside another', async () => {
    const [one, many] = [fake(), fake()];
    const [, report] = await driveInTurns(
      [driven('one', one.open), driven('many', many.open, { tenants: 3, beside: 'one' })],
      quickly,
    );
    expect(new Set(one.tenants)).toEqual(new Set(['tenant-0']));
    expect(many.tenants.slice(0, 3)).toEqual(['tenant-0', 'tenant-1', 'tenant-2']);
    expect(report?.figures).toHaveProperty('x one tenant');
  });

  it('refuses a journal that has lost what it acknowledged', async () => {
    const { open } = fake({ count: () => 1 });
    await expect(driveInTurns([driven('a', open)], quickly)).rejects.toThrow(/acknowledged, but 0 are there/);
  });
});
