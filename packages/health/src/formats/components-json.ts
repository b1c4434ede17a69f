import type { CheckReport } from '../check-report.ts';
import type { HealthFormat } from './health-format.ts';

/**
 * The JSON of Spring Boot's health endpoint: `UP`, `DEGRADED`, `DOWN` or `UNKNOWN`, and `components` by name.
 *
 * @example
 * ```ts
 * import { componentsJson, createHealth, createHealthEndpoints } from '@holdfast/health';
 *
 * createHealthEndpoints(createHealth(), { formats: [componentsJson()] });
 * ```
 */
export function componentsJson(): HealthFormat {
  return {
    mediaTypes: ['application/json'],
    render: ({ state, checks }) =>
      JSON.stringify({
        status: state.toUpperCase(),
        components:
          checks.length === 0
            ? undefined
            : Object.fromEntries(checks.map((each) => [each.name, component(each)])),
      }),
  };
}

function component({
  state,
  reason,
  message,
  observedValue,
  observedUnit,
  durationMs,
  details,
}: CheckReport) {
  const told = { reason, error: message, observedValue, observedUnit, durationMs, ...details };
  return { status: state.toUpperCase(), details: told };
}
