import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redaction/redactor.ts';
import { Secret } from '../../src/secret/secret.ts';
import { spellings } from './spellings.ts';

const CANARY = 'c4n"ary+S3cret/\\vä\u0800😀lue?&% \n<x>';
const spelled = [...spellings(CANARY).values()];
const redactor = createRedactor();
redactor.register(CANARY);

/** Whether the secret shows in a text in any spelling that a reader would know how to undo. */
const shows = (text: string) => spelled.some((spelling) => text.includes(spelling));

describe('a registered secret', () => {
  it.each([...spellings(CANARY).keys()])('is cut out wherever it is: %s', (name) => {
    const own = spellings(CANARY).get(name) ?? '';
    for (const [before, after] of [
      ['', ''],
      ['a', 'b'],
      ['key=', '&x=1'],
      ['{"k":"', '"}'],
      ['%', '\\'],
      ['%4', '\\u00'],
      [own, own],
    ]) {
      const text = `${before}${own}${after}`;
      expect(shows(text), 'the positive control').toBe(true);
      const clean = redactor.clean(text);
      expect(clean).toContain('[redacted]');
      expect(shows(clean)).toBe(false);
      if (before !== own) expect(clean.startsWith(`${before}[redacted]`)).toBe(true);
    }
  });

  it.each([
    ['UTF-16, the low byte first', (text: string) => Buffer.from(text, 'utf16le')],
    ['UTF-16, the high byte first', (text: string) => Buffer.from(text, 'utf16le').swap16()],
  ])('is cut out of bytes in %s', (_, encode) => {
    const clean = redactor.cleanBytes(Buffer.concat([encode('a'), encode(CANARY), encode('b')]));
    expect(Buffer.from(clean)).toEqual(Buffer.concat([encode('a'), Buffer.from('[redacted]'), encode('b')]));
  });

  it('that is no text is not looked for in UTF-16', () => {
    const own = createRedactor();
    own.register(new Uint8Array([0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa]));
    const replaced = Buffer.from('\ufffd'.repeat(6), 'utf16le');
    expect(own.cleanBytes(replaced)).toBe(replaced);
  });

  it('is found with any of its characters escaped, and the others not', () => {
    const escapes: readonly ((character: string) => string)[] = [
      (character) =>
        [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
      (character) =>
        [...Buffer.from(character)]
          .map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`)
          .join(''),
    ];
    const unicode: readonly ((character: string) => string)[] = [
      (character) => unicodeEscape(character),
      (character) => unicodeEscape(character).toUpperCase().replaceAll('\\U', '\\u'),
      (character) => JSON.stringify(character).slice(1, -1),
    ];
    const characters = [...CANARY];
    fc.assert(
      fc.property(
        fc.array(fc.nat(4), { minLength: characters.length, maxLength: characters.length }),
        fc.boolean(),
        (how, isJson) => {
          const known = isJson ? unicode : escapes;
          const must = isJson ? /["\\\n]/ : /%/;
          const spelled = characters.map((character, at) => {
            const escape = known[how[at] as number] ?? (must.test(character) ? known[0] : undefined);
            return escape === undefined ? character : escape(character);
          });
          expect(redactor.clean(`x${spelled.join('')}y`)).toBe('x[redacted]y');
        },
      ),
    );
  });

  it('is found in base64 and hex wherever it begins in what was encoded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), fc.uint8Array({ maxLength: 12 }), (before, after) => {
        const bytes = Buffer.concat([before, Buffer.from(CANARY), after]);
        for (const encoding of ['base64', 'base64url', 'hex'] as const) {
          const text = bytes.toString(encoding);
          for (const spelled of [text, encodeURIComponent(text), text.replaceAll('/', '\\/')]) {
            expect(redactor.clean(spelled)).toContain('[redacted]');
          }
        }
      }),
    );
  });

  it('of several lines is found however they end, are indented, or are shown', () => {
    const pem = '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSj\n-----END KEY-----\n';
    const own = createRedactor();
    own.register(pem);
    for (const text of [
      pem,
      pem.replaceAll('\n', '\r\n'),
      pem.replaceAll('\n', '\n    '),
      pem.replaceAll('\n', ''),
      inspect({ nested: { pem } }),
      inspect({ nested: { pem: `${pem}${pem}` } }, { breakLength: 20 }),
      encodeURIComponent(pem.replaceAll('\n', '\r\n')),
    ]) {
      expect(own.clean(text)).toContain('[redacted]');
      expect(own.clean(text)).not.toMatch(/BEGIN|MII|AQE|END/);
    }
    expect(own.clean('-----BEGIN KEY-----\n')).toBe('-----BEGIN KEY-----\n');
  });

  it('of lines that are nearly empty is not looked for without them', () => {
    const own = createRedactor();
    own.register('a\nb\nc\nd\n');
    expect(own.clean('abcd')).toBe('abcd');
    expect(own.clean('a\nb\nc\nd\n')).toBe('[redacted]');
  });

  it('may be bytes that are no text', () => {
    const bytes = Uint8Array.from([0xff, 0x00, 0xc3, 0x28, 0x80, 0x0a]);
    const own = createRedactor();
    own.register(bytes);
    const buffer = Buffer.concat([Buffer.from('a'), bytes, Buffer.from('b')]);
    expect(Buffer.from(own.cleanBytes(buffer)).toString()).toBe('a[redacted]b');
    expect(own.clean(`k=${buffer.toString('base64')}`)).toContain('[redacted]');
    expect(own.clean('%ff%00%C3(%80%0A')).toBe('[redacted]');
  });

  it('is no longer than 8 KiB, nor shorter than what is not met by chance', () => {
    for (const [minLength, secret] of [
      [6, '12345'],
      [4, 'abc'],
      [10, '123456789'],
      [6, ''],
    ] as const) {
      const own = createRedactor({ minLength });
      expect(() => own.register(secret)).toThrow(RangeError);
      expect(() => own.register(secret)).not.toThrow(secret === '' ? '""' : secret);
    }
    expect(() => createRedactor().register('x'.repeat(8_193))).toThrow(RangeError);
    expect(() => createRedactor({ minLength: 3 })).toThrow(RangeError);
    expect(() => createRedactor({ secrets: [] } as never)).toThrow(TypeError);
    const long = createRedactor();
    const secret = randomBytes(4_096).toString('hex');
    long.register(secret);
    expect(long.clean(`x ${secret} z`)).toBe('x [redacted] z');
  });

  it('is forgotten once it is unregistered as often as it was registered', () => {
    const own = createRedactor();
    const [one, other] = [own.register('correct horse'), own.register('correct horse')];
    const third = own.register('correct battery');
    one();
    one();
    expect(own.clean('correct horse')).toBe('[redacted]');
    other();
    expect(own.clean('correct horse, correct%20horse')).toBe('correct horse, correct%20horse');
    expect(own.clean('correct battery')).toBe('[redacted]');
    third();
    expect(own.clean('correct battery')).toBe('correct battery');
  });

  it('is forgotten alone, however often it is unregistered', () => {
    const own = createRedactor();
    own.register(Uint8Array.of(0, 0, 0, 0, 1, 2));
    const forget = own.register('correct horse');
    forget();
    forget();
    expect(own.clean('<\0\0\0\0\x01\x02>')).toBe('<[redacted]>');
  });

  it('leaves the marks of others that begin alike', () => {
    const own = createRedactor();
    const secrets = Array.from({ length: 300 }, (_, at) => `secret-${at}-of-many`);
    const forget = secrets.map((secret) => own.register(secret));
    for (const [at, secret] of secrets.entries()) {
      expect(own.clean(`<${secret}>`)).toBe('<[redacted]>');
      forget[at]?.();
      expect(own.clean(`<${secret}>`)).toBe(`<${secret}>`);
    }
  });

  it('does not show in the redactor itself', () => {
    const shown = inspect(redactor, { depth: 9, showHidden: true }) + JSON.stringify(redactor.clean);
    expect(shown).not.toMatch(/c4n|63 ?34 ?6e|99, 52/);
  });
});

describe('a Secret', () => {
  it('stays known after it was disposed of: what was revealed may still turn up', () => {
    const own = createRedactor();
    const secret = new Secret('correct horse');
    const forget = own.register(secret);
    const error = new Error(`login failed with ${secret.reveal()}`);
    secret.dispose();
    expect(own.clean(error.message)).toBe('login failed with [redacted]');
    forget();
    expect(own.clean(error.message)).toBe(error.message);
  });

  it('is not registered after it was disposed of', () => {
    const secret = new Secret('correct horse');
    secret.dispose();
    expect(() => createRedactor().register(secret)).toThrow(TypeError);
  });
});

describe('what is clean', () => {
  it('comes back as it is', () => {
    const text = 'GET /orders?q=%41%zz\\u00\\x\\ud83d HTTP/1.1 \ud800 %';
    expect(redactor.clean(text)).toBe(text);
    const bytes = Buffer.from([0xff, 0x25, 0x5c, 0x00]);
    expect(redactor.cleanBytes(bytes)).toBe(bytes);
    expect(redactor.clean('')).toBe('');
    expect(createRedactor().clean(CANARY)).toBe(CANARY);
  });

  it('comes back as it is, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        if (!shows(text)) expect(redactor.clean(text)).toBe(text);
      }),
    );
  });
});

describe('secrets that overlap', () => {
  it('are cut out together, so that no part of either is left', () => {
    const own = createRedactor({ minLength: 5 });
    for (const secret of ['abcdefgh', 'efghijkl', 'abcdef', 'ijklmnop']) own.register(secret);
    expect(own.clean('-abcdefghijklmnop-')).toBe('-[redacted]-');
    expect(own.clean('-abcdefghi-')).toBe('-[redacted]i-');
    expect(own.clean('-abcdef-')).toBe('-[redacted]-');
    expect(own.clean('-abcdef%67h-')).toBe('-[redacted]-');
    own.register('cdefg');
    expect(own.clean('-abcdefgh-')).toBe('-[redacted]-');
    expect(own.clean('abcdefabcdef')).toBe('[redacted][redacted]');
  });
});

const unicodeEscape = (character: string) =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
