import {
  breakerOf,
  circuitBreaker,
  createBreakerRegistry,
  isCircuitOpen,
  type CircuitBreaker,
  type CircuitEvent,
  type CircuitOpenError,
  type CircuitRejection,
  type CircuitState,
} from '@holdfast/circuit-breaker';
import { pipeline, type Result, type Strategy } from '@holdfast/pipeline';
import { expectTypeOf } from 'vitest';

const breaker = circuitBreaker({ name: 'stripe' });

expectTypeOf(breaker).toEqualTypeOf<CircuitBreaker>();
expectTypeOf(breaker).toExtend<Strategy>();

expectTypeOf(breaker.execute(() => Promise.resolve(1))).toEqualTypeOf<Promise<number>>();
expectTypeOf(breaker.try(() => 'text')).toEqualTypeOf<Promise<Result<string>>>();
expectTypeOf(breaker.executeSync(() => 1n)).toEqualTypeOf<bigint>();

// Generics, overloads and `this` survive wrap, and the breaker is in reach.
const identity = breaker.wrap(async <T>(value: T): Promise<T> => value);
expectTypeOf(identity('text')).toEqualTypeOf<Promise<string>>();
expectTypeOf(identity.breaker).toEqualTypeOf<CircuitBreaker>();

interface Overloaded {
  (id: number): Promise<number>;
  (id: string): Promise<string>;
}
declare const overloaded: Overloaded;
const wrapped = breaker.wrap(overloaded);
expectTypeOf(wrapped(1)).toEqualTypeOf<Promise<number>>();
expectTypeOf(wrapped('1')).toEqualTypeOf<Promise<string>>();

const method = breaker.wrap(async function (this: { base: number }, n: number) {
  return this.base + n;
});
// @ts-expect-error `this` is not a base
void method(1);

// Nothing widens the result of a pipeline.
expectTypeOf(pipeline(breaker, circuitBreaker()).execute(() => 1)).toEqualTypeOf<Promise<number>>();

// Events are told apart by type.
breaker.on('circuit.opened', (event) => {
  expectTypeOf(event).toEqualTypeOf<Extract<CircuitEvent, { type: 'circuit.opened' }>>();
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
  expectTypeOf(error).toEqualTypeOf<CircuitOpenError | CircuitRejection>();
  expectTypeOf(error.code).toEqualTypeOf<'ERR_CIRCUIT_OPEN'>();
  return error.retryAfterMs;
};

expectTypeOf(breakerOf).returns.toEqualTypeOf<CircuitBreaker | undefined>();

// @ts-expect-error an outcome is one of three words
breaker.record(1, 'ok');
// @ts-expect-error the state is not to be set
breaker.state = 'open';
// @ts-expect-error there is no such option
circuitBreaker({ threshold: 3 });

const { results } = await createBreakerRegistry().tryAll({
  users: () => ['Ada'],
  stock: () => Promise.resolve(3),
});
expectTypeOf(results.users).toEqualTypeOf<Result<string[]>>();
expectTypeOf(results.stock).toEqualTypeOf<Result<number>>();
// @ts-expect-error nothing of that name was run
void results.mail;
