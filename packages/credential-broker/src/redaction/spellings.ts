import { Buffer } from 'node:buffer';

/**
 * The forms of a secret that are looked for: as it is, with a plus for each blank, JSON-escaped, percent-encoded, in hex,
 * in base64 wherever in a longer text it begins, and in UTF-16. Each of them is found under a {@link Spelling} as well.
 */
export function formsOf(secret: Uint8Array): readonly Buffer[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const forms = [hex, hex.toUpperCase()];
  for (const offset of [0, 1, 2]) {
    const digits = base64Core(bytes, offset);
    forms.push(digits, digits.replaceAll('+', '-').replaceAll('/', '_'));
  }
  const text = bytes.toString();
  if (Buffer.from(text).equals(bytes)) {
    const escaped = JSON.stringify(text).slice(1, -1);
    forms.push(text, text.replaceAll(' ', '+'), escaped, encodeURIComponent(text));
    return [...buffersOf(forms), Buffer.from(text, 'utf16le'), Buffer.from(text, 'utf16le').swap16()];
  }
  return [bytes, ...buffersOf(forms)];
}

const buffersOf = (forms: readonly string[]) => [...new Set(forms)].map((form) => Buffer.from(form));

/** Those digits of base64 that depend on the bytes alone, when they begin `offset` bytes into a group of three. */
function base64Core(bytes: Buffer, offset: number): string {
  const digits = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  return digits.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}
