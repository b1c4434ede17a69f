import { Buffer } from 'node:buffer';
import { digits, UNFINISHED, WRONG } from './digits.ts';

/**
 * How text may be spelled: as it is; with percent escapes; with those that begin with a backslash, of JSON and of other
 * languages; with those of HTML or of quoted-printable; in lines, with either of the first two kinds; in hexadecimal
 * digits of either case. Any character may be escaped, or not.
 */
export type Spelling = 'plain' | 'percent' | 'backslash' | 'html' | 'quoted' | 'lines' | 'hex';

/** The spellings, each with the byte that begins its escapes. */
export const SPELLINGS: readonly (readonly [Spelling, escape: number])[] = [
  ['plain', -1],
  ['percent', 0x25],
  ['backslash', 0x5c],
  ['html', 0x26],
  ['quoted', 0x3d],
  ['lines', -1],
  ['hex', -1],
];

/** In which spelling a byte begins an escape. */
export const spellingOf: readonly (Spelling | undefined)[] = Array.from(
  { length: 256 },
  (_, byte) => SPELLINGS.find(([, escape]) => escape === byte)?.[0],
);

const [PERCENT, BACKSLASH, AMPERSAND, EQUALS, SEMICOLON] = [0x25, 0x5c, 0x26, 0x3d, 0x3b];
const [LINE_FEED, RETURN, PLUS] = [0x0a, 0x0d, 0x2b];
const [LETTER_U, LETTER_X] = [0x75, 0x78];

/** What some letters mean after a backslash. */
const SHORT = new Uint8Array(256);
for (const [letter, meaning] of Object.entries({
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  '"': 34,
  "'": 39,
  '\\': 92,
  '/': 47,
})) {
  SHORT[letter.charCodeAt(0)] = meaning;
}

const ENTITIES = new Map([
  ['amp', 38],
  ['lt', 60],
  ['gt', 62],
  ['quot', 34],
  ['apos', 39],
]);

/** As many bytes an entity can have, some zeros in front included. */
const MAX_ENTITY = 12;

/** The digits of a `\u` escape, and of a pair of them. */
const UNIT = 6;

/** So many bytes can be between two lines: bounded, since a stream keeps them back. */
const MAX_GAP = 64;

/**
 * Reads one spelled character at a time. What is no escape stands for itself; what may become one with more input is not
 * decided while there may be more. Made once and reused, so that reading allocates nothing but for entities.
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
    if (spelling === 'lines') return this.lines(input, at, isFinal);
    if (spelling === 'percent' && byte === PERCENT) return this.byte(input, at, 1, isFinal);
    if (spelling === 'backslash' && byte === BACKSLASH) return this.backslash(input, at, isFinal);
    if (spelling === 'html' && byte === AMPERSAND) return this.html(input, at, isFinal);
    if (spelling === 'quoted' && byte === EQUALS) return this.quoted(input, at, isFinal);
    return this.one(spelling === 'hex' ? inLowerHex(byte) : byte, at + 1);
  }

  /** A byte in two digits, after `length` bytes that begin the escape. */
  private byte(input: Uint8Array, at: number, length: number, isFinal: boolean): boolean {
    const code = digits(input, at + length, 2);
    if (code === UNFINISHED && !isFinal) return false;
    return code < 0 ? this.one(input[at] as number, at + 1) : this.one(code, at + length + 2);
  }

  private backslash(input: Uint8Array, at: number, isFinal: boolean): boolean {
    const letter = input[at + 1];
    if (letter === undefined && !isFinal) return false;
    if (letter === LETTER_X) return this.byte(input, at, 2, isFinal);
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

  private html(input: Uint8Array, at: number, isFinal: boolean): boolean {
    let end = at + 1;
    while (end - at < MAX_ENTITY && isOfEntity(input[end])) end++;
    if (end >= input.length && end - at < MAX_ENTITY && !isFinal) return false;
    const code = input[end] === SEMICOLON ? codeOf(input.subarray(at + 1, end)) : undefined;
    return code === undefined ? this.one(AMPERSAND, at + 1) : this.character(code, end + 1);
  }

  /** The line may end after an equals sign, once between two characters. */
  private quoted(input: Uint8Array, at: number, isFinal: boolean): boolean {
    const next = input[at + 1] === RETURN ? at + 2 : at + 1;
    if (next >= input.length && !isFinal) return false;
    if (input[next] !== LINE_FEED) return this.byte(input, at, 1, isFinal);
    if (input[next + 1] === EQUALS) return this.byte(input, next + 1, 1, isFinal);
    return this.read(input, next + 1, 'plain', isFinal);
  }

  /** Goes over the ends of lines, and over what indents a line, or joins it to the one before: `' +` and a quote. */
  private lines(input: Uint8Array, at: number, isFinal: boolean): boolean {
    let isBetween = false;
    let isQuoted = false;
    for (let next = at; ; next = this.end) {
      const spelling = input[next] === PERCENT ? 'percent' : 'backslash';
      if (!this.read(input, next, spelling, isFinal)) return false;
      const byte = this.bytes[0] as number;
      if (byte === LINE_FEED || byte === RETURN) isBetween = true;
      else if (!isBetween) return true;
      else if (isQuote(byte)) isQuoted = true;
      else if (!isBlank(byte) && !(byte === PLUS && isQuoted)) return true;
      if (next - at > MAX_GAP) return true;
    }
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

/** The second half of a pair of escapes. */
function lowSurrogate(input: Uint8Array, at: number): number {
  if (at >= input.length) return UNFINISHED;
  if (input[at] !== BACKSLASH) return WRONG;
  if (at + 1 >= input.length) return UNFINISHED;
  if (input[at + 1] !== LETTER_U) return WRONG;
  const code = digits(input, at + 2, 4);
  return code < 0 || (code >= 0xdc00 && code <= 0xdfff) ? code : WRONG;
}

/** The character that an entity stands for: by its name, or its number in one of two ways. */
function codeOf(entity: Uint8Array): number | undefined {
  const name = Buffer.from(entity).toString('latin1');
  const [, x, number] = /^#(x?)([\da-f]+)$/i.exec(name) ?? [];
  if (number === undefined) return ENTITIES.get(name);
  const code = x === '' ? Number(number) : Number.parseInt(number, 16);
  return code <= 0x10ffff ? code : undefined;
}

/** Whether a byte may be in an entity: a letter, a digit, or the sign before a number. */
const isOfEntity = (byte = 0) =>
  byte === 0x23 || (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a);
const inLowerHex = (byte: number) => (byte >= 0x41 && byte <= 0x46 ? byte | 0x20 : byte);
const isBlank = (byte: number) => byte === 0x20 || byte === 0x09;
const isQuote = (byte: number) => byte === 0x27 || byte === 0x22 || byte === 0x60;
