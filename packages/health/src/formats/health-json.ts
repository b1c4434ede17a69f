import type { CheckReport } from '../check-report.ts';
import type { HealthState } from '../state.ts';
import { instant, type HealthFormat } from './health-format.ts';

/** What {@link healthJson} says about the service. */
export interface HealthJsonOptions {
  /** Public version of the service, e.g. `1`. */
  readonly version?: string | undefined;
  /** Which release runs, e.g. a commit. */
  readonly releaseId?: string | undefined;
  /** Names this instance. */
  readonly serviceId?: string | undefined;
  /** What the service is, for people. */
  readonly description?: string | undefined;
}

const STATUS: Readonly<Record<HealthState, string>> = {
  up: 'pass',
  degraded: 'warn',
  down: 'fail',
  unknown: 'fail',
};

/**
 * `application/health+json`, as in draft-inadarei-api-health-check-06: `pass`, `warn` or `fail`, with one entry a check.
 *
 * @example
 * ```ts
 * import { createHealth, createHealthEndpoints, healthJson } from '@holdfast/health';
 *
 * createHealthEndpoints(createHealth(), { formats: [healthJson({ releaseId: '4f2c1d' })] });
 * ```
 */
export function healthJson(options: HealthJsonOptions = {}): HealthFormat {
  return {
    mediaTypes: ['application/health+json', 'application/json'],
    render: ({ state, reason, checks }) =>
      JSON.stringify({
        status: STATUS[state],
        ...options,
        output: reason,
        checks:
          checks.length === 0
            ? undefined
            : Object.fromEntries(checks.map((each) => [each.name, [entry(each)]])),
      }),
  };
}

function entry(check: CheckReport) {
  const { componentType, observedValue, observedUnit, state, checkedAtMs, reason, message } = check;
  return {
    componentType,
    observedValue,
    observedUnit,
    status: STATUS[state],
    time: checkedAtMs === undefined ? undefined : instant(checkedAtMs),
    // Section 4.9 of the draft: to be left out when the check passes.
    output: state === 'up' ? undefined : (message ?? reason),
  };
}
