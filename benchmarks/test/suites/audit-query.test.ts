import { expect, it } from 'vitest';
import { QUESTIONS } from '../../src/audit/questions.ts';
import { withFolder } from '../../src/audit/fill.ts';
import { ask } from '../../src/suites/audit-query.ts';

it('asks log and table the same, and finds as many events in both', () =>
  withFolder(async (folder) => {
    const { cases } = await ask(folder, 2_000, 20, () => {});
    expect(cases).toHaveLength(1 + 2 * QUESTIONS.length);
    for (const { nsPerOp } of cases) expect(nsPerOp).toBeGreaterThan(0);
  }));
