import type { breakerOf } from '@holdfast/circuit-breaker';
import {
  circuitBreaker,
  isCircuitOpen,
  type CircuitBreaker,
  type CircuitEvent,
  type CircuitOpenError,
  type CircuitRejection,
  type CircuitState,
} from '@holdfast/circuit-breaker';
import { pipeline, type Result, type Strategy } from '@holdfast/pipeline';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Whether a value has exactly the type `B`. */
function has<B>() {
  return <A>(_value: A, _exactly: Equal<A, B>): void => {};
}
function same<A, B>(_equal: Equal<A, B>): void {}

const breaker = circuitBreaker({ name: 'stripe' });

same<typeof breaker, CircuitBreaker>(true);
same<CircuitBreaker extends Strategy ? true : false, true>(true);

has<Promise<number>>()(
  breaker.execute(() => Promise.resolve(1)),
  true,
);
has<Promise<Result<string>>>()(
  breaker.try(() => 'text'),
  true,
);
has<bigint>()(
  breaker.executeSync(() => 1n),
  true,
);

// Generics, overloads and `this` survive wrap, and the breaker is in reach.
const identity = breaker.wrap(async <T>(value: T): Promise<T> => value);
has<Promise<string>>()(identity('text'), true);
same<typeof identity.breaker, CircuitBreaker>(true);

interface Overloaded {
  (id: number): Promise<number>;
  (id: string): Promise<string>;
}
declare const overloaded: Overloaded;
const wrapped = breaker.wrap(overloaded);
has<Promise<number>>()(wrapped(1), true);
has<Promise<string>>()(wrapped('1'), true);

const method = breaker.wrap(async function (this: { base: number }, n: number) {
  return this.base + n;
});
// @ts-expect-error `this` is not a base
void method(1);

// Nothing widens the result of a pipeline.
has<Promise<number>>()(
  pipeline(breaker, circuitBreaker()).execute(() => 1),
  true,
);

// Events are told apart by type.
breaker.on('circuit.opened', (event) => {
  has<Extract<CircuitEvent, { type: 'circuit.opened' }>>()(event, true);
});
// @ts-expect-error there is no such event
breaker.on('circuit.exploded', () => undefined);

// A switch over states and events is exhaustive.
export const label = (state: CircuitState): string => {
  switch (state) {
    case 'closed':
    case 'open':
    case 'half-open':
    case 'isolated':
    case 'disabled':
    case 'metrics-only':
      return state;
    default:
      return state satisfies never;
  }
};

// The guard fits errors and plain rejections.
export const retryAfter = (error: unknown): number | undefined => {
  if (!isCircuitOpen(error)) return undefined;
  same<typeof error, CircuitOpenError | CircuitRejection>(true);
  same<typeof error.code, 'ERR_CIRCUIT_OPEN'>(true);
  return error.retryAfterMs;
};

same<ReturnType<typeof breakerOf>, CircuitBreaker | undefined>(true);

// @ts-expect-error an outcome is one of three words
breaker.record(1, 'ok');
// @ts-expect-error the state is not to be set
breaker.state = 'open';
// @ts-expect-error there is no such option
circuitBreaker({ threshold: 3 });
