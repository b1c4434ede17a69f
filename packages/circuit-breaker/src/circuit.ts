import { createEmitter, type Clock, type Emitter, type Outcome } from '@holdfast/pipeline';
import {
  withError,
  type CircuitEvent,
  type CloseCause,
  type EventDetails,
  type OpenCause,
} from './events.ts';
import { Probes } from './half-open/probes.ts';
import { Ramp } from './half-open/ramp.ts';
import { openMsFor } from './opening/opening.ts';
import type { BreakerMode, Settings } from './options.ts';
import { consecutiveFailures } from './rules/consecutive-failures.ts';
import type { TripMeter } from './rules/trip-rule.ts';
import type { CircuitState, Closed, HalfOpen, Open, State } from './state.ts';
import { Stopwatch } from './stopwatch.ts';
import { Tally } from './tally.ts';

/**
 * A permit is `epoch * 1024 + guest`: a small integer, so that it costs nothing. The epoch is that of the state that
 * gave it, so that a late result never touches a later state. `guest` is 0 for the ordinary call of a closed circuit,
 * and the number of a probe while it is half-open.
 */
const GUESTS = 1024;

/** The permit of calls that nobody observes: epoch 0 is never the current one. */
const UNOBSERVED = 1;

/** The state machine of one breaker. It knows calls by their permits only. */
export class Circuit {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly emitter: Emitter<CircuitEvent>;
  readonly meter: TripMeter;
  readonly tally = new Tally();
  state: State;
  changedAtMs: number;
  /** Called when a call that was refused may be admitted now. */
  onVacancy: (() => void) | undefined = undefined;
  /** Asked when an open circuit would admit probes: for how many milliseconds to stay open instead. */
  holdProbes: (() => number) | undefined = undefined;
  /** Asked before each probe: how many may run at once, beside the bound of the circuit. */
  allowProbes: (() => number) | undefined = undefined;
  private mode: BreakerMode;
  private epoch = 1;
  /** The permit of every call while the state admits all of them, otherwise 0. */
  private freePermit = 0;

  constructor(settings: Settings) {
    this.settings = settings;
    this.clock = settings.clock;
    this.emitter = createEmitter(settings.onListenerError);
    this.meter = (settings.tripRule ?? consecutiveFailures()).start(settings.clock);
    this.changedAtMs = settings.clock.wallNow();
    this.mode = settings.mode;
    this.state = resting(settings.mode);
    this.admitFreely();
  }

  /** Answers with the permit of a call, or 0 when it is refused for now. */
  enter(): number {
    const permit = this.freePermit === 0 ? this.decide() : this.freePermit;
    if (permit !== 0) this.tally.admitted++;
    return permit;
  }

  /** Like `enter`, for a call that has been waiting for the circuit to close: a few at a time, whatever the ramp. */
  enterAfterWait(): number {
    if (this.state.kind !== 'closed') return this.enter();
    if (this.state.guests >= this.settings.maxProbes) return 0;
    this.state.guests++;
    this.tally.admitted++;
    return this.epoch * GUESTS + 1;
  }

  private decide(): number {
    const { state } = this;
    switch (state.kind) {
      case 'closed':
        return this.decideOnRamp(state);
      case 'open':
        return this.decideOpen(state);
      case 'half-open':
        return this.startProbe(state);
      case 'metrics-only':
        return this.freePermit;
      case 'disabled':
        return UNOBSERVED;
      case 'isolated':
        return 0;
    }
  }

  private decideOnRamp(state: Closed): number {
    const { ramp } = state;
    const nowMs = this.clock.now();
    if (ramp === undefined || ramp.isOver(nowMs)) {
      state.ramp = undefined;
      this.admitFreely();
      return this.freePermit;
    }
    return ramp.admits(nowMs) ? this.epoch * GUESTS : 0;
  }

  private decideOpen(state: Open): number {
    const nowMs = this.clock.now();
    state.remainingMs = Math.max(0, state.openMs - state.since.elapsedMs(nowMs));
    if (state.remainingMs > 0) return 0;
    const holdMs = this.holdProbes?.() ?? 0;
    if (holdMs > 0) {
      this.state = { ...state, since: new Stopwatch(nowMs), openMs: holdMs, remainingMs: holdMs };
      return 0;
    }
    this.halfOpen(state.openings, 0);
    // A listener may have opened it again, perhaps for no time at all: the call is refused, or this would not end.
    return this.state.kind === 'open' ? 0 : this.decide();
  }

  /** Admits probes. */
  halfOpen(openings: number, successes: number): void {
    const { maxProbes, probeTimeoutMs } = this.settings;
    const probes = new Probes(maxProbes, probeTimeoutMs);
    this.become({ kind: 'half-open', probes, openings, successes }, 'circuit.half_opened');
  }

  private startProbe(state: HalfOpen): number {
    const nowMs = this.clock.now();
    const overdueMs = -state.probes.expiresInMs(nowMs);
    if (overdueMs >= 0) {
      // Nobody was there to see the probe expire; the circuit has been open since.
      this.trip('probe-timeout', undefined, undefined, nowMs - overdueMs);
      return this.decide();
    }
    const probe = state.probes.start(nowMs, this.allowProbes?.());
    return probe === 0 ? 0 : this.epoch * GUESTS + probe;
  }

  /**
   * Takes a permit back.
   *
   * @param error - of a failure
   * @param slow - whether the call was slow; `undefined` when that is not known, or was told with `pace` before
   */
  leave(permit: number, outcome: Outcome, error: unknown, slow: boolean | undefined): void {
    const { tally } = this;
    if (outcome === 'success') tally.successes++;
    else if (outcome === 'failure') tally.fail(error, this.clock.wallNow());
    else tally.ignored++;
    if (permit === this.freePermit) this.weigh(permit, outcome, error, slow);
    else if (Math.floor(permit / GUESTS) === this.epoch) this.leaveAsGuest(permit, outcome, error, slow);
  }

  private leaveAsGuest(permit: number, outcome: Outcome, error: unknown, slow: boolean | undefined): void {
    const { state } = this;
    const guest = permit % GUESTS;
    if (state.kind === 'half-open') this.finishProbe(state, guest, outcome, error, slow);
    else if (state.kind === 'closed') {
      if (guest > 0) state.guests--;
      this.weigh(permit, outcome, error, slow);
    }
    if (guest > 0) this.onVacancy?.();
  }

  private finishProbe(
    state: HalfOpen,
    probe: number,
    outcome: Outcome,
    error: unknown,
    slow: boolean | undefined,
  ): void {
    state.probes.finish(probe);
    if (outcome === 'ignored') return;
    if (outcome === 'failure') this.trip('probe-failed', error);
    else if (slow === true) this.trip('probe-slow', undefined);
    else if (++state.successes >= this.settings.successesToClose) this.close('probes');
  }

  private weigh(permit: number, outcome: Outcome, error: unknown, slow: boolean | undefined): void {
    if (outcome === 'ignored') return;
    if (this.meter.settled(outcome === 'failure')) this.trip('failures', error);
    else if (slow !== undefined) this.pace(permit, slow);
  }

  /** Tells how fast a call is, perhaps while it still runs. */
  pace(permit: number, slow: boolean): void {
    if (Math.floor(permit / GUESTS) !== this.epoch) return;
    const { kind } = this.state;
    if (kind === 'half-open' && slow) this.trip('probe-slow', undefined);
    else if ((kind === 'closed' || kind === 'metrics-only') && this.meter.paced?.(slow)) {
      this.trip('slow-calls', undefined);
    }
  }

  /** Opens a circuit that is closed or half-open; an open one stays as it is. */
  trip(cause: OpenCause, error: unknown, openMs?: number, nowMs = this.clock.now()): void {
    const { state } = this;
    if (state.kind === 'metrics-only') this.sayWouldOpen(cause, error);
    else if (state.kind === 'closed' || state.kind === 'half-open') {
      const openings = state.kind === 'closed' ? 1 : state.openings + 1;
      const forMs = openMs ?? this.openMsFor(cause, openings, error);
      // The function may have isolated or reset the circuit itself; what it did stands.
      if (this.state === state) this.open(cause, openings, error, forMs, nowMs);
    }
  }

  /** Refuses calls from `nowMs` on for `openMs` milliseconds. */
  open(cause: OpenCause, openings: number, error: unknown, openMs: number, nowMs: number): void {
    const state: Open = { kind: 'open', since: new Stopwatch(nowMs), openMs, openings, remainingMs: openMs };
    const details = { cause, reading: this.meter.reading(), openMs, openings };
    this.tally.openings++;
    this.become(state, 'circuit.opened', details, error);
  }

  private openMsFor(cause: OpenCause, openings: number, error: unknown): number {
    const { openMs, onListenerError } = this.settings;
    return openMsFor(openMs, { openings, cause, error }, onListenerError);
  }

  private sayWouldOpen(cause: OpenCause, error: unknown): void {
    const reading = this.meter.reading();
    this.meter.reset();
    this.tell('circuit.would_open', this.state.kind, { cause, reading }, error);
  }

  /** Goes to the state of rest that the mode asks for. */
  close(cause: CloseCause): void {
    const state = resting(this.mode);
    const { rampUpMs } = this.settings;
    if (state.kind === 'closed' && cause === 'probes' && rampUpMs > 0) {
      state.ramp = new Ramp(rampUpMs, this.clock.now());
    }
    this.meter.reset();
    this.tally.calm();
    if (state.kind === 'closed') this.become(state, 'circuit.closed', { cause });
    else this.become(state, state.kind === 'disabled' ? 'circuit.disabled' : 'circuit.metrics_only');
  }

  /** Forgets everything but the totals; an isolation stays until its holders let go. */
  reset(): void {
    if (this.state.kind !== 'isolated') this.close('reset');
  }

  setMode(mode: BreakerMode): void {
    if (mode === this.mode) return;
    this.mode = mode;
    if (this.state.kind !== 'isolated') this.close('mode');
  }

  /** Refuses all calls until as many holders have let go as have taken hold. */
  isolate(): void {
    if (this.state.kind === 'isolated') this.state.holders++;
    else this.become({ kind: 'isolated', holders: 1 }, 'circuit.isolated');
  }

  release(): void {
    if (this.state.kind === 'isolated' && --this.state.holders === 0) this.close('released');
  }

  private become<T extends CircuitEvent['type']>(
    state: State,
    type: T,
    details?: EventDetails<T>,
    error?: unknown,
  ): void {
    const from = this.state.kind;
    this.state = state;
    this.epoch++;
    this.freePermit = 0;
    this.admitFreely();
    this.changedAtMs = this.clock.wallNow();
    this.tell(type, from, details, error);
    this.onVacancy?.();
  }

  private tell<T extends CircuitEvent['type']>(
    type: T,
    from: CircuitState,
    details?: EventDetails<T>,
    error?: unknown,
  ): void {
    if (!this.emitter.active) return;
    const event = { type, strategy: this.settings.name, atMs: this.clock.wallNow(), from, ...details };
    // The compiler cannot see that a type and its details make the event of that type.
    this.emitter.emit(withError(event, 'error', error) as unknown as CircuitEvent);
  }

  /** Takes the short way from now on, if the state admits all calls. */
  private admitFreely(): void {
    const { state } = this;
    const free = state.kind === 'metrics-only' || (state.kind === 'closed' && state.ramp === undefined);
    if (free) this.freePermit = this.epoch * GUESTS;
  }
}

/** The state in which a circuit begins, and to which it returns. */
function resting(mode: BreakerMode): State {
  return mode === 'enabled' ? { kind: 'closed', guests: 0, ramp: undefined } : { kind: mode };
}
