import { number, systemClock, type, type Clock } from '@holdfast/pipeline';
import type { CheckContext, CheckOverrides, CheckResult, HealthCheck } from '../check.ts';
import { defineCheck } from './define-check.ts';

/** Tells when something expires, in milliseconds since the Unix epoch; `undefined`: never. */
export type ExpirySource = (context: CheckContext) => number | undefined | PromiseLike<number | undefined>;

/** What {@link expiryCheck} takes. */
export interface ExpiryCheckOptions extends CheckOverrides {
  /** Tells when it expires. */
  readonly expiresAtMs: ExpirySource;
  /** How long before it is degraded, in milliseconds. At least 0. Default 14 days. */
  readonly warnMs?: number | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/**
 * Looks at when a certificate or a credential expires: degraded some time before, down from then on. Its name is
 * `expiry` unless told otherwise.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { certificateExpiry, expiryCheck } from '@holdfast/health';
 *
 * const check = expiryCheck({ name: 'certificate', expiresAtMs: certificateExpiry({ host: 'example.com' }) });
 * ```
 */
export function expiryCheck(options: ExpiryCheckOptions): HealthCheck {
  return defineCheck(
    {
      owner: 'expiryCheck',
      options,
      rules: { expiresAtMs: type('function'), warnMs: number(0), clock: type('object') },
      defaults: { name: 'expiry', warnMs: 14 * 86_400_000, clock: systemClock, recommendation: 'renew it' },
      required: ['expiresAtMs'],
    },
    async ({ expiresAtMs, warnMs, clock }, context): Promise<CheckResult> => {
      const atMs = await expiresAtMs(context);
      if (atMs === undefined) return { state: 'up' };
      if (Number.isNaN(atMs)) return { state: 'down', reason: 'invalid-date' };
      const leftMs = atMs - clock.wallNow();
      const observed = { observedValue: Math.floor(leftMs / 1_000), observedUnit: 's' };
      if (leftMs <= 0) return { state: 'down', reason: 'expired', ...observed };
      return leftMs <= warnMs
        ? { state: 'degraded', reason: 'expires-soon', ...observed }
        : { state: 'up', ...observed };
    },
  );
}
