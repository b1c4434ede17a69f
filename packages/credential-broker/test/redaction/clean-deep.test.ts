import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redaction/redactor.ts';
import { Secret } from '../../src/secret/secret.ts';

const CANARY = 'c4nary/"secret"';
const redactor = createRedactor();
redactor.register(CANARY);

/** Everything that can be seen of a value. */
const seen = (value: unknown) => inspect(value, { depth: 99, showHidden: true }) + JSON.stringify(value);
const clean = (value: unknown) => redactor.cleanDeep(value);

describe('a cleaned value', () => {
  const cause = new AggregateError([new Error(`inner ${CANARY}`)], `cause ${CANARY}`);
  const error = Object.assign(new TypeError(`failed with ${CANARY}`, { cause }), {
    request: { headers: { authorization: `Bearer ${encodeURIComponent(CANARY)}` } },
  });
  const places: Readonly<Record<string, unknown>> = {
    'a text': CANARY,
    'a nested text': { a: [{ b: { c: `x ${CANARY}` } }] },
    'a key': { [`x-${CANARY}`]: 1 },
    'JSON in a text': { body: JSON.stringify({ a: CANARY }) },
    'what toJSON gives': { a: { toJSON: () => ({ b: CANARY }) } },
    'a map': new Map([[CANARY, { a: CANARY }]]),
    'a set': new Set([CANARY]),
    'a URL': { url: new URL(`https://x.example/?q=${encodeURIComponent(CANARY)}`) },
    'an error, its causes and what hangs on it': error,
    bytes: { buffer: Buffer.from(CANARY), array: new TextEncoder().encode(CANARY) },
    'a symbol': Symbol(CANARY),
  };

  it.each(Object.keys(places))('holds no secret in %s', (name) => {
    if (name !== 'bytes') expect(seen(places[name]) + String(places[name])).toContain('c4nary');
    expect(seen(clean(places[name]))).not.toContain('c4nary');
    expect(seen(clean(places[name]))).toMatch(/\[redacted]|\[bytes]/);
    expect(seen(clean(places[name]))).not.toContain([...Buffer.from(CANARY)].join(','));
  });

  it('is otherwise as it was', () => {
    const value = { a: 1, b: null, c: [true, 'text', { d: undefined }], at: new Date(0), n: 10n };
    expect(clean(value)).toEqual({ ...value, at: '1970-01-01T00:00:00.000Z', n: '10' });
    expect(clean({ s: new Secret('x'), f: () => 1 })).toEqual({ s: '[secret]', f: '[function]' });
  });

  it('says of an error what people look for', () => {
    expect(clean(error)).toMatchObject({
      name: 'TypeError',
      message: 'failed with [redacted]',
      cause: { message: 'cause [redacted]', errors: [{ message: 'inner [redacted]' }] },
      request: { headers: { authorization: 'Bearer [redacted]' } },
    });
  });

  it('ends, also where the value does not', () => {
    const circle: Record<string, unknown> = { twice: [1] };
    circle['self'] = circle;
    circle['again'] = circle['twice'];
    expect(clean(circle)).toEqual({ twice: [1], self: '[circular]', again: [1] });
    let deep: unknown = CANARY;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(JSON.stringify(clean(deep))).toContain('[too deep]');
  });

  it('is there also where a part of it cannot be read', () => {
    const fail = () => {
      throw new Error(CANARY);
    };
    const value = {
      a: {
        get b() {
          return fail();
        },
        e: 'text',
      },
      c: { toJSON: fail },
      d: CANARY,
      f: new Proxy({}, { ownKeys: fail }),
      g: Object.defineProperty(new TypeError('failed'), 'stack', { get: fail }),
    };
    expect(clean(value)).toEqual({
      a: { b: '[unreadable]', e: 'text' },
      c: '[unreadable]',
      d: '[redacted]',
      f: '[unreadable]',
      g: { name: 'TypeError', message: 'failed', stack: '[unreadable]' },
    });
  });

  it('tells no bytes, in whatever they are', () => {
    const bytes = Buffer.from(CANARY);
    const value = [bytes, new Uint8Array(bytes), new DataView(bytes.buffer), new ArrayBuffer(8)];
    expect(clean(value)).toEqual(value.map(() => '[bytes]'));
  });

  it('does not become what it is told to be', () => {
    const value = JSON.parse('{"__proto__":{"admin":true}}') as object;
    const copy = clean(value) as Record<string, unknown>;
    expect(copy['admin']).toBeUndefined();
    expect(Object.keys(copy)).toEqual(['__proto__']);
  });
});
