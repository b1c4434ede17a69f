import type { Clock } from '@holdfast/pipeline';
import type { HealthState } from './state.ts';

/** A check has gone from one state to another. */
export interface Transition {
  /** When, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly from: HealthState;
  readonly to: HealthState;
  /** Why it is not up, as in {@link CheckResult}. */
  readonly reason: string | undefined;
}

/** How many changes make a check flap, within which time. */
export interface Flapping {
  readonly flapTransitions: number;
  readonly flapWindowMs: number;
}

/** Remembers what states a check was in: the last changes in full, the time spent in each in sum. */
export class Timeline {
  private readonly clock: Clock;
  private readonly size: number;
  private readonly recent: { readonly at: number; readonly transition: Transition }[] = [];
  private readonly spentMs: Record<HealthState, number> = { up: 0, degraded: 0, down: 0, unknown: 0 };
  private since: number;
  state: HealthState = 'unknown';
  /** How many changes there were in all, not counting the first look. */
  transitions = 0;

  constructor(clock: Clock, size: number) {
    this.clock = clock;
    this.size = size;
    this.since = clock.now();
  }

  /** Enters a state that differs from the present one. */
  enter(to: HealthState, reason: string | undefined): Transition {
    const at = this.clock.now();
    const transition = { atMs: this.clock.wallNow(), from: this.state, to, reason };
    this.spentMs[this.state] += at - this.since;
    this.since = at;
    this.state = to;
    if (transition.from !== 'unknown') this.transitions++;
    this.recent.push({ at, transition });
    if (this.recent.length > this.size) this.recent.shift();
    return transition;
  }

  /** The last changes, oldest first. */
  history(): readonly Transition[] {
    return this.recent.map(({ transition }) => transition);
  }

  /** Whether the state changes so often that it says little. The first look is no change. */
  flapping({ flapTransitions, flapWindowMs }: Flapping): boolean {
    const from = this.clock.now() - flapWindowMs;
    const changes = this.recent.filter(({ at, transition }) => at > from && transition.from !== 'unknown');
    return changes.length >= flapTransitions;
  }

  /** The share of the known time that was spent up or degraded, 0 to 1; `undefined` before the first look. */
  availabilityRatio(): number | undefined {
    const spent = { ...this.spentMs };
    spent[this.state] += this.clock.now() - this.since;
    const passing = spent.up + spent.degraded;
    const known = passing + spent.down;
    return known > 0 ? passing / known : undefined;
  }
}
