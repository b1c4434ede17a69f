import { Buffer } from 'node:buffer';
import { ANCHOR_LENGTH, hashOf, PENDING, type NeedleIndex } from './needle-index.ts';
import { spellingOf } from './spelling.ts';

/** What stands in place of a secret. */
export const MARK = Buffer.from('[redacted]');

/** Which bytes begin an escape in some spelling. */
const ESCAPES = Uint8Array.from(spellingOf, (spelling) => (spelling === undefined ? 0 : 1));

/**
 * Cuts needles out of bytes that come in any pieces. A byte goes out as soon as no needle that began at it or before can
 * hold it, whatever comes: so what is kept back is never longer than the longest spelling of a needle, and the result
 * does not depend on the pieces.
 */
export class Redaction {
  private readonly needles: NeedleIndex;
  private kept: Uint8Array = new Uint8Array(0);
  /** So many bytes of what is kept are within a needle that is cut out already. */
  private hidden = 0;

  constructor(needles: NeedleIndex) {
    this.needles = needles;
  }

  /** The pieces that can go out. Those of `input` that are clean are views of it. */
  push(input: Uint8Array, isFinal: boolean): readonly Uint8Array[] {
    const bytes = this.kept.length === 0 ? input : Buffer.concat([this.kept, input]);
    const out: Uint8Array[] = [];
    let shown = this.hidden;
    let at = 0;
    let stop = bytes.length;
    for (; (at = this.nextStart(bytes, at, isFinal)) < bytes.length; at++) {
      const end = this.needles.endAt(bytes, at, isFinal);
      if (end === PENDING) {
        stop = at;
        break;
      }
      if (end === 0) continue;
      if (at >= shown) {
        if (at > shown) out.push(bytes.subarray(shown, at));
        out.push(MARK);
      }
      shown = Math.max(shown, end);
    }
    if (shown < stop) out.push(bytes.subarray(shown, stop));
    this.hidden = Math.max(0, shown - stop);
    this.kept = Uint8Array.from(bytes.subarray(stop));
    return out;
  }

  /** The first position from one on at which a needle may begin. */
  private nextStart(bytes: Uint8Array, from: number, isFinal: boolean): number {
    const { marks } = this.needles;
    const { length } = bytes;
    let word = 0;
    for (let at = from; at < length; at++) {
      const byte = bytes[at] as number;
      const before = word;
      word = (word << 8) | byte;
      if (
        marks[hashOf(word)] !== 0 ||
        (ESCAPES[byte] !== 0 && this.needles.mayGoOver(bytes, from, at, before, isFinal))
      ) {
        // The first of those that it may be: one found further on may begin before another.
        return Math.max(from, at - ANCHOR_LENGTH + 1);
      }
    }
    // Where fewer than four bytes are left, there is nothing yet to look up.
    return isFinal ? length : Math.max(from, length - ANCHOR_LENGTH + 1);
  }
}
