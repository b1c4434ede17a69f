import type { Clock } from '@holdfast/pipeline';

/** What the simulated dependency can do. */
export interface DependencyOptions {
  readonly clock: Clock;
  /** How many requests a second it can serve. */
  readonly capacityPerSecond: number;
  /** How long a request takes beside its turn, in milliseconds. */
  readonly latencyMs: number;
  /** How long its queue is, in milliseconds of work; what does not fit is refused. */
  readonly queueMs: number;
}

/** A server with one queue. It works off what it accepted, whether or not the caller still waits: that is what makes storms last. */
export class Dependency {
  private readonly options: DependencyOptions;
  private freeAtMs = 0;
  /** Whether it refuses everything. */
  down = false;
  /** How many requests have reached it. */
  requests = 0;

  constructor(options: DependencyOptions) {
    this.options = options;
  }

  /** Serves a request, or fails. */
  readonly request = (): Promise<void> => {
    const { clock, capacityPerSecond, latencyMs, queueMs } = this.options;
    this.requests++;
    const startMs = Math.max(clock.now(), this.freeAtMs);
    if (this.down || startMs - clock.now() > queueMs)
      return this.settleAfter(latencyMs, new Error('unavailable'));
    this.freeAtMs = startMs + 1_000 / capacityPerSecond;
    return this.settleAfter(this.freeAtMs - clock.now() + latencyMs);
  };

  private settleAfter(delayMs: number, error?: Error): Promise<void> {
    return new Promise((resolve, reject) => {
      this.options.clock.setTimer(() => (error === undefined ? resolve() : reject(error)), delayMs);
    });
  }
}
