import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NeedleIndex } from '../../src/redaction/needle-index.ts';
import { Redaction } from '../../src/redaction/redaction.ts';

const letters = fc.constantFrom('a', 'b', '%', '\\', 'u', '6', '1', '0', '"', 'é', '😀');
/** Text in which escapes of everything are met everywhere. */
const parts = fc.constantFrom(
  'a',
  'b',
  'ab',
  '%61',
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

it('reads every escape as its decoders do', () => {
  const needles = new NeedleIndex();
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 4, maxLength: 8 }), fc.boolean(), (text, isJson) => {
      // Without halves of pairs, which no UTF-8 has.
      const secret = Buffer.from(text);
      needles.add(secret);
      const units = [...secret.toString()].flatMap((character) => character.split(''));
      const spelled = isJson
        ? units.map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
        : [...secret].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
      if (isJson) expect(JSON.parse(`"${spelled}"`)).toBe(secret.toString());
      else expect(decodeURIComponent(spelled)).toBe(secret.toString());
      expect(needles.endAt(Buffer.from(spelled), 0, true)).toBe(spelled.length);
      needles.remove(secret);
      expect(needles.endAt(Buffer.from(spelled), 0, true)).toBe(0);
    }),
  );
});
