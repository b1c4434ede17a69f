/** What has happened since the breaker was made, whatever the state. */
export class Tally {
  admitted = 0;
  successes = 0;
  failures = 0;
  ignored = 0;
  rejected = 0;
  openings = 0;
  lastError: unknown;
  lastFailureAtMs: number | undefined;
  private streak = 0;
  /** How many successes there were when the streak began: a success then has nothing to write but its own count. */
  private streakSince = 0;

  fail(error: unknown, atMs: number): void {
    this.streak = this.consecutiveFailures + 1;
    this.streakSince = this.successes;
    this.failures++;
    this.lastError = error;
    this.lastFailureAtMs = atMs;
  }

  get consecutiveFailures(): number {
    return this.successes === this.streakSince ? this.streak : 0;
  }

  get inFlight(): number {
    return this.admitted - this.successes - this.failures - this.ignored;
  }

  /** Lets go of what the last failures left behind; the totals stay. */
  calm(): void {
    this.streak = 0;
    this.lastError = undefined;
    this.lastFailureAtMs = undefined;
  }
}
