import type { Outcome } from '@holdfast/pipeline';

/** What has happened since the breaker was made, whatever the state. */
export class Tally {
  admitted = 0;
  successes = 0;
  failures = 0;
  ignored = 0;
  rejected = 0;
  openings = 0;
  consecutiveFailures = 0;
  lastError: unknown;
  lastFailureAtMs: number | undefined;

  count(outcome: Outcome): void {
    if (outcome === 'success') {
      this.successes++;
      this.consecutiveFailures = 0;
    } else if (outcome === 'failure') {
      this.failures++;
      this.consecutiveFailures++;
    } else this.ignored++;
  }

  get inFlight(): number {
    return this.admitted - this.successes - this.failures - this.ignored;
  }

  /** Lets go of what the last failures left behind; the totals stay. */
  calm(): void {
    this.consecutiveFailures = 0;
    this.lastError = undefined;
    this.lastFailureAtMs = undefined;
  }
}
