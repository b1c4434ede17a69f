/** Handles are positive, and small integers on every engine. */
const MAX_HANDLE = 2 ** 30 - 1;
const MIN_SLOTS = 64;

/**
 * Permits that callers keep themselves. A handle is a serial number, its slot its low bits: a handle that was given
 * back is known as such without any allocation.
 */
export class PermitTable {
  private handles = new Int32Array(MIN_SLOTS);
  private permits = new Float64Array(MIN_SLOTS);
  private size = 0;
  private last = 0;

  /** Keeps a permit and answers its handle, never 0. */
  keep(permit: number): number {
    if (this.size * 2 >= this.handles.length) this.grow();
    const mask = this.handles.length - 1;
    do this.last = this.last === MAX_HANDLE ? 1 : this.last + 1;
    while (this.handles[this.last & mask] !== 0);
    const slot = this.last & mask;
    this.handles[slot] = this.last;
    this.permits[slot] = permit;
    this.size++;
    return this.last;
  }

  /** Gives a permit back, or 0 for a handle that is unknown or was given back before. */
  take(handle: number): number {
    const slot = handle & (this.handles.length - 1);
    if (handle === 0 || this.handles[slot] !== handle) return 0;
    this.handles[slot] = 0;
    this.size--;
    return this.permits[slot] ?? 0;
  }

  private grow(): void {
    const { handles, permits } = this;
    const length = handles.length * 2;
    this.handles = new Int32Array(length);
    this.permits = new Float64Array(length);
    for (const [slot, handle] of handles.entries()) {
      this.handles[handle & (length - 1)] = handle;
      this.permits[handle & (length - 1)] = permits[slot] ?? 0;
    }
  }
}
