import { instant, type HealthFormat } from './health-format.ts';
import { HEALTH_WORDS } from './health-word.ts';

/** What {@link serverJson} adds. */
export interface ServerJsonOptions {
  /** Figures that everyone may see, e.g. `{ websocket_clients: 3 }`; asked at each request. Default: none. */
  readonly figures?: (() => Readonly<Record<string, string | number | boolean>>) | undefined;
}

/**
 * The health of a small server on one level: `status`, `uptime_seconds`, figures of your own, `timestamp`.
 *
 * @example
 * ```ts
 * import { createHealth, createHealthEndpoints, serverJson } from '@holdfast/health';
 *
 * const clients = new Set();
 * createHealthEndpoints(createHealth(), {
 *   formats: [serverJson({ figures: () => ({ websocket_clients: clients.size }) })],
 * });
 * ```
 */
export function serverJson({ figures }: ServerJsonOptions = {}): HealthFormat {
  return {
    mediaTypes: ['application/json'],
    live: true,
    render: ({ state, uptimeMs, atMs }) =>
      JSON.stringify({
        status: HEALTH_WORDS[state],
        uptime_seconds: Math.floor(uptimeMs / 1_000),
        ...figures?.(),
        timestamp: instant(atMs),
      }),
  };
}
