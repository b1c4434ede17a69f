/** Measures from an instant on; starts anew when the clock jumps behind it, so that no state outlasts its time. */
export class Stopwatch {
  private startedAtMs: number;

  constructor(nowMs: number) {
    this.startedAtMs = nowMs;
  }

  /** Milliseconds since the start, at least 0. */
  elapsedMs(nowMs: number): number {
    if (nowMs < this.startedAtMs) this.startedAtMs = nowMs;
    return nowMs - this.startedAtMs;
  }
}
