import { Buffer } from 'node:buffer';

/**
 * The spellings under which a secret is looked for as it stands: raw, JSON-escaped, with a plus for each blank, in hex
 * and in base64 (either alphabet) wherever in a longer text it begins. {@link unwrapped} is for the others.
 */
export function secretForms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const hex = bytes.toString('hex');
  const forms = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll(' ', '+'),
    hex,
    hex.toUpperCase(),
  ];
  for (const offset of [0, 1, 2]) {
    const base64 = base64Core(bytes, offset);
    forms.push(base64, base64.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return [...new Set(forms)];
}

/** Those digits of base64 that depend on the bytes alone, when they begin `offset` bytes into a group of three. */
function base64Core(bytes: Buffer, offset: number): string {
  const digits = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  return digits.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}

const PERCENT = /(?:%[0-9a-f]{2})+/gi;
const ESCAPE = /\\(?:u([0-9a-f]{4})|(.))/gis;
const CONTROLS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** A text with one layer of percent-encoding, or else of JSON escapes, taken off; `undefined` when it has none. */
export function unwrapped(text: string): string | undefined {
  const decoded = text.replace(PERCENT, fromPercent);
  if (decoded !== text) return decoded;
  return text.includes('\\') ? text.replace(ESCAPE, fromEscape) : undefined;
}

const fromPercent = (run: string) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8');

const fromEscape = (_: string, code: string | undefined, plain: string | undefined) =>
  code === undefined ? (CONTROLS[plain ?? ''] ?? plain ?? '') : String.fromCharCode(parseInt(code, 16));
