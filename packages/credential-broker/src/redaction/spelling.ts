/** How text may be spelled: as it is, with percent escapes, or with those of JSON; either kind may escape anything. */
export type Spelling = 'plain' | 'percent' | 'json';

/** The bytes that begin an escape in some spelling. */
export const PERCENT = 0x25;
export const BACKSLASH = 0x5c;

const HEX = new Int8Array(256).fill(-1);
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  HEX[digit.charCodeAt(0)] = value;
  HEX[digit.toUpperCase().charCodeAt(0)] = value;
}

const SHORT = new Uint8Array(256);
for (const [letter, meaning] of Object.entries({
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  '"': 34,
  '\\': 92,
  '/': 47,
})) {
  SHORT[letter.charCodeAt(0)] = meaning;
}

/** The digits of a `\u` escape, and of a pair of them. */
const UNIT = 6;

/**
 * Reads one spelled character at a time. What is no escape stands for itself; what may become one with more input is not
 * decided while there may be more. Made once and reused, so that reading allocates nothing.
 */
export class SpellingReader {
  /** The bytes that were read last: one, or those of a character in UTF-8. */
  readonly bytes = new Uint8Array(4);
  /** How many. */
  count = 0;
  /** Where the next character begins. */
  end = 0;

  /** @returns whether there was one; `false` at the end of what there is */
  read(input: Uint8Array, at: number, spelling: Spelling, isFinal: boolean): boolean {
    if (at >= input.length) return false;
    const byte = input[at] as number;
    if (spelling === 'percent' && byte === PERCENT) return this.percent(input, at, isFinal);
    if (spelling === 'json' && byte === BACKSLASH) return this.json(input, at, isFinal);
    return this.one(byte, at + 1);
  }

  private percent(input: Uint8Array, at: number, isFinal: boolean): boolean {
    const code = digits(input, at + 1, 2);
    if (code === UNFINISHED && !isFinal) return false;
    return code < 0 ? this.one(PERCENT, at + 1) : this.one(code, at + 3);
  }

  private json(input: Uint8Array, at: number, isFinal: boolean): boolean {
    const letter = input[at + 1];
    if (letter === undefined && !isFinal) return false;
    if (letter !== LETTER_U) {
      const meaning = SHORT[letter ?? 0] as number;
      return meaning === 0 ? this.one(BACKSLASH, at + 1) : this.one(meaning, at + 2);
    }
    const code = digits(input, at + 2, 4);
    if (code === UNFINISHED && !isFinal) return false;
    if (code < 0) return this.one(BACKSLASH, at + 1);
    if (code < 0xd800 || code > 0xdbff) return this.character(code, at + UNIT);
    const low = lowSurrogate(input, at + UNIT);
    if (low === UNFINISHED && !isFinal) return false;
    if (low < 0) return this.character(code, at + UNIT);
    return this.character(0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00), at + 2 * UNIT);
  }

  private one(byte: number, end: number): true {
    this.bytes[0] = byte;
    this.count = 1;
    this.end = end;
    return true;
  }

  private character(code: number, end: number): true {
    if (code < 0x80) return this.one(code, end);
    this.count = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (let at = this.count - 1; at > 0; at--)
      this.bytes[at] = 0x80 | ((code >> (6 * (this.count - 1 - at))) & 0x3f);
    this.bytes[0] = ((0xf00 >> this.count) & 0xff) | (code >> (6 * (this.count - 1)));
    this.end = end;
    return true;
  }
}

const LETTER_U = 0x75;
const WRONG = -1;
const UNFINISHED = -2;

/** The value of some hexadecimal digits. */
function digits(input: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    if (i >= input.length) return UNFINISHED;
    const digit = HEX[input[i] as number] as number;
    if (digit < 0) return WRONG;
    value = value * 16 + digit;
  }
  return value;
}

/** The second half of a pair of escapes. */
function lowSurrogate(input: Uint8Array, at: number): number {
  if (at >= input.length) return UNFINISHED;
  if (input[at] !== BACKSLASH) return WRONG;
  if (at + 1 >= input.length) return UNFINISHED;
  if (input[at + 1] !== LETTER_U) return WRONG;
  const code = digits(input, at + 2, 4);
  return code < 0 || (code >= 0xdc00 && code <= 0xdfff) ? code : WRONG;
}
