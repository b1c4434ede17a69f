export type { Alert } from './alerts/alert.ts';
export type { AlertReading, AlertRule } from './alerts/alert-rule.ts';
export { standardAlerts, type StandardAlertsOptions } from './alerts/standard-alerts.ts';
export type {
  AlertSeverity,
  CheckContext,
  CheckOverrides,
  CheckResult,
  CheckTuning,
  HealthCheck,
  ProbeKind,
} from './check.ts';
export type { CheckReport, CheckStats } from './check-report.ts';
export { createHealth } from './create-health.ts';
export type {
  AlertRaised,
  AlertResolved,
  CheckChanged,
  DrainStarted,
  GroupChanged,
  HealthEvent,
} from './events.ts';
export type { StandardGroup } from './groups.ts';
export type { GroupName, Health } from './health.ts';
export type { HealthReport } from './health-report.ts';
export type { HealthOptions } from './options.ts';
export type { RequestStats } from './request-stats.ts';
export type { HealthState } from './state.ts';
export type { Transition } from './timeline.ts';
export type { WaitOptions } from './wait.ts';
export type { HealthEndpointsOptions, HealthRoute } from './endpoints/endpoint-options.ts';
export { standardRoutes } from './endpoints/endpoint-options.ts';
export type { FastifyHealthPlugin, FastifyLike, FastifyReplyLike } from './endpoints/fastify-plugin.ts';
export type { FetchHealthHandler, HonoHealthMiddleware } from './endpoints/fetch-handler.ts';
export { createHealthEndpoints, type HealthEndpoints } from './endpoints/health-endpoints.ts';
export type { HealthRequest } from './endpoints/health-request.ts';
export type { NodeHealthHandler } from './endpoints/node-handler.ts';
export { agentJson, type AgentJsonOptions } from './formats/agent-json.ts';
export { componentsJson } from './formats/components-json.ts';
export type { HealthFormat } from './formats/health-format.ts';
export { healthJson, type HealthJsonOptions } from './formats/health-json.ts';
export { microProfileJson } from './formats/micro-profile-json.ts';
export { plainText } from './formats/plain-text.ts';
export { serverJson, type ServerJsonOptions } from './formats/server-json.ts';
export { statusJson, type StatusJsonOptions } from './formats/status-json.ts';
export { closeServer, type CloseServerOptions } from './lifecycle/close-server.ts';
export { createLifecycle, type Lifecycle, type ShutdownReport } from './lifecycle/create-lifecycle.ts';
export type {
  LifecycleEvent,
  PhaseEnded,
  ShutdownEnded,
  ShutdownForced,
  ShutdownStarted,
} from './lifecycle/lifecycle-events.ts';
export type { LifecycleOptions, ProcessLike, StopSignal } from './lifecycle/lifecycle-options.ts';
export type { PhaseReport, ShutdownContext, ShutdownPhase } from './lifecycle/shutdown-phase.ts';
export { certificateExpiry, type CertificateExpiryOptions } from './checks/certificate-expiry.ts';
export {
  circuitBreakerCheck,
  type BreakerLike,
  type CircuitBreakerCheckOptions,
} from './checks/circuit-breaker-check.ts';
export { configurationCheck, type ConfigurationCheckOptions } from './checks/configuration-check.ts';
export { eventLoopCheck, type EventLoopCheckOptions } from './checks/event-loop-check.ts';
export type { EventLoopMonitor, EventLoopReading } from './checks/event-loop-clock.ts';
export { expiryCheck, type ExpiryCheckOptions, type ExpirySource } from './checks/expiry-check.ts';
export { filesystemCheck, type FilesystemCheckOptions } from './checks/filesystem-check.ts';
export { httpCheck, type HttpCheckOptions } from './checks/http-check.ts';
export type { HttpTarget } from './checks/http-target.ts';
export { mcpCheck, type McpCheckOptions } from './checks/mcp-check.ts';
export { memoryCheck, type MemoryCheckOptions, type MemoryReading } from './checks/memory-check.ts';
export { redisCheck, type RedisCheckOptions } from './checks/redis-check.ts';
export { requestCheck, type RequestCheckOptions } from './checks/request-check.ts';
export type { SlowOptions } from './checks/slow.ts';
export { sqlCheck, type SqlCheckOptions } from './checks/sql-check.ts';
export { tcpCheck, type TcpCheckOptions } from './checks/tcp-check.ts';
