import { TimeoutError, type Clock, type Timer } from '@holdfast/pipeline';
import type { CompleteCheck } from './check.ts';
import { failureOf, findingOf, type Finding } from './finding.ts';

/** One run of a check, which ends exactly once: with its result, its timeout, or because it is cancelled. */
export class CheckRun {
  readonly ended: Promise<Finding | undefined>;
  /** Whether it took too long; its operation may still go on. */
  timedOut = false;
  private readonly controller = new AbortController();
  private readonly timer: Timer;
  private readonly onLate: () => void;
  private settle: ((finding: Finding | undefined) => void) | undefined;

  /** @param onLate - told when the operation of a run that timed out settles after all */
  constructor(check: CompleteCheck, clock: Clock, onLate: () => void) {
    this.onLate = onLate;
    this.ended = new Promise((resolve) => (this.settle = resolve));
    this.timer = clock.setTimer(() => {
      const error = new TimeoutError(check.timeoutMs, { strategy: check.name });
      this.timedOut = this.end(failureOf(error));
      this.controller.abort(error);
    }, check.timeoutMs);
    void this.look(check);
  }

  /** Whether a run that nobody waits for may let the process end. */
  keepsAlive(yes: boolean): void {
    if (yes) this.timer.ref();
    else this.timer.unref();
  }

  cancel(reason: unknown): void {
    if (this.end(undefined)) this.controller.abort(reason);
  }

  private async look(check: CompleteCheck): Promise<void> {
    let finding: Finding;
    try {
      finding = findingOf(await check.run({ signal: this.controller.signal }));
    } catch (error) {
      finding = failureOf(error);
    }
    if (!this.end(finding) && this.timedOut) this.onLate();
  }

  private end(finding: Finding | undefined): boolean {
    const { settle } = this;
    if (settle === undefined) return false;
    this.settle = undefined;
    this.timer.cancel();
    settle(finding);
    return true;
  }
}
