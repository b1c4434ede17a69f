import type { CompleteCheck } from './check.ts';
import type { HealthState } from './state.ts';

/** Decides which state a check has, from the results of its runs: one bad run in a row may not be enough. */
export class Hysteresis {
  private readonly check: Pick<CompleteCheck, 'failureThreshold' | 'successThreshold'>;
  state: HealthState = 'unknown';
  /** Runs in a row that ended down. */
  failures = 0;
  /** Runs in a row that did not. */
  successes = 0;

  constructor(check: Pick<CompleteCheck, 'failureThreshold' | 'successThreshold'>) {
    this.check = check;
  }

  /** Takes the result of a run, and answers the state that holds now. */
  next(found: 'up' | 'degraded' | 'down'): HealthState {
    if (found === 'down') {
      this.failures++;
      this.successes = 0;
    } else {
      this.successes++;
      this.failures = 0;
    }
    if (this.believes(found)) this.state = found;
    return this.state;
  }

  private believes(found: 'up' | 'degraded' | 'down'): boolean {
    if (this.state === 'unknown') return true;
    if (found === 'down') return this.failures >= this.check.failureThreshold;
    return this.state !== 'down' || this.successes >= this.check.successThreshold;
  }
}
