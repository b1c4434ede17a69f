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
  /** Decides which requests fail where only some do. Default: all of them. */
  readonly random?: () => number;
}

/** What may be wrong with a dependency. */
export interface Fault {
  /** Whether it refuses everything. Default `false`. */
  readonly down?: boolean;
  /** The share of the requests that it works on and then fails. Default 0. */
  readonly failureRatio?: number;
  /** The share of its capacity that is left. Default 1. */
  readonly speed?: number;
  /** How much longer a request takes, in milliseconds. Default 0. */
  readonly delayMs?: number;
}

/** A server with one queue. It works off what it accepted, whether or not the caller still waits: that is what makes storms last. */
export class Dependency {
  private readonly options: DependencyOptions;
  private freeAtMs = 0;
  /** What is wrong with it now. */
  fault: Fault = {};
  /** How many requests have reached it. */
  requests = 0;

  constructor(options: DependencyOptions) {
    this.options = options;
  }

  /** Serves a request, or fails. */
  readonly request = (): Promise<void> => {
    const { clock, capacityPerSecond, latencyMs, queueMs, random = () => 0 } = this.options;
    const { down = false, failureRatio = 0, speed = 1, delayMs = 0 } = this.fault;
    this.requests++;
    const startMs = Math.max(clock.now(), this.freeAtMs);
    if (down || startMs - clock.now() > queueMs) return this.refuse();
    this.freeAtMs = startMs + 1_000 / (capacityPerSecond * speed);
    const succeeds = failureRatio === 0 || random() >= failureRatio;
    return this.settleAfter(this.freeAtMs - clock.now() + latencyMs + delayMs, succeeds);
  };

  /** Fails a request without working on it. */
  refuse(): Promise<void> {
    return this.settleAfter(this.options.latencyMs, false);
  }

  private settleAfter(delayMs: number, succeeds: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = () => (succeeds ? resolve() : reject(new Error('unavailable')));
      this.options.clock.setTimer(settle, delayMs);
    });
  }
}
