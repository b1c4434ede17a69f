/** Into how many parts a window is divided: what was spent is forgotten within one such part. */
const PARTS = 60;

/** What was spent in the last `windowMs` milliseconds. */
export class SpentWindow {
  private readonly partMs: number;
  private readonly parts = new Float64Array(PARTS);
  private newest = 0;

  constructor(windowMs: number) {
    this.partMs = windowMs / PARTS;
  }

  add(amount: number, nowMs: number): void {
    const part = this.turn(nowMs);
    this.parts[part % PARTS] = (this.parts[part % PARTS] ?? 0) + amount;
  }

  spent(nowMs: number): number {
    this.turn(nowMs);
    return this.parts.reduce((sum, part) => sum + part, 0);
  }

  /** In how many milliseconds more than `amount` of what was spent is forgotten. */
  freesInMs(amount: number, nowMs: number): number {
    const newest = this.turn(nowMs);
    let freed = 0;
    for (let part = newest - PARTS + 1; part <= newest; part++) {
      freed += this.parts[((part % PARTS) + PARTS) % PARTS] ?? 0;
      if (freed > amount) return Math.max(1, Math.ceil((part + PARTS) * this.partMs - nowMs));
    }
    return Math.ceil(this.partMs * PARTS);
  }

  /** Clears the parts whose time has come again; a clock that went back changes nothing. */
  private turn(nowMs: number): number {
    const part = Math.max(this.newest, Math.floor(nowMs / this.partMs));
    for (let old = Math.max(this.newest + 1, part - PARTS + 1); old <= part; old++)
      this.parts[old % PARTS] = 0;
    return (this.newest = part);
  }
}
