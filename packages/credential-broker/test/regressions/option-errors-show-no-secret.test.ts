import { describe, expect, it } from 'vitest';
import { fileVault, onePasswordConnect } from '../../src/backends.ts';
import { createBroker, createRedactor, keyRing, sealedTokens } from '../../src/index.ts';
import { createInjector } from '../../src/injection.ts';
import { postgresLeases, postgresRoles } from '../../src/postgres.ts';
import { redisLeases, redisRefreshLock } from '../../src/redis.ts';

const SECRET = 'app:hunter2@db.example/orders';
const DIGITS = 604_213_977_015;

const injecting = (template: unknown) => ({
  broker: { withSecret: () => {} },
  egress: { fetch: () => {} },
  redactor: createRedactor(),
  rules: [
    {
      id: 'api',
      refs: ['op://**'],
      origin: 'https://api.example',
      paths: ['/**'],
      inject: [{ into: 'header', name: 'authorization', template }],
    },
  ],
});

it('a redactor refuses what is no secret without showing it', () => {
  expect(() => createRedactor().register(DIGITS as never)).toThrow(
    new TypeError('a secret must be text or bytes'),
  );
});

describe.each([
  ['a text', SECRET],
  ['digits', DIGITS],
])('an error about an option shows no secret that is %s', (_, secret) => {
  it.each<[string, (value: never) => unknown]>([
    ['fileVault: passphrase', (passphrase) => fileVault({ file: 'x', passphrase })],
    ['fileVault: key', (key) => fileVault({ file: 'x', key })],
    ['fileVault: options', (options) => fileVault(options)],
    ['onePasswordConnect: token', (token) => onePasswordConnect({ url: 'https://op.example', token })],
    ['postgresRoles: pool', (pool) => postgresRoles({ pool } as never)],
    ['postgresLeases: client', (client) => postgresLeases({ client })],
    ['redisLeases: client', (client) => redisLeases({ client })],
    ['redisRefreshLock: client', (client) => redisRefreshLock({ client })],
    ['keyRing: signing', (signing) => keyRing({ signing })],
    ['sealedTokens: keys', (keys) => sealedTokens({ keys, rows: {} as never })],
    ['createInjector: rules[0]: inject[0]: template', (it) => createInjector(injecting(it) as never)],
    ['createBroker: tokens', (tokens) => createBroker({ tokens } as never)],
    ['createRedactor: minLength', (minLength) => createRedactor({ minLength: [minLength] as never })],
  ])('of %s', async (name, make) => {
    const error: unknown = await Promise.resolve(secret as never)
      .then(make)
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    expect(String(error)).toContain(`TypeError: ${name}`);
    expect(String(error)).not.toContain(String(secret).slice(0, 8));
  });
});
