import { seededRandom } from '@holdfast/pipeline/testing';
import type { LimitEstimate } from '../../src/index.ts';

/** A dependency with `servers` places and one queue, and callers who always have another call to make. */
export interface Dependency {
  servers: number;
  /** The mean of the time that a call takes once it is served, in milliseconds. */
  serviceMs: number;
  /** A call that took longer than that, waiting included, counts as overload. */
  timeoutMs: number;
  /** At most so many calls are wanted at once. */
  demand: number;
}

/** What was seen over a stretch of simulated time. */
export interface Seen {
  readonly meanLimit: number;
  readonly lowestLimit: number;
  readonly highestLimit: number;
  readonly callsPerMs: number;
  readonly meanMs: number;
}

interface Running {
  readonly startedAtMs: number;
  readonly inFlight: number;
  doneAtMs: number;
}

/**
 * Simulates M/M/c with exponential times of service, as many calls as the limit lets through, and nothing else: what is
 * known of it in closed form can be held against what the limit does.
 */
export class ManyServers {
  nowMs = 0;
  private readonly limit: LimitEstimate;
  private readonly dependency: Dependency;
  private readonly random: () => number;
  private readonly waiting: Running[] = [];
  private served: Running[] = [];

  constructor(limit: LimitEstimate, dependency: Dependency, seed: number) {
    this.limit = limit;
    this.dependency = dependency;
    this.random = seededRandom(seed);
  }

  run(forMs: number): Seen {
    const untilMs = this.nowMs + forMs;
    let sumOfLimits = 0;
    let lowestLimit = Infinity;
    let highestLimit = 0;
    let sumMs = 0;
    let calls = 0;
    for (;;) {
      this.fill();
      const next = this.served.reduce((a, b) => (b.doneAtMs < a.doneAtMs ? b : a));
      if (next.doneAtMs > untilMs) break;
      this.nowMs = next.doneAtMs;
      this.served = this.served.filter((call) => call !== next);
      const durationMs = this.nowMs - next.startedAtMs;
      this.limit.sample(this.nowMs, durationMs, this.inFlight + 1, durationMs > this.dependency.timeoutMs);
      const { limit } = this.limit;
      sumOfLimits += limit;
      lowestLimit = Math.min(lowestLimit, limit);
      highestLimit = Math.max(highestLimit, limit);
      sumMs += durationMs;
      calls++;
    }
    this.nowMs = untilMs;
    return {
      meanLimit: sumOfLimits / calls,
      lowestLimit,
      highestLimit,
      callsPerMs: calls / forMs,
      meanMs: sumMs / calls,
    };
  }

  private get inFlight(): number {
    return this.served.length + this.waiting.length;
  }

  private fill(): void {
    while (this.inFlight < Math.min(this.limit.limit, this.dependency.demand)) {
      this.waiting.push({ startedAtMs: this.nowMs, inFlight: this.inFlight + 1, doneAtMs: Infinity });
    }
    while (this.served.length < this.dependency.servers) {
      const call = this.waiting.shift();
      if (call === undefined) return;
      call.doneAtMs = this.nowMs - Math.log(1 - this.random()) * this.dependency.serviceMs;
      this.served.push(call);
    }
  }
}
