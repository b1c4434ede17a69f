import { describe, expect, it } from 'vitest';
import { readCommand, usage } from '../../src/simulate/command-line.ts';
import { SCENARIOS } from '../../src/simulate/scenarios.ts';

const names = (...args: string[]) => readCommand(args).scenarios.map(({ name }) => name);

describe('readCommand', () => {
  it('plays everything at full scale without arguments', () => {
    expect(readCommand([])).toEqual({
      action: 'run',
      scenarios: SCENARIOS,
      size: { clients: 100_000, processes: 1_000, seed: 1 },
      json: false,
      write: false,
    });
  });

  it('reads scenarios and sizes', () => {
    expect(names('-s', 'outage, brown-out', '--scenario', 'retry-storm')).toEqual([
      'outage',
      'brown-out',
      'retry-storm',
    ]);
    const { size } = readCommand(['--clients', '20', '--processes', '20', '--seed', '0']);
    expect(size).toEqual({ clients: 20, processes: 20, seed: 0 });
    expect(readCommand(['-h']).action).toBe('help');
    expect(readCommand(['--json', '--write'])).toMatchObject({ json: true, write: true });
  });

  it.each([
    [['-s', 'nope'], "there is no scenario 'nope'; there are: outage, "],
    [['-s', ''], "there is no scenario ''"],
    [['--clients', '0'], "--clients must be an integer >= 1 and <= 10000000, got '0'"],
    [['--clients', '1e3'], "got '1e3'"],
    [['--clients', '-5'], '--clients'],
    [['--processes', '2.5'], "--processes must be an integer >= 1 and <= 100000, got '2.5'"],
    [['--clients', '10', '--processes', '11'], "--processes must be an integer >= 1 and <= 10, got '11'"],
    [['--seed', 'x'], "--seed must be an integer >= 0 and <= 2147483647, got 'x'"],
    [['--write', '-s', 'outage'], '--write needs all scenarios'],
    [['--fast'], "Unknown option '--fast'"],
    [['outage'], 'Unexpected argument'],
  ])('refuses %j', (args, message) => {
    expect(() => readCommand(args)).toThrow(message);
  });

  it('names every scenario and option in its help', () => {
    for (const { name } of SCENARIOS) expect(usage).toContain(name);
    for (const option of ['scenario', 'clients', 'processes', 'seed', 'json', 'write', 'help']) {
      expect(usage).toContain(`--${option}`);
    }
  });
});
