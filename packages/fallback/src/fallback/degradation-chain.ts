import { reportListenerError, TimeoutError, type Call, type Emitter } from '@holdfast/pipeline';
import type { DegradationStep } from './degradation-step.ts';
import { withError } from '../with-error.ts';
import type { FallbackEvent } from './events.ts';
import type { FallbackStats } from './fallback.ts';
import type { FallbackSettings } from './options.ts';

/** An event before its error is hung on it. */
type Untold<E> = E extends unknown ? Omit<E, 'error'> : never;

/** Asks the steps, one after the other. */
export class DegradationChain {
  private readonly settings: FallbackSettings;
  private readonly emitter: Emitter<FallbackEvent>;
  private readonly used = new Map<string, number>();
  private exhausted = 0;
  private passed = 0;

  constructor(settings: FallbackSettings, emitter: Emitter<FallbackEvent>) {
    this.settings = settings;
    this.emitter = emitter;
    for (const { name } of settings.steps) this.used.set(name, 0);
  }

  counts(): Omit<FallbackStats, 'calls'> {
    return { used: Object.fromEntries(this.used), exhausted: this.exhausted, passed: this.passed };
  }

  async answer(error: unknown, call: Call): Promise<unknown> {
    const { steps, name: strategy } = this.settings;
    if (!this.mayAnswer(error, call)) {
      this.passed++;
      throw error;
    }
    for (const step of steps) {
      const value = await this.ask(step, error, call);
      if (value === undefined) continue;
      this.used.set(step.name, (this.used.get(step.name) ?? 0) + 1);
      this.emit({ type: 'fallback.used', strategy, step: step.name }, error);
      call.degrade();
      return value;
    }
    this.exhausted++;
    this.emit({ type: 'fallback.exhausted', strategy }, error);
    throw error;
  }

  /** A write that was not made must not look as if it had been. */
  private mayAnswer(error: unknown, call: Call): boolean {
    const { handles, isWrite, onListenerError } = this.settings;
    try {
      return handles(error) && !isWrite(call.attributes);
    } catch (thrown) {
      reportListenerError(onListenerError, thrown);
      return false;
    }
  }

  /** Waits for a step, but not for ever: it stands in for something that has failed already. */
  private async ask(step: DegradationStep<unknown>, error: unknown, call: Call): Promise<unknown> {
    const { name: strategy } = this.settings;
    try {
      return await this.inTime(step.get({ error, attributes: call.attributes }), step.name);
    } catch (thrown) {
      this.emit({ type: 'fallback.step_failed', strategy, step: step.name }, thrown);
      return undefined;
    }
  }

  private inTime(answer: unknown, step: string): unknown {
    const { stepMs, clock, name } = this.settings;
    if (stepMs === Infinity || typeof answer !== 'object' || answer === null || !('then' in answer))
      return answer;
    return new Promise((resolve, reject) => {
      const late = () => reject(new TimeoutError(stepMs, { strategy: `${name} (${step})` }));
      const timer = clock.setTimer(late, stepMs);
      Promise.resolve(answer)
        .finally(() => timer.cancel())
        .then(resolve, reject);
    });
  }

  private emit(event: Untold<FallbackEvent>, error: unknown): void {
    if (this.emitter.active) this.emitter.emit(withError<Untold<FallbackEvent>>(event, error));
  }
}
