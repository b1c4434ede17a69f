/** Ids in their order; sorted when somebody looks, for most are added and never looked at. */
export class SortedIds {
  private ids: string[] = [];
  private sorted = true;

  add(id: string): void {
    const last = this.ids.at(-1);
    if (last !== undefined && id < last) this.sorted = false;
    this.ids.push(id);
  }

  keep(wanted: (id: string) => boolean): void {
    this.ids = this.ids.filter(wanted);
  }

  get size(): number {
    return this.ids.length;
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
    for (; low < this.ids.length; low++) yield this.ids[low] as string;
  }
}
