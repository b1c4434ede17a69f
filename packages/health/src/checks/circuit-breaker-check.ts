import { either, type } from '@holdfast/pipeline';
import type { CheckOverrides, CheckResult, HealthCheck } from '../check.ts';
import { defineCheck } from './define-check.ts';

/** What the check needs of a circuit breaker. */
export interface BreakerLike {
  readonly name: string;
  /** `open` and `isolated` are down, `half-open` is degraded, everything else is up. */
  readonly state: string;
}

/** What {@link circuitBreakerCheck} takes. */
export interface CircuitBreakerCheckOptions extends CheckOverrides {
  /** A breaker, several, or a function that tells which there are, such as a view on a registry. */
  readonly breakers: BreakerLike | Iterable<BreakerLike> | (() => Iterable<BreakerLike>);
}

/** As many as a person reads. */
const MAX_NAMES = 10;

/**
 * Looks at circuit breakers: as bad as the worst of them. Its name is `circuit-breakers` unless told otherwise. It is not
 * critical, since a service with an open circuit mostly has a way out, but it raises a critical alert.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { circuitBreakerCheck } from '@holdfast/health';
 *
 * const breaker = { name: 'stripe', state: 'closed' };
 * const check = circuitBreakerCheck({ breakers: breaker });
 * ```
 */
export function circuitBreakerCheck(options: CircuitBreakerCheckOptions): HealthCheck {
  return defineCheck(
    {
      owner: 'circuitBreakerCheck',
      options,
      rules: { breakers: either(type('object'), type('function')) },
      defaults: {
        name: 'circuit-breakers',
        critical: false,
        alert: 'critical',
        ttlMs: 1_000,
        recommendation: 'look at the dependencies behind the open circuits',
      },
      required: ['breakers'],
    },
    ({ breakers }): CheckResult => {
      const all = [...listed(breakers)];
      const open = all.filter(({ state }) => state === 'open' || state === 'isolated');
      const halfOpen = all.filter(({ state }) => state === 'half-open');
      const observed = { observedValue: open.length, observedUnit: 'open' };
      if (open.length > 0)
        return { state: 'down', reason: 'open', ...observed, details: { open: names(open) } };
      if (halfOpen.length > 0)
        return {
          state: 'degraded',
          reason: 'half-open',
          ...observed,
          details: { halfOpen: names(halfOpen) },
        };
      return { state: 'up', ...observed };
    },
  );
}

function listed(breakers: CircuitBreakerCheckOptions['breakers']): Iterable<BreakerLike> {
  if (typeof breakers === 'function' && !('state' in breakers)) return breakers();
  return Symbol.iterator in breakers ? breakers : [breakers as BreakerLike];
}

function names(breakers: readonly BreakerLike[]): string {
  const shown = breakers.slice(0, MAX_NAMES).map(({ name }) => name);
  const more = breakers.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
