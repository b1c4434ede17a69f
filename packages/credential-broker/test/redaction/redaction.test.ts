import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NeedleIndex } from '../../src/redaction/needle-index.ts';
import { Redaction } from '../../src/redaction/redaction.ts';

const letters = fc.constantFrom('a', 'B', '%', '\\', '&', '=', '\n', 'u', '6', '1', '0', '"', 'é', '😀');
/** Text in which escapes of everything are met everywhere. */
const parts = fc.constantFrom(
  'a',
  'b',
  'ab',
  'B',
  '%61',
  '&#97;',
  '&#x62;',
  '&quot;',
  '&amp',
  '=61',
  '=62',
  '=\r\n',
  '\\x61',
  '\n',
  '%62',
  '%',
  '\\',
  '\\u0061',
  '\\u0062',
  '\\"',
  '\\\\',
  '%25',
  '\\u00e9',
  '\\ud83d\\ude00',
  'é',
  '6',
  '1',
  'u0',
);

/** What is left when every position is looked at, one after the other. */
function looked(needles: NeedleIndex, bytes: Uint8Array): string {
  let out = '';
  let shown = 0;
  for (let at = 0; at < bytes.length; at++) {
    const end = needles.endAt(bytes, at, true);
    if (end > 0 && at >= shown) out += '[redacted]';
    shown = Math.max(shown, end);
    if (at >= shown) out += Buffer.from(bytes.subarray(at, at + 1)).toString('latin1');
  }
  return out;
}

it('looks away from no position at which a needle begins', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: letters, minLength: 4, maxLength: 7 }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.oneof(parts, fc.nat(4)), { maxLength: 30 }),
      (secrets, text) => {
        const needles = new NeedleIndex();
        for (const secret of secrets) needles.add(Buffer.from(secret));
        const spelled = text.map((part) => (typeof part === 'number' ? (secrets[part] ?? '') : part));
        const bytes = Buffer.from(spelled.join(''));
        const out = Buffer.concat(new Redaction(needles).push(bytes, true)).toString('latin1');
        expect(out).toBe(looked(needles, bytes));
      },
    ),
    { numRuns: 1_000 },
  );
});

/** How the decoders of this runtime, or a rule of one line, undo each spelling. */
const decoders: Readonly<
  Record<string, readonly [(units: string[]) => string, (spelled: string) => string]>
> = {
  percent: [
    (units) =>
      bytesOf(units)
        .map((byte) => `%${hexOf(byte)}`)
        .join(''),
    decodeURIComponent,
  ],
  JSON: [
    (units) => units.map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    (spelled) => String(JSON.parse(`"${spelled}"`)),
  ],
  'backslash x': [
    (units) =>
      bytesOf(units)
        .map((byte) => `\\x${hexOf(byte)}`)
        .join(''),
    (spelled) => Buffer.from(spelled.replaceAll('\\x', ''), 'hex').toString(),
  ],
  'quoted-printable': [
    (units) =>
      bytesOf(units)
        .map((byte) => `=${hexOf(byte).toUpperCase()}`)
        .join('=\r\n'),
    (spelled) => Buffer.from(spelled.replaceAll(/=(\r\n)?/g, ''), 'hex').toString(),
  ],
  HTML: [
    (units) => [...units.join('')].map((one) => `&#${one.codePointAt(0)};`).join(''),
    (spelled) => spelled.replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))),
  ],
};
const hexOf = (byte: number) => byte.toString(16).padStart(2, '0');
const bytesOf = (units: string[]) => [...Buffer.from(units.join(''))];

it.each(Object.entries(decoders))('reads %s as its decoders do', (_, [encode, decode]) => {
  const needles = new NeedleIndex();
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 4, maxLength: 8 }), (text) => {
      // Without halves of pairs, which no UTF-8 has.
      const secret = Buffer.from(text);
      needles.add(secret);
      const spelled = encode(secret.toString().split(''));
      expect(decode(spelled)).toBe(secret.toString());
      expect(needles.endAt(Buffer.from(spelled), 0, true)).toBe(spelled.length);
      needles.remove(secret);
      expect(needles.endAt(Buffer.from(spelled), 0, true)).toBe(0);
    }),
  );
});

it.each([
  '&#x110000;',
  '&#0000000000097;',
  '&nbsp;',
  '&#;',
  '&a1;',
  '&#97 ',
  '&',
  '=\r',
  '=6',
  '\\x6',
  '\\xzz',
])('takes %j for what it is: no escape', (text) => {
  const needles = new NeedleIndex();
  needles.add(Buffer.from('abcd'));
  expect(needles.endAt(Buffer.from(`${text}bcd`), 0, true)).toBe(0);
  needles.add(Buffer.from(`${text}bcd`));
  expect(needles.endAt(Buffer.from(`${text}bcd`), 0, true)).toBe(text.length + 3);
});
