import { describe, expect, it } from 'vitest';
import { readCommand, usage } from '../src/command-line.ts';
import type { Suite } from '../src/harness/suite.ts';

const suite = (name: string): Suite => ({
  name,
  about: '',
  run: () => Promise.resolve({ baseline: null, cases: [] }),
});
const SUITES = [suite('breaker'), suite('retry'), suite('false-opens')];
const names = (...args: string[]) => readCommand(args, SUITES).suites.map(({ name }) => name);

describe('readCommand', () => {
  it('runs all suites unless told otherwise, and prints a table', () => {
    expect(readCommand([], SUITES)).toEqual({ suites: SUITES, action: 'run', json: false, write: false });
  });

  it('takes suites one by one or as a list, in the order given', () => {
    expect(names('--suite', 'retry')).toEqual(['retry']);
    expect(names('--suite', 'retry,breaker')).toEqual(['retry', 'breaker']);
    expect(names('-s', 'retry', '--suite', 'false-opens, breaker')).toEqual([
      'retry',
      'false-opens',
      'breaker',
    ]);
  });

  it.each(['', 'Breaker', 'breaker,nope', 'breaker,'])('refuses %j and names what there is', (list) => {
    expect(() => names('--suite', list)).toThrow(
      /there is no suite '.*'; there are: breaker, retry, false-opens/,
    );
  });

  it('refuses flags that it does not know', () => {
    expect(() => names('--suites', 'breaker')).toThrow(/Unknown option/);
    expect(() => names('breaker')).toThrow();
  });

  it('reads what to do with the results', () => {
    expect(readCommand(['--json', '--write'], SUITES)).toMatchObject({ json: true, write: true });
    expect(readCommand(['--list'], SUITES).action).toBe('list');
    expect(readCommand(['--help', '--list'], SUITES).action).toBe('help');
  });
});

describe('usage', () => {
  it('names every flag and every suite', () => {
    const text = usage(SUITES);
    for (const word of ['--suite', '--json', '--write', '--list', '--help', 'false-opens'])
      expect(text).toContain(word);
  });
});
