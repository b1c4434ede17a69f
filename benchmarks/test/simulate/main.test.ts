import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'vitest';
import { SCENARIOS } from '../../src/simulate/scenarios.ts';
import type { Outcome } from '../../src/simulate/simulate-fleet.ts';
import { SUBJECTS } from '../../src/simulate/subjects.ts';
import { play, subjectNamed } from './small.ts';

const main = path.join(import.meta.dirname, '..', '..', 'src', 'simulate', 'main.ts');

interface Played extends Pick<Outcome, 'figures' | 'series'> {
  readonly name: string;
  readonly subject: string;
}

async function simulate(...args: string[]) {
  const child = spawn(process.execPath, ['--conditions=@holdfast/source', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { status, stdout, stderr };
}

describe('npm run simulate', () => {
  it.concurrent(
    'prints JSON and nothing else, with what the same seed gives elsewhere',
    async ({ expect }) => {
      const size = { clients: 200, processes: 2, seed: 5 };
      const flags = Object.entries(size).flatMap(([name, value]) => [`--${name}`, String(value)]);
      const { status, stdout, stderr } = await simulate('-s', 'outage', '--json', ...flags);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const { scenarios, ...printed } = JSON.parse(stdout) as {
        readonly scenarios: readonly { readonly suite: string; readonly cases: readonly Played[] }[];
      };
      expect(printed).toEqual(size);
      expect(scenarios.map(({ suite }) => suite)).toEqual(['outage']);
      const cases = scenarios.flatMap((scenario) => scenario.cases);
      expect(cases).toMatchObject(SUBJECTS.map(({ name, subject }) => ({ name, subject })));
      for (const { name, subject, figures, series } of cases) {
        expect(await play('outage', subjectNamed(name, subject), size)).toMatchObject({ figures, series });
      }
    },
  );

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
