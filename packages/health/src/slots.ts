/** Lets only so many run at a time; the others wait in line. */
export class Slots {
  private free: number;
  private readonly line: (() => void)[] = [];

  constructor(count: number) {
    this.free = count;
  }

  /** Waits for a slot. Whoever gets one gives it back with `release`. */
  acquire(): Promise<void> | undefined {
    if (this.free === 0) return new Promise((resolve) => this.line.push(resolve));
    this.free--;
    return undefined;
  }

  release(): void {
    const next = this.line.shift();
    if (next === undefined) this.free++;
    else next();
  }
}
