/** So many characters are hashed to find where something may begin. */
export const ANCHOR_LENGTH = 4;

const BUCKETS = 1 << 16;
/** A text has characters that JSON escapes, or halves of surrogate pairs. */
export const NEEDS_ESCAPE = 1;
/** A text may have something in it that was asked for. */
export const SUSPECT = 2;

/** A text has been looked at. */
export const ALWAYS = 8;
/** A text has a `%` or a `\\`, behind which something may be in another spelling. */
export const ENCODED = 4;

const CLASSES = new Uint8Array(BUCKETS).map((_, code) => {
  const isControl = code < 0x20;
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  if (code === 0x25) return ENCODED;
  if (code === 0x5c) return NEEDS_ESCAPE | ENCODED;
  return isControl || isSurrogate || code === 0x22 ? NEEDS_ESCAPE : 0;
});

/**
 * Sees in one pass over a text, at about a nanosecond a character, whether it has to be escaped and whether one of any
 * number of anchors may be in it. The hash of a position is made of its last four characters, since all others have
 * been shifted out.
 */
export class TextScan {
  private readonly marks = new Uint8Array(BUCKETS);

  /** @param anchor - at least four characters, of which the first four count */
  mark(anchor: string): void {
    this.marks[bucketOf(anchor)] = SUSPECT;
  }

  unmark(anchor: string): void {
    this.marks[bucketOf(anchor)] = 0;
  }

  /** @returns {@link NEEDS_ESCAPE}, {@link SUSPECT} and {@link ENCODED}, or'ed with {@link ALWAYS} */
  flags(text: string): number {
    const { marks } = this;
    let hash = 0;
    let flags = ALWAYS;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      hash = ((hash << 5) ^ code) & (BUCKETS - 1);
      flags |= (marks[hash] as number) | (CLASSES[code] as number);
    }
    return flags;
  }
}

/** The bucket of the first four characters of a text. */
export function bucketOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < ANCHOR_LENGTH; at++) hash = ((hash << 5) ^ text.charCodeAt(at)) & (BUCKETS - 1);
  return hash;
}
