import type { Buffer } from 'node:buffer';
import { spellingOf, SPELLINGS, SpellingReader, type Spelling } from './spelling.ts';

/** So many bytes of a needle are looked up at once. */
export const ANCHOR_LENGTH = 4;

/** More input is needed to tell. */
export const PENDING = -1;

/** The needles behind an anchor that has none. */
const NONE: readonly Buffer[] = [];

/** Finds which of many needles begin at a position, in whatever spelling. */
export class NeedleIndex {
  /** Which hashes of four bytes the needles begin with; see {@link hashOf}. */
  readonly marks = new Uint8Array(1 << 16);
  /** By what they begin with, in whatever case: see {@link folded}. */
  private readonly byAnchor = new Map<number, Buffer[]>();
  /** How many needles begin with one, two or three bytes. */
  private readonly prefixes = new Map<number, number>();
  /** How many needles are behind each mark. */
  private readonly hashes = new Map<number, number>();
  private readonly reader = new SpellingReader();

  add(needle: Buffer): void {
    const anchor = anchorOf(needle);
    const alike = this.byAnchor.get(anchor) ?? [];
    alike.push(needle);
    this.byAnchor.set(anchor, alike);
    this.count(needle, 1);
  }

  /** Forgets one needle; of equal ones, the others stay. */
  remove(needle: Buffer): void {
    const anchor = anchorOf(needle);
    const alike = this.byAnchor.get(anchor) ?? [];
    const at = alike.indexOf(needle);
    if (at < 0) return;
    alike.splice(at, 1);
    if (alike.length === 0) this.byAnchor.delete(anchor);
    this.count(needle, -1);
  }

  /**
   * Whether a needle may begin at a position from one on whose first bytes go over an escape, or with more input might.
   *
   * @param at - where the escape is
   * @param before - the three bytes before it
   */
  mayGoOver(input: Uint8Array, from: number, at: number, before: number, isFinal: boolean): boolean {
    const { reader } = this;
    const spelling = spellingOf[input[at] as number] ?? 'plain';
    if (!reader.read(input, at, spelling, isFinal)) return !isFinal;
    // No escape after all.
    if (reader.end === at + 1) return false;
    let word = before;
    for (let start = at - ANCHOR_LENGTH; ;) {
      for (let i = 0; i < reader.count; i++) {
        word = (word << 8) | (reader.bytes[i] as number);
        start++;
        if (start >= from && this.marks[hashOf(word)] !== 0) return true;
        if (start === at) return false;
      }
      if (!reader.read(input, reader.end, spelling, isFinal)) return !isFinal;
    }
  }

  /** Where the longest needle ends that begins at a position: 0 for none, {@link PENDING} when more input could tell. */
  endAt(input: Uint8Array, from: number, isFinal: boolean): number {
    const isShort = input.length - from < ANCHOR_LENGTH;
    const alike = isShort ? NONE : this.behind(wordAt(input, from));
    let end = 0;
    for (const [spelling, escape] of SPELLINGS) {
      // Without an escape among its first four bytes, text begins alike in any spelling.
      const isEscaped = hasByte(input, from, escape) || (isShort && spelling === 'plain');
      const found = isEscaped
        ? this.endIn(spelling, input, from, isFinal)
        : this.endOfAny(alike, spelling, input, from, isFinal);
      if (found === PENDING) return PENDING;
      if (found > end) end = found;
    }
    return end;
  }

  private endIn(spelling: Spelling, input: Uint8Array, from: number, isFinal: boolean): number {
    const { reader } = this;
    let anchor = 0;
    let length = 0;
    for (let at = from; length < ANCHOR_LENGTH; at = reader.end) {
      if (!reader.read(input, at, spelling, isFinal)) {
        return !isFinal && this.mayBegin(anchor, length) ? PENDING : 0;
      }
      for (let i = 0; i < reader.count && length < ANCHOR_LENGTH; i++, length++) {
        anchor = (anchor << 8) | (reader.bytes[i] as number);
      }
    }
    return this.endOfAny(this.behind(anchor), spelling, input, from, isFinal);
  }

  private endOfAny(
    needles: readonly Buffer[],
    spelling: Spelling,
    input: Uint8Array,
    from: number,
    isFinal: boolean,
  ): number {
    let end = 0;
    for (const needle of needles) {
      const found = this.endOf(needle, spelling, input, from, isFinal);
      if (found === PENDING) return PENDING;
      if (found > end) end = found;
    }
    return end;
  }

  private endOf(
    needle: Buffer,
    spelling: Spelling,
    input: Uint8Array,
    from: number,
    isFinal: boolean,
  ): number {
    const { reader } = this;
    reader.end = from;
    for (let matched = 0; matched < needle.length;) {
      if (!reader.read(input, reader.end, spelling, isFinal)) return isFinal ? 0 : PENDING;
      for (let i = 0; i < reader.count; i++) {
        if (reader.bytes[i] !== needle[matched++]) return 0;
      }
    }
    return reader.end;
  }

  private behind(anchor: number): readonly Buffer[] {
    return this.marks[hashOf(anchor)] === 0 ? NONE : (this.byAnchor.get(folded(anchor)) ?? NONE);
  }

  /** Whether a needle begins with the first bytes of what was read. */
  private mayBegin(prefix: number, length: number): boolean {
    return length === 0 ? this.prefixes.size > 0 : this.prefixes.has(prefixKey(prefix, length));
  }

  private count(needle: Buffer, change: 1 | -1): void {
    for (let length = 1; length < ANCHOR_LENGTH; length++) {
      tally(this.prefixes, prefixKey(needle.readUIntBE(0, length), length), change);
    }
    const hash = hashOf(anchorOf(needle));
    this.marks[hash] = tally(this.hashes, hash, change) > 0 ? 1 : 0;
  }
}

/** Changes a count; those of nothing are not kept. */
function tally(counts: Map<number, number>, key: number, change: 1 | -1): number {
  const count = (counts.get(key) ?? 0) + change;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
  return count;
}

/** Spreads four bytes over the marks; those that differ in the case of letters, to the same. */
export function hashOf(anchor: number): number {
  return Math.imul(folded(anchor), 0x9e3779b1) >>> 16;
}

/** Four bytes without the case of letters, which says nothing in hexadecimal. */
const folded = (bytes: number) => bytes | ((bytes & 0x40404040) >> 1);

const wordAt = (bytes: Uint8Array, at: number) =>
  ((bytes[at] as number) << 24) |
  ((bytes[at + 1] as number) << 16) |
  ((bytes[at + 2] as number) << 8) |
  (bytes[at + 3] as number);

const hasByte = (bytes: Uint8Array, at: number, byte: number) =>
  bytes[at] === byte || bytes[at + 1] === byte || bytes[at + 2] === byte || bytes[at + 3] === byte;

const anchorOf = (needle: Buffer) => folded(needle.readInt32BE(0));

/** Tells prefixes of one, two and three bytes apart. */
const prefixKey = (prefix: number, length: number) => (length << 24) | (folded(prefix) & 0xffffff);
