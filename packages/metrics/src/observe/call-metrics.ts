import {
  check,
  defineStrategy,
  readOptions,
  type,
  type GateHook,
  type Outcome,
  type Rules,
  type Strategy,
} from '@holdfast/pipeline';
import { bucketsRule, DURATION_BUCKETS } from '../instruments/buckets.ts';
import type { BoundHistogram } from '../instruments/histogram.ts';
import type { Metrics } from '../metrics.ts';

/** What {@link callMetrics} takes. */
export interface CallMetricsOptions {
  /** What the calls are labelled with. */
  readonly name: string;
  /** The bounds of the durations, in seconds, ascending. Default: 5 ms to 10 s. */
  readonly buckets?: readonly number[] | undefined;
}

const rules: Rules<CallMetricsOptions> = { name: type('string'), buckets: bucketsRule };

/**
 * Makes a strategy that measures the calls of a pipeline where it stands: first for whole calls, last for attempts.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 *
 * @example
 * ```ts
 * import { pipeline } from '@holdfast/pipeline';
 * import { retry } from '@holdfast/retry';
 * import { callMetrics, createMetrics } from '@holdfast/metrics';
 *
 * const metrics = createMetrics();
 * const guarded = pipeline(callMetrics(metrics, { name: 'stripe' }), retry({ maxAttempts: 3 }));
 * ```
 */
export function callMetrics(metrics: Metrics, options: CallMetricsOptions): Strategy {
  const { name, buckets } = readOptions('callMetrics', options, rules, { buckets: DURATION_BUCKETS });
  check('callMetrics: name', name, rules.name);
  const { clock } = metrics;
  const durations = metrics.histogram({
    name: 'resilience_call_duration_seconds',
    help: 'How long guarded calls took',
    labels: ['name', 'outcome'],
    buckets,
  });
  const byOutcome: Record<Outcome, BoundHistogram> = {
    success: durations.with(name, 'success'),
    failure: durations.with(name, 'failure'),
    ignored: durations.with(name, 'ignored'),
  };
  const hook: GateHook = {
    kind: 'gate',
    type: 'call-metrics',
    name,
    clock,
    admit: () => clock.now(),
    settle: (startedAtMs, outcome) =>
      byOutcome[outcome].observe((clock.now() - (startedAtMs as number)) / 1000),
    toError: (rejection) => new Error(`${rejection.code} cannot come from a measurement`),
  };
  return defineStrategy('call-metrics', hook);
}
