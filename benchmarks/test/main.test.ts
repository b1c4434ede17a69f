import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'vitest';
import type { SuiteReport } from '../src/harness/suite.ts';
import { SUITES } from '../src/suites.ts';

const main = path.join(import.meta.dirname, '..', 'src', 'main.ts');

async function bench(...args: string[]) {
  const child = spawn(process.execPath, ['--conditions=@holdfast/source', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { status, stdout, stderr };
}

describe('npm run bench', () => {
  it.concurrent('lists the suites, one a line', async ({ expect }) => {
    const { status, stdout } = await bench('--list');
    expect(status).toBe(0);
    expect(stdout.trim().split('\n')).toEqual(SUITES.map(({ name }) => name));
  });

  it.concurrent(
    'ends with an error that lists the suites when asked for one that is not there',
    async ({ expect }) => {
      const { status, stdout, stderr } = await bench('--suite', 'nope', '--json');
      expect(status).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toContain("there is no suite 'nope'; there are: breaker, ");
    },
  );

  it.concurrent('prints JSON and nothing else, with every field of every case', async ({ expect }) => {
    const { status, stdout, stderr } = await bench('--suite', 'size', '--json');
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

  it.concurrent('prints a table without colours or progress when nobody looks', async ({ expect }) => {
    const { stdout, stderr } = await bench('--suite', 'size');
    expect(stdout).toMatch(/^size\ncase +subject +min, B +min\+gzip, B/);
    expect(stdout).not.toContain('\u001b');
    expect(stderr).toBe('');
  });
});
