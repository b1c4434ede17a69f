import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  circuitBreakerCheck,
  createHealth,
  createHealthEndpoints,
  httpCheck,
  standardRoutes,
  statusJson,
  type Health,
  type HealthFormat,
  type HealthRequest,
} from '@holdfast/health';
import {
  createReports,
  metricsEndpoint,
  nodeHttpMetrics,
  observe,
  processMetrics,
  type Metrics,
} from '@holdfast/metrics';
import type { Guard } from './guard.ts';
import { knownRoutes } from './known-routes.ts';

/** What {@link createOperations} takes. */
export interface OperationsOptions {
  readonly metrics: Metrics;
  readonly guard: Guard;
  readonly upstream: URL;
  /** How often the upstream is asked how it is, in milliseconds. */
  readonly checkMs: number;
  /** What `/status` tells beside the health. */
  readonly figures: () => object;
}

/** What those who run the proxy need: its metrics, its health, and the endpoints that tell them. */
export interface Operations {
  readonly health: Health;
  /** Answers what asks for metrics or health, and measures everything else on its way to `next`. */
  handle(request: IncomingMessage, response: ServerResponse, next: () => void): void;
  close(): void;
}

const METRICS = /^\/metrics(\/summary|\/history)?(\?|$)/;

/** Makes the metrics, the health checks and their endpoints. */
export function createOperations(options: OperationsOptions): Operations {
  const { metrics, guard, upstream, checkMs, figures } = options;
  const measure = requestMetrics(metrics);
  const endProcessMetrics = processMetrics(metrics);
  const reports = createReports(metrics);
  const health = createHealth({
    // A proxy whose upstream is down still tells its clients so. It is degraded, and stays ready.
    checks: [
      ...(guard.breaker ? [circuitBreakerCheck({ breakers: guard.breaker, refreshMs: checkMs })] : []),
      httpCheck({
        name: 'upstream',
        url: upstream,
        method: 'HEAD',
        accepts: ({ status }) => status < 500,
        critical: false,
        failureThreshold: 2,
        timeoutMs: guard.limits.firstItemMs ?? checkMs,
        refreshMs: checkMs,
      }),
    ],
    requestStats: () => reports.requestStats(),
  });
  observe(metrics, health);
  const scrapes = metricsEndpoint(metrics, reports);
  const probes = createHealthEndpoints(health, {
    authorise: isLocal,
    routes: {
      ...standardRoutes,
      '/status': { group: 'overall', formats: [indented(statusJson({ figures: () => ({ ...figures() }) }))] },
    },
  });
  return {
    health,
    handle(request, response, next) {
      if (METRICS.test(request.url ?? '')) return scrapes.handle(request, response);
      probes.node(request, response, () => {
        measure(request, response);
        next();
      });
    },
    close() {
      reports.close();
      endProcessMetrics();
    },
  };
}

/** Measures requests by the routes that the upstream turns out to have. */
function requestMetrics(metrics: Metrics): (request: IncomingMessage, response: ServerResponse) => void {
  const routes = knownRoutes();
  const measure = nodeHttpMetrics(metrics, {}, ({ url = '/' }) => routes.routeOf(url));
  return (request, response) => {
    // Before the metrics do, which ask for the route when the response closes.
    response.once('close', () => {
      if (response.headersSent && response.statusCode < 400) routes.learn(request.url ?? '/');
    });
    measure(request, response);
  };
}

/** Details are for whoever sits at this machine; put your own authentication here. */
function isLocal({ raw }: HealthRequest): boolean {
  const { remoteAddress = '' } = (raw as IncomingMessage).socket;
  return /^(::ffff:)?127\.|^::1$/.test(remoteAddress);
}

/** JSON for people: `curl` shows it as it is. */
function indented(format: HealthFormat): HealthFormat {
  return {
    ...format,
    render: (report, stats) => `${JSON.stringify(JSON.parse(format.render(report, stats)), undefined, 2)}\n`,
  };
}
