import { integer, readOptions } from '@holdfast/pipeline';
import type { RuleReading, TripMeter, TripRule } from './trip-rule.ts';

/** Options of {@link consecutiveFailures}. */
export interface ConsecutiveFailuresOptions {
  /** How many failures in a row open the circuit. Default 5; at least 1. */
  readonly failures?: number | undefined;
}

class FailureStreak implements TripMeter {
  private readonly max: number;
  private streak = 0;

  constructor(max: number) {
    this.max = max;
  }

  settled(failed: boolean): boolean {
    if (!failed) {
      this.streak = 0;
      return false;
    }
    return ++this.streak >= this.max;
  }

  reading(): RuleReading {
    return { rule: 'consecutive-failures', calls: this.streak, hits: this.streak };
  }

  reset(): void {
    this.streak = 0;
  }

  save(): readonly number[] {
    return [this.streak];
  }

  load([streak = 0]: readonly number[]): void {
    this.streak = streak;
  }
}

/**
 * Opens after a number of failures in a row: the default rule, and the cheapest. A dependency that fails now and then
 * never opens it; one that fails half of its calls does so only by chance.
 *
 * @throws {@link RangeError} when `failures` is out of bounds
 *
 * @example
 * ```ts
 * import { circuitBreaker, consecutiveFailures } from '@holdfast/circuit-breaker';
 *
 * const breaker = circuitBreaker({ name: 'stripe', tripRule: consecutiveFailures({ failures: 3 }) });
 * ```
 */
export function consecutiveFailures(options: ConsecutiveFailuresOptions = {}): TripRule {
  const { failures } = readOptions('consecutiveFailures', options, { failures: integer(1) }, { failures: 5 });
  return { start: () => new FailureStreak(failures) };
}
