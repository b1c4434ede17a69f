import {
  isAdmissionRejection,
  reportListenerError,
  type Call,
  type Clock,
  type GateHook,
  type Outcome,
  type Permit,
  type Rejection,
} from '@holdfast/pipeline';
import { RateLimitedError, type RateRejection } from '../errors.ts';
import { keyOf, type Attributes } from '../keys.ts';
import { Lane, type RateLimitCore, type RatePermit } from './lane.ts';
import type { RateLimitSettings } from './options.ts';

/** How many lanes are looked at to make room for a new one. */
const MAX_LOOKS = 16;

/** Where calls pass the limit: finds their lane, and settles what they turned out to cost. */
export class RateLimitGate implements GateHook {
  readonly kind = 'gate';
  readonly type = 'rate-limit';
  readonly name: string;
  readonly clock: Clock;
  readonly keyed = new Map<string, Lane>();
  /** Of calls without a key. */
  readonly shared: Lane;
  private readonly core: RateLimitCore;
  private readonly settings: RateLimitSettings;

  constructor(core: RateLimitCore) {
    this.core = core;
    this.settings = core.settings;
    this.name = core.settings.name;
    this.clock = core.settings.clock;
    this.shared = new Lane(core, undefined);
  }

  admit(call: Call): Permit | Rejection | Promise<Permit | Rejection> {
    return this.laneOf(call.attributes).enter(call, this.settings.count === 'calls' ? 1 : call.cost);
  }

  settle(permit: Permit, outcome: Outcome, result: unknown): void {
    const { lane, cost } = permit as RatePermit;
    // What was refused further inside never reached the dependency.
    if (outcome === 'ignored' && isAdmissionRejection(result)) lane.charge(-cost);
    if (outcome === 'success') this.correct(lane, cost, result);
  }

  toError(rejection: Rejection): RateLimitedError {
    const { strategy, reason, retryAfterMs } = rejection as RateRejection;
    return new RateLimitedError(reason, {
      strategy,
      retryAfterMs,
      captureStack: this.settings.captureStack,
    });
  }

  /** Finds the lane of a call; one without a key, or for whose key there is no room, has that of all others. */
  laneOf(attributes: Attributes): Lane {
    const key = this.settings.keyBy === undefined ? undefined : keyOf(this.settings, attributes);
    if (key === undefined) return this.shared;
    return this.keyed.get(key) ?? this.add(key) ?? this.shared;
  }

  private correct(lane: Lane, cost: number, value: unknown): void {
    const { actualCost, onListenerError } = this.settings;
    if (actualCost === undefined) return;
    try {
      const actual = actualCost(value);
      if (typeof actual === 'number' && actual >= 0 && actual !== cost) lane.charge(actual - cost);
    } catch (error) {
      reportListenerError(onListenerError, error);
    }
  }

  private add(key: string): Lane | undefined {
    if (this.keyed.size >= this.settings.maxKeys && !this.evict()) return undefined;
    const lane = new Lane(this.core, key);
    this.keyed.set(key, lane);
    return lane;
  }

  /** Makes room for a lane without a look at all of them: only one that a new one would replace may go. */
  private evict(): boolean {
    const nowMs = this.clock.now();
    let looks = 0;
    for (const [key, lane] of this.keyed) {
      this.keyed.delete(key);
      if (lane.isIdle(nowMs)) return true;
      this.keyed.set(key, lane);
      if (++looks === MAX_LOOKS) break;
    }
    return false;
  }
}
