import { HoldfastError, isRejection, type HoldfastErrorOptions, type Rejection } from '@holdfast/pipeline';

/** Which circuit refuses: an open one, one whose probes are under way, an isolated one, one that is warming up. */
export type RefusingState = 'open' | 'half-open' | 'isolated' | 'ramp-up';

/** Why a breaker did not start an operation: the plain form, which `try` returns. Frozen. */
export interface CircuitRejection extends Rejection {
  readonly code: 'ERR_CIRCUIT_OPEN';
  readonly state: RefusingState;
}

/**
 * A breaker did not start an operation; `retryAfterMs` says when it may admit calls again, where that is known.
 *
 * @example
 * ```ts
 * import { CircuitOpenError } from '@holdfast/circuit-breaker';
 *
 * const refusal = new CircuitOpenError('open', { strategy: 'stripe', retryAfterMs: 30_000 });
 * console.log(refusal.message); // stripe refuses calls: the circuit is open
 * ```
 */
export class CircuitOpenError extends HoldfastError implements CircuitRejection {
  override readonly name = 'CircuitOpenError';
  readonly code = 'ERR_CIRCUIT_OPEN';
  readonly state: RefusingState;

  constructor(state: RefusingState, options: HoldfastErrorOptions) {
    super(`${options.strategy} refuses calls: the circuit is ${state}`, options);
    this.state = state;
  }
}

/**
 * Whether a value says that a circuit breaker refused a call.
 *
 * @example
 * ```ts
 * import { circuitBreaker, isCircuitOpen } from '@holdfast/circuit-breaker';
 *
 * const result = await circuitBreaker({ name: 'prices' }).try(() => fetch('https://prices.example/btc'));
 * if (!result.ok && isCircuitOpen(result.error)) console.log('back in', result.error.retryAfterMs, 'ms');
 * ```
 */
export function isCircuitOpen(value: unknown): value is CircuitOpenError | CircuitRejection {
  return isRejection(value) && value.code === 'ERR_CIRCUIT_OPEN';
}

/** Makes the error for a plain rejection. */
export function toCircuitError(rejection: Rejection, captureStack: boolean | undefined): CircuitOpenError {
  const { strategy, retryAfterMs, state } = rejection as CircuitRejection;
  return new CircuitOpenError(state, { strategy, retryAfterMs, captureStack });
}
