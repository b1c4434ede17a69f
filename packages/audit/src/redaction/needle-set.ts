import { ANCHOR_LENGTH, bucketOf } from './text-scan.ts';

/** A found stretch of a text. */
export interface Found {
  readonly start: number;
  readonly end: number;
}

/** Finds any of many strings, each of four characters or more, in a text. */
export class NeedleSet {
  private readonly needles = new Map<number, string[]>();

  add(needle: string): void {
    const bucket = bucketOf(needle);
    this.needles.set(bucket, [...(this.needles.get(bucket) ?? []), needle]);
  }

  /** Takes one of the equal needles out. */
  delete(needle: string): void {
    const bucket = bucketOf(needle);
    const rest = [...(this.needles.get(bucket) ?? [])];
    const at = rest.indexOf(needle);
    if (at >= 0) rest.splice(at, 1);
    if (rest.length > 0) this.needles.set(bucket, rest);
    else this.needles.delete(bucket);
  }

  get size(): number {
    return this.needles.size;
  }

  /** The first needle in a text from a position on; the longest of those that begin there. */
  find(text: string, from = 0): Found | undefined {
    for (let start = from; start <= text.length - ANCHOR_LENGTH; start++) {
      const end = this.endOf(text, start);
      if (end > start) return { start, end };
    }
    return undefined;
  }

  private endOf(text: string, start: number): number {
    let length = 0;
    for (const needle of this.needles.get(bucketOf(text.slice(start, start + ANCHOR_LENGTH))) ?? []) {
      if (needle.length > length && text.startsWith(needle, start)) length = needle.length;
    }
    return start + length;
  }
}
