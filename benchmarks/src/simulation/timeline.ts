/** The share of calls that has to succeed for a second to count as good. */
const GOOD = 0.95;

/** How the calls that started in each second went. */
export class Timeline {
  private readonly good: number[] = [];
  private readonly all: number[] = [];

  succeeded(second: number): void {
    this.good[second] = (this.good[second] ?? 0) + 1;
    this.failed(second);
  }

  failed(second: number): void {
    this.all[second] = (this.all[second] ?? 0) + 1;
  }

  /** How many calls started in each second up to an end, and how many of them succeeded. */
  counts(end: number): { readonly all: readonly number[]; readonly good: readonly number[] } {
    const upTo = (counts: readonly number[]) =>
      Array.from({ length: end }, (_, second) => counts[second] ?? 0);
    return { all: upTo(this.all), good: upTo(this.good) };
  }

  /** The share of the calls started from one second to before another that succeeded. */
  successRatio(from: number, to: number): number {
    return sum(this.good.slice(from, to)) / sum(this.all.slice(from, to));
  }

  /** After how many seconds every second up to the end is good; `null` for never. */
  steadyFrom(from: number, end: number): number | null {
    let second = end;
    while (second > from && this.isGood(second - 1)) second--;
    return second === end ? null : second - from;
  }

  private isGood(second: number): boolean {
    return (this.good[second] ?? 0) >= GOOD * (this.all[second] ?? 0);
  }
}

/** Skips the holes of seconds in which nothing happened. */
const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
