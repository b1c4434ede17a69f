/** Handles are positive, and small integers on every engine. */
const MAX_HANDLE = 2 ** 30 - 1;
const MIN_SLOTS = 64;

/**
 * Permits that callers keep themselves. A handle is a serial number, its slot its low bits: a handle that was given
 * back is known as such without any allocation.
 */
export class PermitTable {
  /** By slot; 0 where there is none. */
  private handles: number[] = zeros(MIN_SLOTS);
  private permits: number[] = zeros(MIN_SLOTS);
  private size = 0;
  private last = 0;

  /** Keeps a permit and answers its handle, never 0. */
  keep(permit: number): number {
    const { handles } = this;
    const handle = this.last + 1;
    const slot = handle & (handles.length - 1);
    if (handles[slot] !== 0 || handle > MAX_HANDLE) return this.keepElsewhere(permit);
    handles[slot] = this.last = handle;
    this.permits[slot] = permit;
    this.size++;
    return handle;
  }

  /** Goes on to a free slot, of which there are at least as many as taken ones. */
  private keepElsewhere(permit: number): number {
    if (this.size * 2 >= this.handles.length) this.grow();
    const mask = this.handles.length - 1;
    do this.last = this.last >= MAX_HANDLE ? 1 : this.last + 1;
    while (this.handles[this.last & mask] !== 0);
    this.last--;
    return this.keep(permit);
  }

  /** Gives a permit back, or 0 for a handle that is unknown or was given back before. */
  take(handle: number): number {
    const { handles } = this;
    const slot = handle & (handles.length - 1);
    if (handle === 0 || handles[slot] !== handle) return 0;
    handles[slot] = 0;
    this.size--;
    return this.permits[slot] ?? 0;
  }

  private grow(): void {
    const { handles, permits } = this;
    const length = handles.length * 2;
    this.handles = zeros(length);
    this.permits = zeros(length);
    for (const [slot, handle] of handles.entries()) {
      if (handle === 0) continue;
      this.handles[handle & (length - 1)] = handle;
      this.permits[handle & (length - 1)] = permits[slot] ?? 0;
    }
  }
}

/** A plain array: small integers in it are cheaper to reach than those in a typed one. */
const zeros = (length: number) => new Array<number>(length).fill(0);
