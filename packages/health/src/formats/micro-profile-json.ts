import { passes } from '../state.ts';
import type { HealthFormat } from './health-format.ts';

/**
 * The JSON of MicroProfile Health: `UP` or `DOWN`, which knows nothing in between, and a list of checks.
 *
 * @example
 * ```ts
 * import { createHealth, createHealthEndpoints, microProfileJson } from '@holdfast/health';
 *
 * createHealthEndpoints(createHealth(), { formats: [microProfileJson()] });
 * ```
 */
export function microProfileJson(): HealthFormat {
  return {
    mediaTypes: ['application/json'],
    render: ({ state, checks }) =>
      JSON.stringify({
        status: passes(state) ? 'UP' : 'DOWN',
        checks: checks.map(({ name, state: each, reason, observedValue, observedUnit, details }) => ({
          name,
          status: passes(each) ? 'UP' : 'DOWN',
          data: { state: each, reason, observedValue, observedUnit, ...details },
        })),
      }),
  };
}
