import { integer, number, type } from '@holdfast/pipeline';
import type { CheckOverrides, CheckResult, HealthCheck } from '../check.ts';
import type { RequestStats } from '../request-stats.ts';
import { defineCheck } from './define-check.ts';

/** What {@link requestCheck} takes. */
export interface RequestCheckOptions extends CheckOverrides {
  /** Tells figures about requests, e.g. from the metrics of the service. */
  readonly requestStats: () => RequestStats | undefined;
  /** Share of failed requests above which it is degraded; 0 to 1. Default 0.1. */
  readonly degradedErrorRatio?: number | undefined;
  /** Share of failed requests above which it is down; 0 to 1. Default 0.5. */
  readonly downErrorRatio?: number | undefined;
  /** Mean response time above which it is degraded, in milliseconds. At least 0. Default 2,000. */
  readonly degradedMeanMs?: number | undefined;
  /** How many requests it takes to judge them. At least 1. Default 20. */
  readonly minRequests?: number | undefined;
}

/**
 * Judges the service by the requests that it has served of late. Its name is `requests` unless told otherwise. It is not
 * critical: a replica that fails should be seen, but taking all of them away would end what still works.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { requestCheck } from '@holdfast/health';
 *
 * const check = requestCheck({ requestStats: () => ({ requests: 120, failures: 3, meanMs: 41 }) });
 * ```
 */
export function requestCheck(options: RequestCheckOptions): HealthCheck {
  return defineCheck(
    {
      owner: 'requestCheck',
      options,
      rules: {
        requestStats: type('function'),
        degradedErrorRatio: number(0, 1),
        downErrorRatio: number(0, 1),
        degradedMeanMs: number(0),
        minRequests: integer(1),
      },
      defaults: {
        name: 'requests',
        degradedErrorRatio: 0.1,
        downErrorRatio: 0.5,
        degradedMeanMs: 2_000,
        minRequests: 20,
        critical: false,
        dependency: false,
        recommendation: 'look at what the failing or slow requests have in common',
      },
      required: ['requestStats'],
    },
    (settings): CheckResult => {
      const stats = settings.requestStats();
      if (stats === undefined || stats.requests < settings.minRequests) return { state: 'up' };
      const ratio = stats.failures / stats.requests;
      const failed = { observedValue: Math.round(ratio * 1_000) / 10, observedUnit: '%' };
      if (ratio > settings.downErrorRatio) return { state: 'down', reason: 'errors', ...failed };
      if (ratio > settings.degradedErrorRatio) return { state: 'degraded', reason: 'errors', ...failed };
      return stats.meanMs > settings.degradedMeanMs
        ? { state: 'degraded', reason: 'slow', observedValue: stats.meanMs, observedUnit: 'ms' }
        : { state: 'up', ...failed };
    },
  );
}
