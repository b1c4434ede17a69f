import { circuitBreaker, type CircuitBreaker, type CircuitBreakerOptions } from '@holdfast/circuit-breaker';
import { manualClock, recordEvents } from '@holdfast/pipeline/testing';

export const boom = new Error('boom');

/** A breaker on a manual clock, its events, and short ways to make calls. */
export function rig(options: CircuitBreakerOptions = {}) {
  const clock = manualClock({ startMs: 1_000 });
  const reported: unknown[] = [];
  const onListenerError = (error: unknown) => void reported.push(error);
  const breaker = circuitBreaker({ name: 'stripe', clock, onListenerError, ...options });
  return { clock, breaker, reported, recorder: recordEvents(breaker) };
}

/** Makes calls that fail at once. */
export async function fail(breaker: CircuitBreaker, times = 1): Promise<void> {
  for (let i = 0; i < times; i++) await breaker.try(() => Promise.reject(boom));
}

/** Makes calls that succeed at once. */
export async function succeed(breaker: CircuitBreaker, times = 1): Promise<void> {
  for (let i = 0; i < times; i++) await breaker.execute(() => Promise.resolve('fine'));
}

/** A call under way, to be settled by hand. */
export function hold(breaker: CircuitBreaker) {
  const { promise, resolve, reject } = withResolvers();
  let started = false;
  const result = breaker.try(() => {
    started = true;
    return promise;
  });
  return {
    result,
    get started() {
      return started;
    },
    async succeed(value: unknown = 'late') {
      resolve(value);
      return result;
    },
    async fail(error: unknown = boom) {
      reject(error);
      return result;
    },
  };
}

function withResolvers() {
  let resolve: (value: unknown) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise((resolveIt, rejectIt) => {
    resolve = resolveIt;
    reject = rejectIt;
  });
  return { promise, resolve, reject };
}

/** Opens a breaker and lets its open time pass: the next call is a probe. */
export async function untilHalfOpen({ breaker, clock }: ReturnType<typeof rig>): Promise<void> {
  breaker.trip(30_000);
  await clock.advance(30_000);
}
