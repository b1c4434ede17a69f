import type { Clock } from '@holdfast/pipeline';

/** What Redis granted. */
export interface Grant {
  readonly cost: number;
  /** In how many milliseconds what was granted must be used. */
  readonly endsInMs: number;
  /** In how many milliseconds to ask again, where nothing was granted. */
  readonly waitMs: number;
}

/** Asks Redis for at least `least`, at best `wished`. */
export type AskForLease = (least: number, wished: number) => Promise<Grant>;

/** Cost of one key that this process took in advance. It dies with the slot of time in which Redis counted it. */
export class Lease {
  private readonly clock: Clock;
  private readonly size: number;
  private readonly ask: AskForLease;
  private left = 0;
  private endsAtMs = -Infinity;
  /** Costs from here on are refused without asking, until then. */
  private refusedCost = Infinity;
  private refusedUntilMs = -Infinity;
  private asking: Promise<unknown> | undefined;

  constructor(clock: Clock, size: number, ask: AskForLease) {
    this.clock = clock;
    this.size = size;
    this.ask = ask;
  }

  /** Whether a new lease would do the same. */
  isOver(nowMs: number): boolean {
    return this.asking === undefined && nowMs >= this.endsAtMs && nowMs >= this.refusedUntilMs;
  }

  take(cost: number): number | Promise<number> {
    return this.fromStock(cost) ?? this.fromRedis(cost);
  }

  /** Answers without asking, where that is possible. */
  private fromStock(cost: number): number | undefined {
    const nowMs = this.clock.now();
    if (this.left >= cost && nowMs < this.endsAtMs) {
      this.left -= cost;
      return 0;
    }
    return cost >= this.refusedCost && nowMs < this.refusedUntilMs ? this.refusedUntilMs - nowMs : undefined;
  }

  /** One question at a time: those who come meanwhile look at what its answer leaves for them. */
  private async fromRedis(cost: number): Promise<number> {
    while (this.asking !== undefined) {
      await this.asking;
      const answer = this.fromStock(cost);
      if (answer !== undefined) return answer;
    }
    const asked = this.renew(cost);
    this.asking = asked.then(noop, noop).finally(() => (this.asking = undefined));
    return asked;
  }

  private async renew(cost: number): Promise<number> {
    const askedAtMs = this.clock.now();
    const grant = await this.ask(cost, Math.max(cost, this.size));
    const { waitMs } = grant;
    if (waitMs === 0) {
      this.left = grant.cost - cost;
      // Counted from when it was asked: Redis answered later than that, so the lease ends in time.
      this.endsAtMs = askedAtMs + grant.endsInMs;
      this.refusedCost = Infinity;
    } else if (waitMs < Infinity) {
      this.refusedCost = cost;
      this.refusedUntilMs = this.clock.now() + waitMs;
    }
    return waitMs;
  }
}

const noop = () => undefined;
