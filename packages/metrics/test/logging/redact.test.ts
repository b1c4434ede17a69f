import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepLines } from './lines.ts';

const SECRET = 'hunter2-swordfish';
const NAMES = [
  'password',
  'userPassword',
  'PASSWD',
  'passphrase',
  'secret',
  'client_secret',
  'token',
  'accessToken',
  'refresh-token',
  'apiKey',
  'x-api-key',
  'private_key',
  'secretKey',
  'awsAccessKey',
  'credentials',
  'credential',
  'Authorization',
  'proxy-authorization',
  'cookie',
  'Set-Cookie',
  'jwt',
  'passwords',
  'pwd',
  'clientSecrets',
  'api_keys',
  'signingKey',
  'encryption-key',
];

describe('secrets', () => {
  it.each(NAMES)('named %s are hidden in fields, parts, lists, errors and children', (name) => {
    const { logger, texts } = keepLines();
    logger.info({ [name]: SECRET });
    logger.info({ [name]: { nested: SECRET } });
    logger.info({ request: { headers: { [name]: SECRET } }, list: [{ [name]: SECRET }] });
    logger.error(Object.assign(new Error('failed'), { config: { [name]: SECRET } }));
    logger.error({ cause: Object.assign(new Error('failed'), { [name]: SECRET }) }, 'x');
    logger
      .child({ [name]: SECRET })
      .child({ deep: { [name]: SECRET } })
      .info('child');
    logger.info('as %o and %j', { [name]: SECRET }, { [name]: SECRET });
    logger.info({ a: 1 }, { [name]: SECRET } as never);
    const bound = logger.child({});
    bound.setBindings({ [name]: SECRET });
    bound.info('bound');
    expect(texts).toHaveLength(9);
    expect(texts.join('')).not.toContain(SECRET);
    for (const text of texts) expect(text).toContain('[redacted]');
  });

  it.each(['maxTokens', 'tokens_used', 'tokenType', 'passed', 'secretary', 'key', 'cookieCount', 'tenant'])(
    'are not suspected behind %s',
    (name) => {
      const { logger, last } = keepLines();
      logger.info({ [name]: 'shown', part: { [name]: 'shown' } });
      expect(last()).toMatchObject({ [name]: 'shown', part: { [name]: 'shown' } });
    },
  );

  it('in headers as Node keeps them are hidden', () => {
    const { logger, texts } = keepLines();
    const head = `GET / HTTP/1.1\r\nAuthorization: Bearer ${SECRET}\r\n\r\n`;
    logger.info({ request: { rawHeaders: ['Authorization', `Bearer ${SECRET}`], header: 'shown' } });
    logger.error(Object.assign(new Error('failed'), { request: { _header: head } }));
    expect(texts.join('')).not.toContain(SECRET);
    expect(texts[0]).toContain('shown');
  });

  it('may have names of their own', () => {
    const { logger, last } = keepLines({ secrets: ['Social-Security'] });
    logger.info({ socialSecurity: SECRET, part: { social_security: SECRET } });
    expect(last()).toMatchObject({ socialSecurity: '[redacted]', part: { social_security: '[redacted]' } });
  });

  it('that are absent stay absent', () => {
    const { logger, last } = keepLines();
    logger.info({ token: null, password: undefined, part: { token: null } });
    expect(last()).toMatchObject({ token: null, part: { token: null } });
    expect(last()).not.toHaveProperty('password');
  });

  it('behind toJSON are hidden', () => {
    const { logger, texts } = keepLines();
    logger.info({ part: { toJSON: () => ({ token: SECRET }) } });
    expect(texts.join('')).not.toContain(SECRET);
  });

  it('are hidden for good: the object that was given is as it was', () => {
    const { logger } = keepLines();
    const fields = { token: SECRET, part: { token: SECRET } };
    logger.info(fields);
    expect(fields).toEqual({ token: SECRET, part: { token: SECRET } });
  });

  it('do not show in any shape of data', () => {
    const { logger, texts } = keepLines();
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 12 },
        fc.string(),
        fc.integer(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'toString'), tie('value'), { maxKeys: 3 }),
        tie('value').map((each) => ({ nested: each, 'api-key': SECRET })),
      ),
    })).value;
    fc.assert(
      fc.property(tree, (value) => {
        logger.info({ value });
        expect(texts.pop()).not.toContain(SECRET);
      }),
    );
  });
});

describe('what is no secret', () => {
  it('looks as JSON would have it', () => {
    const { logger, last } = keepLines();
    // Names of its own choice would be those of secrets now and then.
    const values = [fc.string(), fc.double(), fc.boolean(), fc.constant(null)];
    const plain = fc.object({ key: fc.constantFrom('a', 'b', 'c', ''), values, maxDepth: 5 });
    fc.assert(
      fc.property(plain, (value) => {
        logger.info({ value });
        expect(last()['value']).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('keeps dates, errors with type, message, stack and code', () => {
    const { logger, last } = keepLines();
    logger.info({ at: new Date(0), err: Object.assign(new TypeError('bad'), { code: 'E_BAD' }) });
    expect(last()).toMatchObject({
      at: '1970-01-01T00:00:00.000Z',
      err: {
        type: 'TypeError',
        message: 'bad',
        code: 'E_BAD',
        stack: expect.stringContaining('redact.test') as string,
      },
    });
  });

  it('may be called __proto__', () => {
    const { logger, texts } = keepLines();
    logger.info({ part: JSON.parse('{"__proto__":{"a":1},"b":2}') as unknown });
    expect(texts[0]).toContain('"part":{"__proto__":{"a":1},"b":2}');
  });

  it('is shown eight deep', () => {
    const { logger, last } = keepLines();
    const nest = (depth: number): unknown => (depth === 0 ? 'end' : { in: nest(depth - 1) });
    logger.info({ value: nest(8) });
    expect(JSON.stringify(last())).toContain('"end"');
    logger.info({ value: nest(9) });
    expect(JSON.stringify(last())).toContain('"in":"[cut]"');
  });

  it('is cut where it is too deep or too large', () => {
    const { logger, texts } = keepLines();
    const wide = Array.from({ length: 5_000 }, (_, i) => ({ i }));
    logger.info({ wide });
    expect(texts[0]).toContain('[cut]');
    expect(texts[0]?.length).toBeLessThan(100_000);
  });

  it('is told from secrets by the thousandth name as by the first', () => {
    const { logger, lines } = keepLines();
    for (let i = 0; i < 2_500; i++) logger.info({ [`field${i}`]: i, [`token${i}Secret`]: 'x' });
    expect(lines().every((line, i) => line[`token${i}Secret`] === '[redacted]')).toBe(true);
  });
});
