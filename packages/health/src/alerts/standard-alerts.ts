import { getHeapStatistics } from 'node:v8';
import { integer, number, readOptions, type, type Rules } from '@holdfast/pipeline';
import type { AlertRule } from './alert-rule.ts';

/** What {@link standardAlerts} takes. */
export interface StandardAlertsOptions {
  /** Share of failed requests above which `error-ratio` is critical; 0 to 1. Default 0.1. */
  readonly maxErrorRatio?: number | undefined;
  /** Mean response time above which `response-time` warns, in milliseconds. At least 0. Default 2,000. */
  readonly maxMeanMs?: number | undefined;
  /** Used share of the heap limit above which `heap` warns; 0 to 1. Default 0.85. */
  readonly maxHeapRatio?: number | undefined;
  /** How many requests it takes to judge them. At least 1. Default 20. */
  readonly minRequests?: number | undefined;
  /** Tells the used share of the heap limit. Default: V8's statistics. */
  readonly heapRatio?: (() => number) | undefined;
}

const defaults = {
  maxErrorRatio: 0.1,
  maxMeanMs: 2_000,
  maxHeapRatio: 0.85,
  minRequests: 20,
  heapRatio: (): number => {
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    return used / limit;
  },
} as const satisfies StandardAlertsOptions;

const rules: Rules<StandardAlertsOptions> = {
  maxErrorRatio: number(0, 1),
  maxMeanMs: number(0),
  maxHeapRatio: number(0, 1),
  minRequests: integer(1),
  heapRatio: type('function'),
};

const percent = (ratio: number) => `${(ratio * 100).toFixed(1)} %`;

/**
 * The alert rules that suit most services: failing requests, slow responses, a heap that is nearly full.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { createHealth, standardAlerts } from '@holdfast/health';
 *
 * const health = createHealth({ alerts: standardAlerts({ maxMeanMs: 500 }) });
 * health.on('health.alert_raised', ({ alert }) => console.error(alert.severity, alert.message));
 * ```
 */
export function standardAlerts(options: StandardAlertsOptions = {}): readonly AlertRule[] {
  const read = readOptions('standardAlerts', options, rules, defaults);
  const { maxErrorRatio, maxMeanMs, maxHeapRatio, minRequests, heapRatio } = read;
  return [
    {
      name: 'error-ratio',
      severity: 'critical',
      recommendation: 'look at what the failing requests have in common: a route, a dependency, a release',
      condition: ({ requests }) => {
        if (requests === undefined || requests.requests < minRequests) return undefined;
        const ratio = requests.failures / requests.requests;
        return ratio > maxErrorRatio ? `${percent(ratio)} of the requests fail` : undefined;
      },
    },
    {
      name: 'response-time',
      severity: 'warning',
      recommendation: 'look for a slow dependency, and for work that blocks the event loop',
      condition: ({ requests }) =>
        requests !== undefined && requests.requests >= minRequests && requests.meanMs > maxMeanMs
          ? `responses take ${Math.round(requests.meanMs)} ms on average`
          : undefined,
    },
    {
      name: 'heap',
      severity: 'warning',
      recommendation: 'look for what grows, or raise --max-old-space-size',
      condition: () => {
        const ratio = heapRatio();
        return ratio > maxHeapRatio ? `${percent(ratio)} of the heap are used` : undefined;
      },
    },
  ];
}
