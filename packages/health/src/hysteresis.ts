import type { CheckResult, CompleteCheck } from './check.ts';
import type { HealthState } from './state.ts';

/** Decides which state a check has, from the results of its runs: one bad run in a row may not be enough. */
export class Hysteresis {
  private readonly check: Pick<CompleteCheck, 'failureThreshold' | 'successThreshold'>;
  /** Runs in a row that ended down. */
  failures = 0;
  /** Runs in a row that did not. */
  private successes = 0;

  constructor(check: Pick<CompleteCheck, 'failureThreshold' | 'successThreshold'>) {
    this.check = check;
  }

  /** Takes the result of a run, and answers the state that holds from now on. */
  next(state: HealthState, found: CheckResult['state']): HealthState {
    if (found === 'down') {
      this.failures++;
      this.successes = 0;
    } else {
      this.successes++;
      this.failures = 0;
    }
    return this.believes(state, found) ? found : state;
  }

  private believes(state: HealthState, found: CheckResult['state']): boolean {
    if (state === 'unknown') return true;
    if (found === 'down') return this.failures >= this.check.failureThreshold;
    return state !== 'down' || this.successes >= this.check.successThreshold;
  }
}
