import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'vitest';
import { SCENARIOS } from '../../src/simulate/scenarios.ts';
import { SUBJECTS } from '../../src/simulate/subjects.ts';

const main = path.join(import.meta.dirname, '..', '..', 'src', 'simulate', 'main.ts');

async function simulate(...args: string[]) {
  const child = spawn(process.execPath, ['--conditions=@holdfast/source', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { status, stdout, stderr };
}

describe('npm run simulate', () => {
  it.concurrent('prints the same JSON and nothing else for the same seed', async ({ expect }) => {
    const args = ['-s', 'outage', '--clients', '200', '--processes', '2', '--seed', '5', '--json'];
    const [first, second] = [await simulate(...args), await simulate(...args)];
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(second.stdout).toBe(first.stdout);
    const printed = JSON.parse(first.stdout) as { scenarios: { suite: string; cases: unknown[] }[] };
    expect(printed).toMatchObject({ clients: 200, processes: 2, seed: 5 });
    expect(printed.scenarios.map(({ suite }) => suite)).toEqual(['outage']);
    expect(printed.scenarios[0]?.cases).toMatchObject(
      SUBJECTS.map(({ name, subject }) => ({
        name,
        subject,
        series: { load: expect.any(Array) as unknown },
      })),
    );
  });

  it.concurrent(
    'prints a table a scenario, without colours or progress when nobody looks',
    async ({ expect }) => {
      const { status, stdout, stderr } = await simulate(
        '-s',
        'bad-instance',
        '--clients',
        '50',
        '--processes',
        '1',
      );
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toMatch(/^bad-instance\ncase +subject +load in the fault/);
      expect(stdout.trim().split('\n')).toHaveLength(2 + SUBJECTS.length);
      expect(stdout).not.toContain('\u001b');
    },
  );

  it.concurrent('ends with an error that helps where arguments make no sense', async ({ expect }) => {
    const { status, stdout, stderr } = await simulate('--scenario', 'nope');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toBe(
      `there is no scenario 'nope'; there are: ${SCENARIOS.map(({ name }) => name).join(', ')}\n`,
    );
  });

  it.concurrent('tells how it is used', async ({ expect }) => {
    const { status, stdout } = await simulate('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('Usage: npm run simulate');
  });
});
