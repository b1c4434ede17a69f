import { expect, test } from 'vitest';
import { configHelp, configTable } from '../../src/config/describe-config.ts';
import { parse } from '../../src/config/parse.ts';

const declaration = {
  port: { variable: 'PORT', parse: parse.integer(0), default: 3284, about: 'Where it listens.' },
  hosts: {
    variable: 'HOSTS',
    parse: parse.list(parse.text()),
    default: ['a', 'b'],
    about: 'Names | addresses.',
  },
  issuer: { variable: 'ISSUER', parse: parse.url(), about: 'Who issues tokens.' },
  ttl: { variable: 'TTL', parse: parse.integer(1), defaults: { development: 7_200 }, about: 'How long.' },
  trace: { variable: 'TRACE', parse: parse.url(), optional: true, about: 'Where traces go.' },
  jwt: {
    variable: 'JWT_SECRET',
    secret: true,
    perEnvironment: true,
    developmentDefault: 'hunter2',
    about: 'Signs tokens.',
  },
} as const;

test('help has a line a variable, by the names of production, and no secret', () => {
  expect(configHelp(declaration)).toBe(
    [
      '  PORT             Where it listens. (3284)',
      '  HOSTS            Names | addresses. (a,b)',
      '  ISSUER           Who issues tokens. (required)',
      '  TTL              How long. (7200 in development)',
      '  TRACE            Where traces go. (optional)',
      '  PROD_JWT_SECRET  Signs tokens. (secret, required)',
    ].join('\n'),
  );
});

test('the table of a README holds the same', () => {
  const lines = configTable(declaration).split('\n');
  expect(lines).toHaveLength(8);
  expect(lines[2]).toBe('| `PORT` | Where it listens. | 3284 |');
  expect(lines[3]).toBe('| `HOSTS` | Names \\| addresses. | a,b |');
  expect(lines.join()).not.toContain('hunter2');
});

test('what a variable is otherwise is told in full', () => {
  const all = {
    url: { variable: 'URL', parse: parse.url(), default: new URL('https://a.example/b'), about: 'Where.' },
    ttl: {
      variable: 'TTL',
      parse: parse.integer(1),
      defaults: { development: 1, staging: 2 },
      default: 3,
      optional: true,
      about: 'How\n  long.',
    },
    salt: { variable: 'SALT', secret: true, optional: true, about: 'Salts.' },
    pepper: { variable: 'PEPPER', secret: true, fallbacks: ['SPICE'], about: 'Peppers.' },
  } as const;
  expect(configTable(all)).toBe(
    [
      '| Variable | What it is for | Default |',
      '| --- | --- | --- |',
      '| `URL` | Where. | https://a.example/b |',
      '| `TTL` | How long. | 1 in development, 2 in staging, 3 |',
      '| `SALT` | Salts. | optional secret |',
      '| `PEPPER` | Peppers. | secret, required |',
    ].join('\n'),
  );
});
