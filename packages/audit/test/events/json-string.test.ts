import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isPlainText, jsonString } from '../../src/events/json-string.ts';

it('a text is written as JSON.stringify writes it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(jsonString(text)).toBe(JSON.stringify(text));
    }),
  );
});

it('a text that needs nothing but quotes is told from others', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      if (isPlainText(text)) expect(JSON.stringify(text)).toBe(`"${text}"`);
    }),
  );
  expect(isPlainText('caf\u00e9 \u20ac')).toBe(true);
  for (const text of ['"', '\\', '\n', '\u0000']) expect(isPlainText(text)).toBe(false);
});

it.each(['\ud800', 'a\udc00', '\ud83dx', '\ude00\ud83d'])(
  'half of a surrogate pair has no form: %o',
  (text) => {
    expect(jsonString(text)).toBeUndefined();
  },
);

it('control characters are escaped the short way where there is one (RFC 8785, section 3.2.2.2)', () => {
  expect(jsonString('\b\t\n\f\r"\\/\u0000\u001f\u007f')).toBe(
    '"\\b\\t\\n\\f\\r\\"\\\\/\\u0000\\u001f\u007f"',
  );
});
