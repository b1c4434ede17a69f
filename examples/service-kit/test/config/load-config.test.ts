import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { loadConfig, type LoadConfigOptions } from '../../src/config/load-config.ts';
import { parse } from '../../src/config/parse.ts';
import type { Declaration } from '../../src/config/setting.ts';

const STRONG = 'f3a91c7be04d5286f3a91c7be04d5286';
const OTHER = '90b1c2d3e4f5a6978890b1c2d3e4f5a6';

const port = { variable: 'PORT', parse: parse.integer(0, 65_535), default: 3284, about: 'Where it listens.' };
const jwt = { variable: 'JWT_SECRET', secret: true, perEnvironment: true, about: 'Signs.' } as const;

function problemsOf(
  declaration: Declaration,
  variables: Record<string, string>,
  options?: LoadConfigOptions,
) {
  try {
    loadConfig(declaration, variables, options);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ variable, problem }) => `${variable} ${problem}`);
  }
}

describe('plain settings', () => {
  test('are read by their parser, or are their default', () => {
    const declaration = {
      port,
      level: {
        variable: 'LOG_LEVEL',
        parse: parse.choice('info', 'warn'),
        default: 'info',
        about: 'How much.',
      },
      origins: { variable: 'ORIGINS', parse: parse.list(parse.url('https:')), default: [], about: 'Who.' },
      trace: { variable: 'TRACE', parse: parse.flag(), optional: true, about: 'Whether.' },
    } as const;
    const { values } = loadConfig(declaration, { ORIGINS: 'https://a.example, https://b.example,' });
    expect(values.port).toBe(3284);
    expect(values.level).toBe('info');
    expect(values.origins.map(({ hostname }) => hostname)).toEqual(['a.example', 'b.example']);
    expect(values.trace).toBeUndefined();
    expect(loadConfig(declaration, { PORT: '0', TRACE: '0' }).values).toMatchObject({
      port: 0,
      trace: false,
    });
  });

  test('may have defaults for some environments, and are required in the others', () => {
    const ttl = {
      variable: 'TOKEN_TTL_SECONDS',
      parse: parse.integer(60),
      defaults: { development: 7_200, production: 3_600 },
      about: 'How long tokens live.',
    };
    expect(loadConfig({ ttl }, {}).values.ttl).toBe(7_200);
    expect(loadConfig({ ttl }, { NODE_ENV: 'production' }).values.ttl).toBe(3_600);
    expect(problemsOf({ ttl }, { NODE_ENV: 'staging' })).toEqual(['TOKEN_TTL_SECONDS must be set']);
  });

  test('may have their default taken back where it would not do', () => {
    const url = {
      variable: 'URL',
      parse: parse.text(),
      defaults: { production: undefined },
      default: 'http://localhost',
      about: 'Where.',
    };
    expect(loadConfig({ url }, {}).values.url).toBe('http://localhost');
    expect(problemsOf({ url }, { NODE_ENV: 'production' })).toEqual(['URL must be set']);
  });

  test('are read without the spaces around them, and cannot be changed', () => {
    const { values } = loadConfig({ port }, { PORT: ' 80\n' });
    expect(values.port).toBe(80);
    expect(Object.isFrozen(values)).toBe(true);
  });

  test('that are wrong or missing are all told at once, without their values', () => {
    const declaration = {
      port,
      url: { variable: 'URL', parse: parse.url(), about: 'Where.' },
      rate: { variable: 'RATE', parse: parse.number(0, 1), about: 'How often.' },
      jwt,
    };
    const variables = { PORT: '99999', URL: 'http://user:hunter2@host', NODE_ENV: 'production' };
    expect(problemsOf(declaration, variables)).toEqual([
      'PORT must be an integer >= 0 and <= 65535',
      'URL must be a URL without user and password; declare it a secret to have them',
      'RATE must be set',
      'PROD_JWT_SECRET must be set',
    ]);
  });

  test.each(['1e3', '0x10', ' ', 'NaN', 'Infinity', '1.5', '--1', '12abc'])(
    'no integer is read from %j',
    (text) => {
      const required = { ...port, default: undefined };
      expect(problemsOf({ required }, { PORT: text })).toHaveLength(1);
    },
  );

  test('a parser whose error quotes the text does not get it printed', () => {
    const json = {
      variable: 'JSON',
      parse: (text: string) => JSON.parse(text) as unknown,
      about: 'Anything.',
    };
    expect(problemsOf({ json }, { JSON: 'hunter2' })).toEqual(['JSON cannot be read']);
  });

  test.each([
    [parse.flag(), 'yes'],
    [parse.choice('a', 'b'), 'c'],
    [parse.url(), 'ftp://host'],
    [parse.url(), 'no url'],
    [parse.text(3), 'four'],
    [parse.list(parse.text(), 1), 'a,b'],
  ])('a parser refuses what breaks its rule (%#)', (parser, text) => {
    expect(() => parser(text)).toThrow(/^must /);
  });
});

describe('environments', () => {
  test.each([
    [{}, 'development'],
    [{ NODE_ENV: 'test' }, 'development'],
    [{ NODE_ENV: 'staging' }, 'staging'],
    [{ NODE_ENV: 'production' }, 'production'],
    [{ NODE_ENV: 'production', VERCEL_ENV: 'preview' }, 'staging'],
    [{ NODE_ENV: 'development', VERCEL_ENV: 'production' }, 'production'],
    [{ NODE_ENV: 'production', VERCEL_ENV: '' }, 'production'],
  ])('%j is %s', (variables, environment) => {
    expect(loadConfig({}, variables).environment).toBe(environment);
  });

  test.each(['prod', 'Production', '__proto__', 'constructor'])('%s is none, and not development', (name) => {
    expect(problemsOf({}, { NODE_ENV: name })).toEqual([
      'NODE_ENV must be development, test, staging, preview or production',
    ]);
  });
});

describe('secrets', () => {
  test('of an environment are read by their prefix', () => {
    const variables = { PROD_JWT_SECRET: STRONG, STAGING_JWT_SECRET: OTHER, JWT_SECRET: 'generic' };
    const production = loadConfig({ jwt }, { ...variables, NODE_ENV: 'production' });
    expect(production.values.jwt.reveal()).toBe(STRONG);
    expect(production.warnings).toEqual([]);
    expect(loadConfig({ jwt }, { ...variables, NODE_ENV: 'staging' }).values.jwt.reveal()).toBe(OTHER);
  });

  const fallback = { ...jwt, fallbacks: ['AGENT_TOKEN_SECRET', 'SHARED_SECRET'] } as const;

  test.each(['development', 'staging'])('by an older name are taken with a warning in %s', (where) => {
    const { values, warnings } = loadConfig({ jwt: fallback }, { NODE_ENV: where, SHARED_SECRET: STRONG });
    expect(values.jwt.reveal()).toBe(STRONG);
    expect(warnings.map(({ problem }) => problem)).toEqual(['is not set; SHARED_SECRET is taken instead']);
  });

  test.each(['JWT_SECRET', 'AGENT_TOKEN_SECRET', 'SHARED_SECRET', 'DEV_JWT_SECRET', 'STAGING_JWT_SECRET'])(
    'of production are not read from %s',
    (name) => {
      const problems = problemsOf({ jwt: fallback }, { NODE_ENV: 'production', [name]: STRONG });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(/^PROD_JWT_SECRET must be set/);
    },
  );

  test.each([
    'dev-secret-key-change-in-production',
    'dev-token-change-in-production!!!!!!',
    'demo-key-12345-demo-key-12345-demo-key',
    'CHANGE_ME_CHANGE_ME_CHANGE_ME_CHANGE_ME',
    'a'.repeat(64),
    'short',
  ])('that anybody may guess are refused but in development: %s', (weak) => {
    expect(problemsOf({ jwt }, { NODE_ENV: 'production', PROD_JWT_SECRET: weak })).toHaveLength(1);
    expect(problemsOf({ jwt }, { NODE_ENV: 'staging', STAGING_JWT_SECRET: weak })).toHaveLength(1);
    expect(loadConfig({ jwt }, { DEV_JWT_SECRET: weak }).warnings).toHaveLength(1);
  });

  test('known to everybody exist in development alone', () => {
    const bearer = {
      variable: 'BEARER_TOKEN',
      secret: true,
      developmentDefault: 'dev-token',
      about: '',
    } as const;
    expect(loadConfig({ bearer }, {}).values.bearer.reveal()).toBe('dev-token');
    expect(loadConfig({ bearer }, {}).warnings).toHaveLength(1);
    expect(problemsOf({ bearer }, { NODE_ENV: 'production' })).toEqual(['BEARER_TOKEN must be set']);
    expect(problemsOf({ bearer }, { NODE_ENV: 'production', BEARER_TOKEN: 'dev-token' })).toHaveLength(1);
  });

  test('known to everybody are none outside development, nor is a secret that is set to nothing', () => {
    const bearer = {
      variable: 'BEARER_TOKEN',
      secret: true,
      developmentDefault: STRONG,
      about: '',
    } as const;
    expect(problemsOf({ bearer }, { NODE_ENV: 'staging' })).toEqual(['BEARER_TOKEN must be set']);
    expect(problemsOf({ bearer }, { NODE_ENV: 'production', BEARER_TOKEN: '' })).toEqual([
      'BEARER_TOKEN must be set',
    ]);
    expect(loadConfig({ bearer }, { BEARER_TOKEN: '' }).values.bearer.reveal()).toBe(STRONG);
  });

  test('are looked for under their older names in the order that these are given', () => {
    const { values } = loadConfig({ jwt: fallback }, { SHARED_SECRET: OTHER, AGENT_TOKEN_SECRET: STRONG });
    expect(values.jwt.reveal()).toBe(STRONG);
    const own = loadConfig({ jwt: fallback }, { SHARED_SECRET: OTHER, DEV_JWT_SECRET: STRONG });
    expect(own.values.jwt.reveal()).toBe(STRONG);
    expect(own.warnings).toEqual([]);
  });

  test('may be as short as their declaration says', () => {
    const pin = { variable: 'PIN', secret: true, minBytes: 4, about: '' } as const;
    expect(loadConfig({ pin }, { NODE_ENV: 'production', PIN: '8215' }).values.pin.reveal()).toBe('8215');
    expect(problemsOf({ pin }, { NODE_ENV: 'production', PIN: '821' })).toEqual([
      'PIN must have at least 4 bytes',
    ]);
    expect(problemsOf({ pin }, { NODE_ENV: 'production', PIN: '8211' })).toEqual([
      'PIN must have at least 4 different bytes',
    ]);
  });

  test('may be absent where they are optional', () => {
    expect(loadConfig({ jwt: { ...jwt, optional: true } }, {}).values.jwt).toBeUndefined();
  });

  test('show in nothing that is printed', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[g-z]{40,60}$/),
        fc.constantFrom('production', 'staging'),
        (secret, where) => {
          const variables = {
            NODE_ENV: where,
            PROD_JWT_SECRET: secret,
            STAGING_JWT_SECRET: secret,
            PORT: secret,
          };
          const seen = problemsOf({ port, jwt, jwt2: { ...jwt, minBytes: 1_000 } }, variables).join();
          expect(seen).toContain('PORT');
          expect(seen).not.toContain(secret);
          const config = loadConfig({ jwt }, { DEV_JWT_SECRET: secret });
          expect(JSON.stringify(config) + inspect(config, { depth: 9, showHidden: true })).not.toContain(
            secret,
          );
          // The positive control: what searches would find it.
          expect(inspect({ secret })).toContain(secret);
        },
      ),
    );
  });
});

describe('one report', () => {
  const declaration = {
    port: { variable: 'APP_PORT', parse: parse.integer(0, 65_535), about: 'Where it listens.' },
    issuer: { variable: 'APP_ISSUER', parse: parse.url('https:'), about: 'Who issues tokens.' },
    level: { variable: 'APP_LEVEL', parse: parse.choice('info', 'warn'), about: 'How much.' },
    trace: { variable: 'APP_TRACE', parse: parse.flag(), optional: true, about: 'Whether.' },
    jwt: { variable: 'APP_JWT', secret: true, perEnvironment: true, about: 'Signs tokens.' },
    session: { variable: 'APP_SESSION', secret: true, fallbacks: ['APP_COOKIE'], about: 'Signs sessions.' },
  } as const;
  const prefix = 'APP_';
  const good = {
    NODE_ENV: 'production',
    APP_PORT: '80',
    APP_ISSUER: 'https://idp.example',
    APP_LEVEL: 'warn',
    PROD_APP_JWT: STRONG,
    APP_SESSION: OTHER,
  };

  test('tells all that is wrong at once, in the order of the declaration, and no value', () => {
    const variables = {
      NODE_ENV: 'canary-env',
      APP_PORT: 'canary-port',
      APP_ISSUER: 'https://user:canary-password@idp.example',
      APP_TRACE: 'canary-flag',
      APP_JWT: 'canary-jwt-canary-jwt-canary-jwt-canary-jwt',
      APP_SESSION: 'canary-secret-canary-secret-canary-secret',
      APP_ISUER: 'canary-typo',
    };
    let error: unknown;
    try {
      loadConfig(declaration, variables, { prefix });
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ name: 'ConfigError', code: 'ERR_CONFIG' });
    expect((error as ConfigError).message).toBe(
      [
        'The configuration cannot be used:',
        '  NODE_ENV must be development, test, staging, preview or production',
        '  APP_PORT must be an integer >= 0 and <= 65535',
        '  APP_ISSUER must be a URL without user and password; declare it a secret to have them',
        '  APP_LEVEL must be set',
        '  APP_TRACE must be true or false',
        '  PROD_APP_JWT must be set; APP_JWT does not do in production',
        '  APP_SESSION must be random, not a placeholder',
        '  APP_ISUER is not known',
      ].join('\n'),
    );
    expect(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)).not.toContain('canary');
    expect(inspect(variables)).toContain('canary');
  });

  test('names exactly the variables that are missing or wrong, whichever they are', () => {
    const required = ['APP_PORT', 'APP_ISSUER', 'APP_LEVEL', 'PROD_APP_JWT', 'APP_SESSION'] as const;
    const broken = fc.subarray([...required]);
    fc.assert(
      fc.property(broken, fc.constantFrom(undefined, '', ' ', '?'), (names, value) => {
        const variables: Record<string, string> = { ...good };
        for (const name of names) {
          if (value === undefined) delete variables[name];
          else variables[name] = value;
        }
        const told = problemsOf(declaration, variables, { prefix }).map((line) => line.split(' ', 1)[0]);
        expect(told).toEqual(names);
      }),
    );
  });

  test.each([
    ['APP_PROT', 'a slip of the pen'],
    ['app_port', 'lower case'],
    ['PROD_APP_JTW', 'a slip in the name of a secret'],
    ['STAGING_APP_PORT', 'an environment of what has none'],
    ['APP_', 'the prefix alone'],
  ])('tells of %s: %s', (name) => {
    const { warnings, values } = loadConfig(declaration, { ...good, [name]: 'canary' }, { prefix });
    expect(warnings).toEqual([{ variable: name, problem: 'is not known' }]);
    expect(values.port).toBe(80);
  });

  test.each(['PATH', 'MY_APP_PORT', 'APPLE', 'DEV_APP_JWT', 'STAGING_APP_JWT', 'APP_JWT', 'APP_COOKIE'])(
    'says nothing of %s, which is none of its own or is read somewhere',
    (name) => {
      expect(loadConfig(declaration, { ...good, [name]: STRONG }, { prefix }).warnings).toEqual([]);
    },
  );

  test('says nothing of a variable that is set to nothing, nor without a prefix', () => {
    expect(loadConfig(declaration, { ...good, APP_PROT: '' }, { prefix }).warnings).toEqual([]);
    expect(loadConfig(declaration, { ...good, APP_PROT: '1' }).warnings).toEqual([]);
  });

  test('names unknown variables in order', () => {
    const variables = { ...good, APP_Z: '1', APP_A: '1' };
    const { warnings } = loadConfig(declaration, variables, { prefix });
    expect(warnings.map(({ variable }) => variable)).toEqual(['APP_A', 'APP_Z']);
  });
});
