import {
  check,
  number,
  readOptions,
  type,
  type ListenerErrorHandler,
  type Rule,
  type Rules,
} from '@holdfast/pipeline';
import type { HealthFormat } from '../formats/health-format.ts';
import { healthJson } from '../formats/health-json.ts';
import { plainText } from '../formats/plain-text.ts';
import { statusJson } from '../formats/status-json.ts';
import type { GroupName } from '../health.ts';
import { listOf } from '../rules.ts';
import type { HealthRequest } from './health-request.ts';

/** What a path answers. */
export interface HealthRoute {
  /** The group that is asked. */
  readonly group: GroupName;
  /** The formats that it knows, the preferred one first. Default: those of all endpoints. */
  readonly formats?: readonly HealthFormat[] | undefined;
}

/** What {@link createHealthEndpoints} takes. */
export interface HealthEndpointsOptions {
  /** Path by path, what is answered. Default: {@link standardRoutes}. */
  readonly routes?: Readonly<Record<string, HealthRoute>> | undefined;
  /** What every path begins with, e.g. `/internal`. Default: nothing. */
  readonly prefix?: string | undefined;
  /** The formats, the preferred one first. Default: `application/health+json`, then plain text. */
  readonly formats?: readonly HealthFormat[] | undefined;
  /**
   * Who may see more than the state: checks, alerts, recommendations, figures. A call that throws or rejects means no.
   * Default: nobody.
   */
  readonly authorise?: ((request: HealthRequest) => boolean | PromiseLike<boolean>) | undefined;
  /**
   * How long a request waits for results that are missing or too old, in milliseconds; then what is known is answered.
   * At least 0. Default 500, half of what Kubernetes waits for a probe.
   */
  readonly waitMs?: number | undefined;
  /** Hears of an `authorise` or a format that throws. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
}

/**
 * The paths of the probes, in the names of Kubernetes and in those of older services.
 *
 * @example
 * ```ts
 * import { createHealth, createHealthEndpoints, standardRoutes } from '@holdfast/health';
 *
 * const health = createHealth({ groups: { billing: [] } });
 * createHealthEndpoints(health, { routes: { ...standardRoutes, '/health/billing': { group: 'billing' } } });
 * ```
 */
export const standardRoutes: Readonly<Record<string, HealthRoute>> = {
  '/livez': { group: 'liveness' },
  '/readyz': { group: 'readiness' },
  '/startupz': { group: 'startup' },
  '/live': { group: 'liveness' },
  '/ready': { group: 'readiness' },
  '/health': { group: 'overall' },
  '/status': { group: 'overall', formats: [statusJson()] },
};

const prefix: Rule = (value) =>
  typeof value === 'string' && /^(\/[^/?#\s]+)*$/.test(value)
    ? undefined
    : "must be '' or a path such as /internal";

const rules: Rules<HealthEndpointsOptions> = {
  routes: type('object'),
  prefix,
  formats: listOf(type('object')),
  authorise: type('function'),
  waitMs: number(0),
  onListenerError: type('function'),
};

/**
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 */
export function readEndpointOptions(options: HealthEndpointsOptions) {
  const read = readOptions('createHealthEndpoints', options, rules, {
    routes: standardRoutes,
    prefix: '',
    formats: [healthJson(), plainText()] as readonly HealthFormat[],
    waitMs: 500,
    onListenerError: console.error as ListenerErrorHandler,
  });
  for (const [path, route] of Object.entries(read.routes)) {
    if (!/^\/[^?#\s]*$/.test(path))
      throw new TypeError(`createHealthEndpoints: routes must be paths, got '${path}'`);
    const formats = route.formats ?? read.formats;
    check(`createHealthEndpoints: formats of ${path}`, formats[0], type('object'));
  }
  return read;
}
