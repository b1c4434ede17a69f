import { Buffer } from 'node:buffer';
import { SpellingReader } from './spelling.ts';

/**
 * The forms of a secret that are looked for: as it is, with a plus for each blank, JSON-escaped, percent-encoded, without
 * the ends of its lines, in hex, as inspectors and JSON show a buffer, in base64 wherever in a longer text it begins, and
 * in UTF-16. Each of them is found under a {@link Spelling} as well.
 *
 * @param minLength - the shortest form that is not met by chance
 */
export function formsOf(secret: Uint8Array, minLength: number): readonly Buffer[] {
  const bytes = Buffer.from(secret);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  const forms = [hex.join(''), hex.join(':'), hex.join(' '), bytes.join(',')];
  for (const offset of [0, 1, 2]) {
    const digits = base64Core(bytes, offset);
    forms.push(digits, digits.replaceAll('+', '-').replaceAll('/', '_'));
  }
  const text = bytes.toString();
  if (!Buffer.from(text).equals(bytes)) return [bytes, ...buffersOf(forms)];
  const escaped = JSON.stringify(text).slice(1, -1);
  forms.push(text, text.replaceAll(' ', '+'), escaped, encodeURIComponent(text));
  const joined = inOneLine(bytes);
  if (joined.length >= minLength) forms.push(joined.toString());
  return [...buffersOf(forms), Buffer.from(text, 'utf16le'), Buffer.from(text, 'utf16le').swap16()];
}

/** Bytes as they are read where the ends of lines do not count. */
function inOneLine(bytes: Buffer): Buffer {
  const reader = new SpellingReader();
  const out: number[] = [];
  for (let at = 0; reader.read(bytes, at, 'lines', true); at = reader.end) {
    out.push(...reader.bytes.subarray(0, reader.count));
  }
  return Buffer.from(out);
}

const buffersOf = (forms: readonly string[]) => [...new Set(forms)].map((form) => Buffer.from(form));

/** Those digits of base64 that depend on the bytes alone, when they begin `offset` bytes into a group of three. */
function base64Core(bytes: Buffer, offset: number): string {
  const digits = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  return digits.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}
