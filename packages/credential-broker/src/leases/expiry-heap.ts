/** When a lease ends. */
export interface Expiry {
  readonly id: string;
  readonly atMs: number;
}

const before = (a: Expiry, b: Expiry) => a.atMs < b.atMs || (a.atMs === b.atMs && a.id < b.id);

/** Keeps ends of leases so that the first is at hand: a binary heap. */
export class ExpiryHeap {
  private readonly heap: Expiry[] = [];

  get first(): Expiry | undefined {
    return this.heap[0];
  }

  add(expiry: Expiry): void {
    const { heap } = this;
    let at = heap.push(expiry) - 1;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      const above = heap[parent] as Expiry;
      if (!before(expiry, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = expiry;
  }

  /** Takes out those that end before an instant, the first to end first. */
  *takeBefore(ms: number): Generator<string, void> {
    for (let { first } = this; first !== undefined && first.atMs < ms; first = this.first) {
      this.removeFirst();
      yield first.id;
    }
  }

  /** Takes out the first. */
  removeFirst(): void {
    const { heap } = this;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      const child = right !== undefined && left !== undefined && before(right, left) ? right : left;
      if (child === undefined || !before(child, last)) break;
      heap[at] = child;
      at = 2 * at + (child === left ? 1 : 2);
    }
    heap[at] = last;
  }
}
