import { circuitBreaker } from '@holdfast/circuit-breaker';
import { pipeline, type Clock } from '@holdfast/pipeline';
import { retry, retryBudget, tokenBudget, type RetryBudget } from '@holdfast/retry';
import { timeout } from '@holdfast/timeout';
import * as cockatiel from 'cockatiel';
import Opossum from 'opossum';
import pRetry from 'p-retry';

/** A request to the dependency. */
export type Request = () => Promise<void>;

/** Makes what one process guards its requests with. */
export type Protection = (ambient: {
  readonly clock: Clock;
  readonly random: () => number;
}) => (request: Request) => Promise<unknown>;

/** All of them wait this long for an attempt and make as many retries, so that only their kinds differ. */
const TIMEOUT_MS = 500;
const RETRIES = 3;
const BASE_DELAY_MS = 200;

/** One attempt with a timeout. */
export const nothing: Protection = ({ clock }) => {
  const limit = timeout({ timeoutMs: TIMEOUT_MS, clock });
  return (request) => limit.execute(request);
};

const retries = (ambient: Parameters<Protection>[0], budget?: RetryBudget) =>
  retry({ maxAttempts: RETRIES + 1, baseDelayMs: BASE_DELAY_MS, budget, ...ambient });

export const holdfastRetry: Protection = (ambient) => {
  const guarded = pipeline(retries(ambient), timeout({ timeoutMs: TIMEOUT_MS, clock: ambient.clock }));
  return (request) => guarded.execute(request);
};

export const holdfastRatioBudget: Protection = (ambient) => {
  const budget = retryBudget({ clock: ambient.clock });
  const guarded = pipeline(
    retries(ambient, budget),
    timeout({ timeoutMs: TIMEOUT_MS, clock: ambient.clock }),
  );
  return (request) => guarded.execute(request);
};

export const holdfastTokenBudget: Protection = (ambient) => {
  const limit = timeout({ timeoutMs: TIMEOUT_MS, clock: ambient.clock });
  const guarded = pipeline(retries(ambient, tokenBudget()), limit);
  return (request) => guarded.execute(request);
};

export const holdfastBreaker: Protection = (ambient) => {
  const { clock } = ambient;
  const guarded = pipeline(
    retries(ambient, retryBudget({ clock })),
    circuitBreaker({ clock }),
    timeout({ timeoutMs: TIMEOUT_MS, clock }),
  );
  return (request) => guarded.execute(request);
};

export const pRetryAlone: Protection = (ambient) => {
  const limited = nothing(ambient);
  const options = { retries: RETRIES, minTimeout: BASE_DELAY_MS, randomize: true };
  return (request) => pRetry(() => limited(request), options);
};

const cockatielRetry = () =>
  cockatiel.retry(cockatiel.handleAll, {
    maxAttempts: RETRIES,
    backoff: new cockatiel.ExponentialBackoff({ initialDelay: BASE_DELAY_MS }),
  });
const cockatielTimeout = () => cockatiel.timeout(TIMEOUT_MS, cockatiel.TimeoutStrategy.Aggressive);

export const cockatielAlone: Protection = () => {
  const policy = cockatiel.wrap(cockatielRetry(), cockatielTimeout());
  return (request) => policy.execute(request);
};

export const cockatielBreaker =
  (openMs: number): Protection =>
  () => {
    const breaker = new cockatiel.ConsecutiveBreaker(5);
    const policy = cockatiel.wrap(
      cockatielRetry(),
      cockatiel.circuitBreaker(cockatiel.handleAll, { halfOpenAfter: openMs, breaker }),
      cockatielTimeout(),
    );
    return (request) => policy.execute(request);
  };

export const opossumBreaker =
  (openMs: number): Protection =>
  () => {
    const circuit = new Opossum((request: Request) => request(), {
      timeout: TIMEOUT_MS,
      resetTimeout: openMs,
    });
    const options = { retries: RETRIES, minTimeout: BASE_DELAY_MS, randomize: true };
    return (request) => pRetry(() => circuit.fire(request), options);
  };
