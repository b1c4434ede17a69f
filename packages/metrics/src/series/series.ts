import type { Family } from './family.ts';
import { Leaf } from './label-trie.ts';

/** Not written to since the last sweep. */
export const IDLE = 0;
/** Written to since the last sweep; the only state in which a write costs nothing extra. */
export const WRITTEN = 1;
/** No longer part of its family: whoever still holds it brings it back with the next write. */
export const REMOVED = 2;

/** One time series: the child of a family that a tuple of label values leads to, or the family's only one. */
export abstract class Series<S extends Series<S>> extends Leaf<S> {
  readonly family: Family<S>;
  state: typeof IDLE | typeof WRITTEN | typeof REMOVED = IDLE;
  /** The labels as the exposition formats write them, kept from the first scrape on. */
  text: string | undefined = undefined;
  /** When the last sweep saw a write, in monotonic milliseconds. */
  writtenAtMs = 0;
  /** Since when it counts, in milliseconds since the epoch. */
  createdAtMs: number;
  /** The walk through its family during which it was added; see {@link Family.startWalk}. */
  addedIn = 0;

  constructor(family: Family<S>) {
    super();
    this.family = family;
    this.createdAtMs = family.clock.wallNow();
  }

  /** Starts again. */
  begin(): void {
    this.zero();
    this.createdAtMs = this.family.clock.wallNow();
  }

  /** Sets everything to zero. */
  abstract zero(): void;
  /** Takes over what another series of the same labels has counted. */
  takeOver(other: S): void {
    this.createdAtMs = other.createdAtMs;
  }

  /** @returns the series that the write goes to: this one, unless it was removed and its family is full */
  protected touch(): S {
    const self = this as unknown as S;
    if (this.state === REMOVED) return this.family.revive(self);
    this.state = WRITTEN;
    return self;
  }
}
