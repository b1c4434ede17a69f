import type { CheckReport } from '../check-report.ts';
import type { HealthReport } from '../health-report.ts';
import type { RequestStats } from '../request-stats.ts';
import type { HealthFormat } from './health-format.ts';
import { HEALTH_WORDS } from './health-word.ts';

/** Whom {@link agentJson} speaks for. */
export interface AgentJsonOptions {
  /** Names the agent. */
  readonly agentId: string;
  /** Where the agent runs, e.g. `production`. */
  readonly environment: string;
  /** Figures to be shown under `health.metrics`. Default: none. */
  readonly metrics?: (() => Readonly<Record<string, unknown>>) | undefined;
}

/**
 * The health of an agent: `status`, `agent_id` and `environment`; under `health` the overall state, checks, metrics and
 * alerts; under `performance` response times, uptime, request counts and the error rate in percent.
 *
 * @example
 * ```ts
 * import { agentJson, createHealth, createHealthEndpoints } from '@holdfast/health';
 *
 * createHealthEndpoints(createHealth(), { formats: [agentJson({ agentId: 'billing', environment: 'production' })] });
 * ```
 */
export function agentJson({ agentId, environment, metrics }: AgentJsonOptions): HealthFormat {
  return {
    mediaTypes: ['application/json'],
    live: true,
    render: (report) =>
      JSON.stringify({
        status: HEALTH_WORDS[report.state],
        agent_id: agentId,
        environment,
        health: {
          overall: HEALTH_WORDS[report.state].toUpperCase(),
          checks: report.checks.map(check),
          metrics: report.detailed ? (metrics?.() ?? {}) : {},
          alerts: report.alerts,
          recommendations: report.recommendations,
        },
        performance: performance(report),
      }),
  };
}

function check({ name, state, reason, message, durationMs, checkedAtMs }: CheckReport) {
  const status = HEALTH_WORDS[state].toUpperCase();
  return { name, status, message: message ?? reason, responseTime: durationMs, timestamp: checkedAtMs };
}

function performance({ requests, uptimeMs }: HealthReport) {
  return {
    responseTime: requests && responseTime(requests),
    uptime: Math.floor(uptimeMs / 1_000),
    requestCounts: requests && {
      total: requests.requests,
      success: requests.requests - requests.failures,
      failed: requests.failures,
      ...(requests.byProtocol && { byProtocol: requests.byProtocol }),
    },
    errorRate: requests && (requests.requests === 0 ? 0 : (100 * requests.failures) / requests.requests),
  };
}

function responseTime({ meanMs, p95Ms }: RequestStats) {
  return { average: meanMs, p95: p95Ms };
}
