import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventEncoder } from '../../src/events/event-encoder.ts';
import type { AuditEvent } from '../../src/events/audit-event.ts';
import { plainScribe, type Scribe } from '../../src/events/scribe.ts';
import { createRedactor } from '../../src/redaction/redactor.ts';
import { spellings } from '../spellings.ts';

const CANARY = 'c4n"ary+S3cret/\\value?&%';
const redactor = createRedactor({ secrets: [CANARY] });

const leafOf = (event: AuditEvent, scribe: Scribe) =>
  new EventEncoder({ scribe, maxDetailsLength: 1 << 20, oversized: 'digest' })
    .encode(event, 0)
    .leaf.toString();

/** Events that have a text in every place that a text can be in. */
function eventsWith(value: string): Readonly<Record<string, AuditEvent>> {
  const action = 'a';
  return {
    action: { action: `${value}`.slice(0, 256) },
    actor: { action, actor: { id: `x ${value}`, name: value } },
    agent: { action, agent: { id: 'x', name: `by ${value}` } },
    resource: { action, resource: { type: 't', id: `/v1?key=${value}` } },
    reason: { action, reason: `refused: ${value}` },
    'user agent': { action, where: { userAgent: `curl ${value}` } },
    session: { action, session: value, requestId: value, traceId: value },
    'a value': { action, details: { note: value } },
    'a part of a value': { action, details: { note: `before ${value} after` } },
    'a nested value': { action, details: { a: { b: [{ c: [[value]] }] } } },
    'a name': { action, details: { [value]: 1 } },
    'a nested name': { action, details: { a: [{ [`x${value}`]: { [value]: value } }] } },
    'what toJSON gives': { action, details: { a: { toJSON: () => ({ b: value }) } } },
    'JSON within a text': { action, details: { body: JSON.stringify({ inner: { deep: value } }) } },
    'JSON within JSON': { action, details: { body: JSON.stringify(JSON.stringify([value])) } },
  };
}

/** Whether a secret shows in a text in any spelling that a reader would know how to undo. */
const shows = (text: string, secret: string) =>
  [...spellings(secret).values()].some((spelling) => text.includes(spelling));

describe('a registered secret', () => {
  const places = Object.keys(eventsWith(''));

  it.each([...spellings(CANARY).keys()])('does not reach an entry from any place: %s', (spelling) => {
    const value = spellings(CANARY).get(spelling) ?? '';
    const escaped = JSON.stringify(value).slice(1, -1);
    for (const place of places) {
      const event = eventsWith(value)[place] as AuditEvent;
      const leaf = leafOf(event, redactor);
      expect(shows(leaf, CANARY) || leaf.includes(escaped), place).toBe(false);
      expect(leaf, place).toContain('[redacted');
      expect(() => void JSON.parse(leaf)).not.toThrow();
    }
  });

  it('would be found if nothing were cut out', () => {
    for (const [spelling, value] of spellings(CANARY)) {
      for (const [place, event] of Object.entries(eventsWith(value))) {
        const leaf = leafOf(event, plainScribe);
        const escaped = [value];
        for (let level = 0; level < 3; level++) escaped.push(JSON.stringify(escaped.at(-1)).slice(1, -1));
        const found = escaped.some((form) => leaf.includes(form));
        expect(found, `${spelling} in ${place}`).toBe(true);
      }
    }
  });

  it('is found in base64 wherever it begins in what was encoded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), fc.uint8Array({ maxLength: 12 }), (before, after) => {
        const bytes = Buffer.concat([before, Buffer.from(CANARY), after]);
        expect(redactor.clean(bytes.toString('base64'))).toContain('[redacted]');
        expect(redactor.clean(bytes.toString('base64url'))).toContain('[redacted]');
      }),
    );
  });

  it('is found however many there are, in any text', () => {
    const secrets = fc.uniqueArray(fc.string({ minLength: 6, maxLength: 20 }), {
      minLength: 1,
      maxLength: 50,
    });
    fc.assert(
      fc.property(secrets, fc.string(), fc.string(), (known, before, after) => {
        const many = createRedactor({ secrets: known });
        for (const secret of known) expect(many.clean(before + secret + after)).not.toContain(secret);
      }),
    );
  });

  it('leaves the rest of the text', () => {
    const known = createRedactor({ secrets: ['hunter2-hunter2'] });
    expect(known.clean('a hunter2-hunter2 b hunter2-hunter2 c')).toBe('a [redacted] b [redacted] c');
    expect(known.clean('100 % of \\ nothing')).toBe('100 % of \\ nothing');
  });

  it('is found in a number', () => {
    const known = createRedactor({ secrets: ['48151623'] });
    expect(leafOf({ action: 'a', details: { pin: 48151623, n: 4 } }, known)).toContain(
      '{"n":4,"pin":"[redacted]"}',
    );
  });

  it('is found until it is forgotten; another one that is equal stays known', () => {
    const fresh = createRedactor();
    const forget = fresh.register('rotating-key-1');
    const keep = fresh.register('rotating-key-1');
    expect(fresh.clean('x rotating-key-1')).toBe('x [redacted]');
    forget();
    forget();
    expect(fresh.clean('x rotating-key-1')).toBe('x [redacted]');
    keep();
    expect(fresh.clean('x rotating-key-1')).toBe('x rotating-key-1');
  });

  it('never makes two names the same', () => {
    const known = createRedactor({ secrets: ['alpha-canary', 'beta-canary'] });
    const details = { 'alpha-canary': 1, 'beta-canary': 2, '[redacted]': 3, z: 4 };
    const leaf = JSON.parse(leafOf({ action: 'a', details }, known)) as { details: Record<string, number> };
    expect(Object.values(leaf.details).sort()).toEqual([1, 2, 3, 4]);
  });

  it('does not show in the error of an event that is refused', () => {
    const details = { [`x${CANARY}`]: { [CANARY]: 1n } };
    const message = () => leafOf({ action: 'a', details }, redactor);
    expect(message).toThrow(/must be JSON, got a bigint/);
    expect(message).not.toThrow(CANARY);
    const unknown = { action: 'a', [CANARY]: 1 };
    expect(() => leafOf(unknown, redactor)).toThrow('has no field "[redacted]"');
  });

  it.each(['short', 7, undefined])('must be long enough to be told from ordinary text: %s', (secret) => {
    expect(() => createRedactor().register(secret as string)).toThrow(
      new TypeError('register: secret must be a string of at least 6 characters'),
    );
    expect(() => createRedactor({ secrets: [secret as string] })).toThrow(
      'createRedactor: secrets must be an array of strings of at least 6 characters, got an array',
    );
  });
});

describe('a field with the name of a secret', () => {
  const hidden = [
    'password',
    'db_password',
    'X-Api-Key',
    'accessToken',
    'refresh_token',
    'clientSecret',
    'Set-Cookie',
  ];
  const shown = [
    'tokenCount',
    'secretName',
    'maxTokens',
    'passwordChangedAt',
    'author',
    'keyId',
    'cookieBanner',
  ];

  it.each([...hidden, 'password2', 'AUTHORIZATION', 'private_key', 'credentials'])(
    'is hidden: %s',
    (name) => {
      const leaf = leafOf(
        { action: 'a', details: { deep: [{ [name]: { any: ['thing'] } }] } },
        createRedactor(),
      );
      expect(leaf).toContain(`[{"${name}":"[redacted]"}]`);
    },
  );

  it.each(shown)('is not hidden because it only sounds alike: %s', (name) => {
    expect(leafOf({ action: 'a', details: { [name]: 'shown' } }, createRedactor())).toContain(
      `"${name}":"shown"`,
    );
  });

  it('is hidden when the options name it, in any spelling', () => {
    const own = createRedactor({ fields: ['tax-number'] });
    expect(leafOf({ action: 'a', details: { TaxNumber: 1, tax_number: 2 } }, own)).toContain(
      '{"TaxNumber":"[redacted]","tax_number":"[redacted]"}',
    );
  });

  it('is left out when it has no value', () => {
    expect(leafOf({ action: 'a', details: { password: undefined } }, createRedactor())).toContain(
      '"details":{}',
    );
  });

  it('is told apart after any number of other names', () => {
    const { hides } = createRedactor();
    for (let n = 0; n < 10_000; n++) hides(`name-${n}x`);
    expect([hides('password'), hides('name-1x')]).toEqual([true, false]);
  });
});

describe('a text that looks like a secret', () => {
  const digits = 'A1b2C3d4E5f6G7h8I9j0K1l2';

  it.each([
    ['a JWT', `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${digits}`],
    ['a JWE', `eyJhbGciOiJkaXIifQ..${digits}.${digits}.${digits}`],
    ['a bearer header', `Bearer ${digits}`],
    ['a basic header', `basic ${digits}==`],
    ['an AWS key', 'AKIAIOSFODNN7EXAMPLE'],
    ['a GitHub token', `ghp_${digits}`],
    ['a Slack token', `xoxb-${digits}`],
    ['a Stripe key', `sk_live_${digits}`],
    ['an OpenAI key', `sk-${digits}`],
    ['a Vault token', `hvs.${digits}`],
    ['a service account token', `ops_${digits}`],
    ['a private key', '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----'],
  ])('is cut out: %s', (_, secret) => {
    expect(createRedactor().clean(`see ${secret} there`)).toBe('see [redacted] there');
  });

  it('is cut out of a URL, which stays readable', () => {
    expect(createRedactor().clean('postgres://app:pa55w0rd@db.example/x')).toBe(
      'postgres://app:[redacted]@db.example/x',
    );
  });

  it.each([
    'https://example.com/a?b=c',
    'Mozilla/5.0 (+https://bot.example)',
    'bearer of news',
    'asking',
    'eyJ',
  ])('is left when it only begins like one: %s', (text) => {
    expect(createRedactor().clean(text)).toBe(text);
  });

  it('is cut out when it matches a pattern of the options, whatever its flags', () => {
    const own = createRedactor({ patterns: [/\bEMP-\d+/y, /^x$/, /ssn (\d+)/gi] });
    expect(own.clean('EMP-1 and EMP-22, SSN 123')).toBe('[redacted] and [redacted], [redacted]');
    expect(own.clean('x')).toBe('[redacted]');
    expect(leafOf({ action: 'a', details: { 'EMP-7': 'EMP-8' } }, own)).toContain(
      '{"[redacted]":"[redacted]"}',
    );
  });
});

it('half of a secret is not left where a text was cut before it was looked at', () => {
  const secret = Array.from({ length: 60 }, (_, n) => ((n * 7919) % 1296).toString(36).padStart(2, '0')).join(
    '',
  );
  const own = createRedactor({ secrets: [secret] });
  for (let half = 4; half < secret.length; half++) {
    const looked = 8 * 1024 - half;
    const userAgent = secret.repeat(Math.floor(looked / secret.length)).padEnd(looked) + secret;
    const leaf = leafOf({ action: 'a', where: { userAgent } }, own);
    for (let length = 4; length <= half; length++) expect(leaf).not.toContain(secret.slice(0, length));
  }
});

it('refuses options that it does not know', () => {
  expect(() => createRedactor({ secret: ['x'] } as never)).toThrow(
    'createRedactor has no option "secret"; it takes fields, patterns, secrets',
  );
  expect(() => createRedactor({ patterns: ['x'] } as never)).toThrow(
    'patterns must be an array of regular expressions',
  );
});

it('thousands of names that hold a secret each are told apart in time', () => {
  const names = Array.from({ length: 20_000 }, (_, index) => `AKIA${String(index).padStart(16, '0')}`);
  const details = Object.fromEntries(names.map((name, index) => [name, index]));
  const leaf = new EventEncoder({ scribe: redactor, maxDetailsLength: 1 << 20, oversized: 'digest' }).encode(
    { action: 'a', details },
    0,
  );
  const written = JSON.parse(leaf.body?.bytes.toString() ?? '{}') as Record<string, number>;
  expect(Object.keys(written)).toHaveLength(20_000);
  expect(written).toMatchObject({ '[redacted]': 0, '[redacted] 2': 1, '[redacted] 20000': 19_999 });
});
