import path from 'node:path';
import { expect, it } from 'vitest';
import { HELP, readCommandLine } from '../src/command-line.ts';
import { SCENARIOS } from '../src/scenarios/scenarios.ts';
import { breaker } from '../src/scenarios/breaker.ts';
import { hedge } from '../src/scenarios/hedge.ts';

const read = (...args: string[]) => readCommandLine(args, {});

it('needs no flags', () => {
  expect(read()).toEqual({
    scenario: breaker,
    upstream: undefined,
    host: '127.0.0.1',
    port: 8787,
    rate: 20,
    durationMs: Infinity,
    speed: 1,
    timeoutMs: 1_000,
    openMs: 2_000,
    drainMs: 5_000,
    auditDir: path.resolve('.cache/quickstart-audit'),
  });
});

it('takes every flag', () => {
  const flags = ['--host', '::1', '--port', '0', '--rate', '5', '--duration', '1.5', '--speed', '10'];
  expect(read(...flags, '--timeout', '50', '--open=100', '--drain=0', '--audit', 'none')).toEqual({
    scenario: breaker,
    upstream: undefined,
    host: '::1',
    port: 0,
    rate: 5,
    durationMs: 1_500,
    speed: 10,
    timeoutMs: 50,
    openMs: 100,
    drainMs: 0,
    auditDir: undefined,
  });
});

it('takes the port from the environment, and from the flag before that', () => {
  expect(readCommandLine([], { QUICKSTART_PORT: '9000' })).toMatchObject({ port: 9_000 });
  expect(readCommandLine(['--port', '1'], { QUICKSTART_PORT: '9000' })).toMatchObject({ port: 1 });
  expect(readCommandLine([], { QUICKSTART_PORT: '' })).toMatchObject({ port: 8_787 });
});

it('sends no load to an upstream of yours unless told to', () => {
  const upstream = ['--upstream', 'https://tea.example/base'];
  expect(read(...upstream)).toMatchObject({ rate: 0, upstream: new URL('https://tea.example/base') });
  expect(read(...upstream, '--load')).toMatchObject({ rate: 20 });
  expect(read(...upstream, '--rate', '3')).toMatchObject({ rate: 3 });
  expect(read('--no-load')).toMatchObject({ rate: 0 });
});

it('shows a scenario under its own load, and writes nothing down of it unless told to', () => {
  expect(read('--scenario', 'hedge')).toMatchObject({ scenario: hedge, rate: 40, auditDir: undefined });
  expect(read('--scenario', 'hedge', '--rate', '5', '--audit', 'log')).toMatchObject({
    rate: 5,
    auditDir: path.resolve('log'),
  });
});

it('prints help, which names every flag', () => {
  expect(read('--port', '1', '--help')).toBe('help');
  for (const { name, title } of SCENARIOS) expect(HELP).toContain(`  ${name.padEnd(18)}${title}\n`);
  for (const flag of [
    'scenario',
    'upstream',
    'port',
    'host',
    'rate',
    'no-load',
    'duration',
    'timeout',
    'open',
    'audit',
    'speed',
  ]) {
    expect(HELP).toContain(`--${flag} `);
  }
});

it.each([
  [['--port', 'x'], '--port must be an integer >= 0 and <= 65535, got "x"'],
  [['--port', ''], '--port must be an integer >= 0 and <= 65535, got ""'],
  [['--port', '65536'], '--port must be an integer >= 0 and <= 65535, got 65536'],
  [['--rate', '0'], '--rate must be a number >= 0.1 and <= 1000, got 0'],
  [['--rate', '1001'], '--rate must be'],
  [['--rate', 'many'], '--rate must be a number >= 0.1 and <= 1000, got "many"'],
  [['--speed', '21'], '--speed must be a number >= 0.1 and <= 20, got 21'],
  [['--duration', '-1'], 'ambiguous'],
  [['--duration=-1'], '--duration must be a number >= 0.1'],
  [['--duration='], '--duration must be'],
  [['--timeout', '1.5'], '--timeout must be an integer >= 1'],
  [['--open', '0'], '--open must be an integer >= 1'],
  [['--tea'], "Unknown option '--tea'"],
  [['tea'], 'Unexpected argument'],
  [['--upstream', 'tea'], '--upstream must be an http: or https: URL'],
  [['--upstream', 'ftp://tea.example'], '--upstream must be an http: or https: URL'],
  [['--upstream', 'http://me:secret@tea.example'], '--upstream must be an http: or https: URL'],
  [['--upstream', 'http://tea.example', '--speed', '2'], '--speed is for the schedule'],
  [
    ['--upstream', 'http://tea.example', '--scenario', 'cache'],
    '--scenario cache has an upstream of its own',
  ],
  [['--scenario', 'tea'], '--scenario must be one of breaker, retry, timeout,'],
  [['--scenario', ''], '--scenario must be one of'],
])('refuses %j', (args, message) => {
  expect(() => read(...args)).toThrow(message);
});

it('refuses a port in the environment that is none', () => {
  expect(() => readCommandLine([], { QUICKSTART_PORT: 'tea' })).toThrow('QUICKSTART_PORT must be an integer');
});

it('never repeats the credentials of an upstream', () => {
  expect(() => read('--upstream', 'http://me:secret@tea.example')).not.toThrow('secret');
});
