import { describe, expect, it } from 'vitest';
import type { TimingSuite } from '../src/harness/timing-suite.ts';
import { verify } from '../src/harness/timed-case.ts';
import { SUITES } from '../src/suites.ts';

const timingSuites = SUITES.filter((suite): suite is TimingSuite => 'makeCases' in suite);
const cases = timingSuites.flatMap((suite) =>
  suite.makeCases().map((timed) => [suite.name, `${timed.subject}: ${timed.name}`, timed] as const),
);

describe('SUITES', () => {
  it('have names of their own, fit for files', () => {
    const names = SUITES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it.each(cases)('%s: %s ends as it says', async (_, __, timed) => {
    await verify(timed);
  });

  it.each(timingSuites)('$name names each case of a subject once', (suite) => {
    const names = suite.makeCases().map(({ subject, name }) => `${subject}: ${name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(timingSuites)('$name compares Holdfast with a peer and with the platform', (suite) => {
    const subjects = new Set(suite.makeCases().map(({ subject }) => subject));
    expect(subjects).toContain('holdfast');
    expect(subjects).toContain('platform');
    expect(subjects.size).toBeGreaterThan(2);
  });
});
