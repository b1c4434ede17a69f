import {
  BaseStrategy,
  check,
  isAdmissionRejection,
  number,
  type EventSource,
  type Outcome,
  type Permit,
  type Strategy,
} from '@holdfast/pipeline';
import { HeldPermit, type Admission } from './admission.ts';
import { Circuit } from './circuit.ts';
import type { CircuitEvent } from './events.ts';
import { CircuitGate } from './gate.ts';
import { modeRule, type BreakerMode, type Settings } from './options.ts';
import { PermitTable } from './permit-table.ts';
import type { CircuitState } from './state.ts';
import { statsOf, type CircuitBreakerStats } from './stats.ts';

/** A function behind a breaker, with the breaker in reach. */
export type Guarded<F> = F & { readonly breaker: CircuitBreaker };

/** Stops calling a dependency that fails, and finds out when it works again. */
export interface CircuitBreaker extends Strategy, EventSource<CircuitEvent> {
  /** What the circuit does with calls now. An open circuit stays `open` until a call comes to find its time over. */
  readonly state: CircuitState;
  /** What has been counted so far; made when asked for. */
  stats(): CircuitBreakerStats;
  /** Puts a function behind the breaker, which is in reach as `breaker` of the result. */
  wrap<F extends (...args: never[]) => PromiseLike<unknown>>(fn: F): Guarded<F>;
  /**
   * Runs a synchronous operation under protection.
   *
   * @throws the operation's own error untouched, or {@link CircuitOpenError}; it never waits
   */
  executeSync<T>(operation: () => T): T;
  /**
   * Asks for admission without a wrapper and without an allocation; never waits.
   *
   * @returns a permit to be given to `record` exactly once, or 0 when the call is refused
   */
  tryAcquire(): number;
  /**
   * Reports how the call of a permit went. A second report, and one of an unknown permit, does nothing.
   *
   * @param durationMs - how long the call took in milliseconds, for rules that look for slow calls
   */
  record(permit: number, outcome: Outcome, durationMs?: number): void;
  /**
   * Asks for admission; the answer is to be held with `using`.
   *
   * @throws {@link CircuitOpenError} when the call is refused; it never waits
   */
  acquire(): Admission;
  /** Forgets everything but the totals and closes the circuit. An isolation stays until its holders let go. */
  reset(): void;
  /**
   * Opens a closed or half-open circuit by hand for `openMs` milliseconds, by default as long as the options say.
   *
   * @throws {@link RangeError} when `openMs` is not a number of at least 0
   */
  trip(openMs?: number): void;
  /** Refuses all calls until the returned handle, and every other one, is disposed of; then the circuit closes. */
  isolate(): Disposable;
  /**
   * Changes what the breaker does at all: `enabled`, `metrics-only` or `disabled`.
   *
   * @throws {@link TypeError} when there is no such mode
   */
  setMode(mode: BreakerMode): void;
}

/** The face of a circuit. A class, because a service may hold thousands. */
export class Breaker extends BaseStrategy implements CircuitBreaker {
  readonly circuit: Circuit;
  readonly gate: CircuitGate;
  private permits: PermitTable | undefined = undefined;

  constructor(settings: Settings) {
    const circuit = new Circuit(settings);
    const gate = new CircuitGate(circuit);
    super(settings.name, [gate]);
    this.circuit = circuit;
    this.gate = gate;
  }

  get state(): CircuitState {
    return this.circuit.state.kind;
  }

  stats(): CircuitBreakerStats {
    return statsOf(this.circuit, this.gate.room?.size ?? 0);
  }

  on<T extends CircuitEvent['type']>(
    type: T,
    listener: (event: Extract<CircuitEvent, { readonly type: T }>) => void,
  ): () => void {
    return this.circuit.emitter.on(type, listener);
  }

  subscribe(listener: (event: CircuitEvent) => void): () => void {
    return this.circuit.emitter.subscribe(listener);
  }

  override wrap<F extends (...args: never[]) => PromiseLike<unknown>>(fn: F): Guarded<F> {
    return Object.assign(super.wrap(fn), { breaker: this });
  }

  executeSync<T>(operation: () => T): T {
    const permit = this.enter();
    let value: T;
    try {
      value = operation();
    } catch (error) {
      this.gate.settle(permit, isAdmissionRejection(error) ? 'ignored' : 'failure', error);
      throw error;
    }
    this.gate.settle(permit, 'success', value);
    return value;
  }

  acquire(): Admission {
    return new HeldPermit(this.gate, this.enter());
  }

  private enter(): Permit {
    const permit = this.gate.enter();
    if (permit === undefined) throw this.gate.toError(this.gate.reject());
    return permit;
  }

  tryAcquire(): number {
    const permit = this.gate.enterUntimed();
    if (permit !== 0) return (this.permits ??= new PermitTable()).keep(permit);
    this.circuit.tally.rejected++;
    return 0;
  }

  record(permit: number, outcome: Outcome, durationMs?: number): void {
    const own = this.permits?.take(permit) ?? 0;
    if (own === 0) return;
    const { pace } = this.gate;
    const slow = pace === undefined || durationMs === undefined ? undefined : pace.isSlow(durationMs);
    this.circuit.leave(own, outcome, undefined, slow);
  }

  reset(): void {
    this.circuit.reset();
  }

  trip(openMs?: number): void {
    if (openMs !== undefined) check('trip: openMs', openMs, number(0));
    this.circuit.trip('manual', undefined, openMs);
  }

  isolate(): Disposable {
    let held = true;
    this.circuit.isolate();
    return {
      [Symbol.dispose]: () => {
        if (held) this.circuit.release();
        held = false;
      },
    };
  }

  setMode(mode: BreakerMode): void {
    check('setMode: mode', mode, modeRule);
    this.circuit.setMode(mode);
  }
}

/** @throws {@link TypeError} when the breaker is not one of this package */
export function circuitOf(breaker: CircuitBreaker): Circuit {
  if (breaker instanceof Breaker) return breaker.circuit;
  throw new TypeError('the breaker must be one that circuitBreaker has made');
}
