import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SuiteReport } from '../src/harness/suite.ts';
import { SUITES } from '../src/suites.ts';

const main = path.join(import.meta.dirname, '..', 'src', 'main.ts');

function bench(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=@holdfast/source', main, ...args],
    {
      encoding: 'utf8',
    },
  );
  return { status, stdout, stderr };
}

describe('npm run bench', () => {
  it('lists the suites, one a line', () => {
    const { status, stdout } = bench('--list');
    expect(status).toBe(0);
    expect(stdout.trim().split('\n')).toEqual(SUITES.map(({ name }) => name));
  });

  it('ends with an error that lists the suites when asked for one that is not there', () => {
    const { status, stdout, stderr } = bench('--suite', 'nope', '--json');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain("there is no suite 'nope'; there are: breaker, ");
  });

  it('prints JSON and nothing else, with every field of every case', () => {
    const { status, stdout, stderr } = bench('--suite', 'size', '--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const report = JSON.parse(stdout) as SuiteReport;
    expect(report).toMatchObject({ suite: 'size', node: process.version, baseline: null });
    expect(report.cases.length).toBeGreaterThan(5);
    for (const each of report.cases) {
      expect(Object.keys(each)).toEqual(
        expect.arrayContaining(['name', 'subject', 'nsPerOp', 'bytesPerOp', 'ratio']),
      );
    }
  });

  it('prints a table without colours or progress when nobody looks', () => {
    const { stdout, stderr } = bench('--suite', 'size');
    expect(stdout).toMatch(/^size\ncase +subject +min, B +min\+gzip, B/);
    expect(stdout).not.toContain('\u001b');
    expect(stderr).toBe('');
  });
});
