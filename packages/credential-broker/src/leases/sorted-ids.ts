/** Ids in their order; sorted when somebody looks, for most are added and never looked at. */
export class SortedIds {
  private ids: string[] = [];
  private sorted = true;
  /** Those that were removed and still stand there: at most as many as the others. */
  private readonly gone = new Set<string>();

  add(id: string): void {
    if (this.gone.delete(id)) return;
    const last = this.ids.at(-1);
    if (last !== undefined && id < last) this.sorted = false;
    this.ids.push(id);
  }

  /** Takes out one that is there. */
  remove(id: string): void {
    this.gone.add(id);
    if (2 * this.gone.size <= this.ids.length) return;
    this.ids = this.ids.filter((one) => !this.gone.has(one));
    this.gone.clear();
  }

  get size(): number {
    return this.ids.length - this.gone.size;
  }

  /** The ids after one of them, or after where it would stand. */
  *after(id: string | undefined): Generator<string, void> {
    if (!this.sorted) this.ids.sort();
    this.sorted = true;
    let low = 0;
    let high = id === undefined ? 0 : this.ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.ids[middle] as string) <= (id as string)) low = middle + 1;
      else high = middle;
    }
    for (; low < this.ids.length; low++) {
      const id = this.ids[low] as string;
      if (!this.gone.has(id)) yield id;
    }
  }
}
