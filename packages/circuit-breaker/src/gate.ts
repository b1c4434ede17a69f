import {
  check,
  oneOf,
  reportListenerError,
  type Call,
  type Clock,
  type GateHook,
  type Outcome,
  type Permit,
  type Rejection,
  type Rule,
} from '@holdfast/pipeline';
import type { Circuit } from './circuit.ts';
import {
  toCircuitError,
  type CircuitOpenError,
  type CircuitRejection,
  type RefusingState,
} from './errors.ts';
import { WaitingRoom, type Door } from './half-open/waiting-room.ts';
import type { Pace, PacedCall } from './pace.ts';

const verdictRule: Rule = (value) => oneOf('success', 'failure', 'ignored')(value);

/** Where calls pass the circuit: judges their results, measures their pace, lets them wait. */
export class CircuitGate implements GateHook, Door {
  readonly kind = 'gate';
  readonly type = 'circuit-breaker';
  readonly name: string;
  readonly clock: Clock;
  readonly circuit: Circuit;
  readonly pace: Pace | undefined;
  readonly room: WaitingRoom | undefined;
  /** Whether outcomes stand as they are reported. */
  private readonly unjudged: boolean;

  constructor(circuit: Circuit) {
    const { name, clock, tripRule, overflow, classifyError, classifyResult } = circuit.settings;
    this.name = name;
    this.clock = clock;
    this.circuit = circuit;
    this.pace = tripRule?.pace?.start();
    this.room = overflow === 'wait' ? new WaitingRoom(this, circuit.settings) : undefined;
    this.unjudged = classifyError === undefined && classifyResult === undefined;
    if (this.room !== undefined) circuit.onVacancy = () => this.room?.serve();
  }

  admit(call: Call): Permit | Rejection | Promise<Permit | Rejection> {
    const permit = this.enter(call);
    if (permit !== undefined) return permit;
    const turn = this.circuit.state.kind === 'half-open' ? this.room?.wait(call) : undefined;
    return turn ?? this.reject();
  }

  /** Answers at once: with a permit, or nothing when the call is refused. */
  enter(call?: Call): Permit | undefined {
    const permit = this.enterUntimed();
    return permit === 0 ? undefined : this.timed(permit, call);
  }

  /** Like `enter`, for callers who measure for themselves: a permit without a stopwatch, or 0. */
  enterUntimed(): number {
    if (this.pace !== undefined) this.pace.notice(this.clock.now(), this.circuit);
    return this.circuit.enter();
  }

  answer(call: Call, last: boolean): Permit | Rejection | undefined {
    const permit = last ? this.circuit.enter() : this.circuit.enterAfterWait();
    if (permit !== 0) return this.timed(permit, call);
    const { kind } = this.circuit.state;
    return last || (kind !== 'half-open' && kind !== 'closed') ? this.reject() : undefined;
  }

  changesInMs(): number {
    const { state } = this.circuit;
    return state.kind === 'half-open' ? state.probes.expiresInMs(this.clock.now()) : Infinity;
  }

  private timed(permit: number, call: Call | undefined): Permit {
    return this.pace === undefined ? permit : this.pace.start(permit, this.clock.now(), call);
  }

  settle(permit: Permit, outcome: Outcome, result: unknown): void {
    const verdict = this.unjudged ? outcome : this.judge(outcome, result);
    if (typeof permit === 'number') this.circuit.leave(permit, verdict, result, undefined);
    else {
      const paced = permit as PacedCall;
      this.circuit.leave(paced.permit, verdict, result, this.pace?.finish(paced, this.clock.now()));
    }
  }

  private judge(outcome: Outcome, result: unknown): Outcome {
    const { classifyError, classifyResult, onListenerError } = this.circuit.settings;
    if (outcome === 'ignored') return outcome;
    try {
      const verdict = (outcome === 'success' ? classifyResult : classifyError)?.(result) ?? outcome;
      if (verdict !== outcome) check('circuitBreaker: the verdict of a classifier', verdict, verdictRule);
      return verdict;
    } catch (error) {
      reportListenerError(onListenerError ?? console.error, error);
      return outcome;
    }
  }

  /** Counts a refused call and says why it is refused. */
  reject(): CircuitRejection {
    this.circuit.tally.rejected++;
    return this.refusal();
  }

  refusal(): CircuitRejection {
    const { state } = this.circuit;
    const retryAfterMs =
      state.kind === 'open' && state.remainingMs < Infinity ? state.remainingMs : undefined;
    const refusing = state.kind === 'closed' ? 'ramp-up' : (state.kind as RefusingState);
    return Object.freeze({ code: 'ERR_CIRCUIT_OPEN', strategy: this.name, retryAfterMs, state: refusing });
  }

  toError(rejection: Rejection): CircuitOpenError {
    return toCircuitError(rejection, this.circuit.settings.captureStack);
  }
}
