import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretForms, unwrapped } from '../../src/redaction/secret-forms.ts';

const secret = fc.string({ unit: 'grapheme', minLength: 6, maxLength: 30 });
const bytes = fc.uint8Array({ maxLength: 10 });

describe('the forms of a secret', () => {
  it('have one in every base64 of something that has the secret in it', () => {
    fc.assert(
      fc.property(secret, bytes, bytes, (text, before, after) => {
        const all = Buffer.concat([before, Buffer.from(text), after]);
        for (const encoding of ['base64', 'base64url'] as const) {
          const encoded = all.toString(encoding);
          expect(secretForms(text).some((form) => encoded.includes(form))).toBe(true);
        }
      }),
    );
  });

  it('have one in every hex of it, in either case', () => {
    fc.assert(
      fc.property(secret, bytes, (text, before) => {
        const hex = Buffer.concat([before, Buffer.from(text)]).toString('hex');
        for (const encoded of [hex, hex.toUpperCase()]) {
          expect(secretForms(text).some((form) => encoded.includes(form))).toBe(true);
        }
      }),
    );
  });

  it('are long enough to be told from ordinary text', () => {
    fc.assert(
      fc.property(secret, (text) => {
        for (const form of secretForms(text)) expect(form.length).toBeGreaterThanOrEqual(6);
      }),
    );
  });

  it('hold none twice', () => {
    const forms = secretForms('plainsecret');
    expect(new Set(forms).size).toBe(forms.length);
    expect(forms).toContain('plainsecret');
  });
});

describe('taking a layer of encoding off', () => {
  it.each([
    ['plain', undefined],
    ['100 % sure', undefined],
    ['a%2', undefined],
    ['%61%62', 'ab'],
    ['x%C3%A4y', 'x\u00e4y'],
    ['%2561', '%61'],
    ['\\u0061\\n\\"', 'a\n"'],
    ['\\\\u0061', '\\u0061'],
    ['C:\\temp', 'C:\temp'],
    ['trailing\\', 'trailing\\'],
  ])('of %o', (text, expected) => {
    expect(unwrapped(text)).toBe(expected);
  });

  it('undoes what encodeURIComponent and JSON did', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const encoded = encodeURIComponent(text);
        expect(unwrapped(encoded) ?? encoded).toBe(text);
        const escaped = JSON.stringify(text).slice(1, -1);
        if (!/%[0-9a-f]{2}/i.test(text)) expect(unwrapped(escaped) ?? escaped).toBe(text);
      }),
    );
  });
});
