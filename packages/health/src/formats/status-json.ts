import { instant, type HealthFormat } from './health-format.ts';

/** What {@link statusJson} adds. */
export interface StatusJsonOptions {
  /** More for those who may see details, e.g. a snapshot of the metrics; asked at each request. Default: none. */
  readonly figures?: (() => Readonly<Record<string, unknown>>) | undefined;
}

/**
 * Everything that is known: state, checks, alerts, recommendations, requests, statistics of the checks.
 *
 * @example
 * ```ts
 * import { createHealth, createHealthEndpoints, statusJson } from '@holdfast/health';
 *
 * createHealthEndpoints(createHealth(), {
 *   authorise: ({ header }) => header('x-role') === 'operator',
 *   routes: { '/status': { group: 'overall', formats: [statusJson()] } },
 * });
 * ```
 */
export function statusJson({ figures }: StatusJsonOptions = {}): HealthFormat {
  return {
    mediaTypes: ['application/json'],
    live: true,
    render: (report, statistics) => {
      const { state, reason, uptimeMs, atMs, checks, alerts, recommendations, requests, detailed } = report;
      const common = {
        status: state,
        reason,
        uptimeSeconds: Math.floor(uptimeMs / 1_000),
        timestamp: instant(atMs),
      };
      return JSON.stringify(
        detailed
          ? { ...common, checks, alerts, recommendations, requests, statistics, ...figures?.() }
          : common,
      );
    },
  };
}
