import type { Clock } from '@holdfast/pipeline';
import type { RuleReading, TripMeter, TripRule } from './trip-rule.ts';

class AnyMeter implements TripMeter {
  private readonly meters: readonly [TripMeter, ...TripMeter[]];
  /** The one that spoke last for opening the circuit. */
  private spokesman: TripMeter;

  constructor(meters: readonly [TripMeter, ...TripMeter[]]) {
    this.meters = meters;
    this.spokesman = meters[0];
  }

  settled(failed: boolean): boolean {
    return this.ask((meter) => meter.settled(failed));
  }

  paced(slow: boolean): boolean {
    return this.ask((meter) => meter.paced?.(slow) ?? false);
  }

  /** Every meter has to count the call, so the first that would open the circuit does not end the round. */
  private ask(question: (meter: TripMeter) => boolean): boolean {
    let trips = false;
    for (const meter of this.meters) {
      if (!question(meter) || trips) continue;
      this.spokesman = meter;
      trips = true;
    }
    return trips;
  }

  reading(): RuleReading {
    return this.spokesman.reading();
  }

  reset(): void {
    this.spokesman = this.meters[0];
    for (const meter of this.meters) meter.reset();
  }

  /** Each memory is preceded by its length. */
  save(): readonly number[] {
    return this.meters.map((meter) => meter.save()).flatMap((memory) => [memory.length, ...memory]);
  }

  load(memory: readonly number[], ageMs: number): void {
    let at = 0;
    for (const meter of this.meters) {
      const length = memory[at] ?? 0;
      meter.load(memory.slice(at + 1, at + 1 + length), ageMs);
      at += 1 + length;
    }
  }
}

/**
 * Opens when any of several rules would.
 *
 * @throws {@link RangeError} when no rule is given, or rules disagree about from when on a call is slow
 *
 * @example
 * ```ts
 * import { anyOf, circuitBreaker, consecutiveFailures, failureRatio } from '@holdfast/circuit-breaker';
 *
 * const tripRule = anyOf(consecutiveFailures({ failures: 10 }), failureRatio());
 * const breaker = circuitBreaker({ name: 'search', tripRule });
 * ```
 */
export function anyOf(...rules: readonly TripRule[]): TripRule {
  const [first, ...others] = rules;
  if (first === undefined) throw new RangeError('anyOf needs at least one rule, got none');
  const paces = rules.flatMap((rule) => rule.pace ?? []);
  const limits = new Set(paces.map((pace) => pace.slowMs));
  if (limits.size > 1) {
    throw new RangeError(`anyOf: slowMs must be the same for all rules, got ${[...limits].join(' and ')}`);
  }
  const start = (clock: Clock) =>
    new AnyMeter([first.start(clock), ...others.map((rule) => rule.start(clock))]);
  return { pace: paces[0], start };
}
