// The public API of @holdfast/health, written by `npm run api`. A change here is a change for users.

declare module '@holdfast/health' {
  interface AgentJsonOptions {
    readonly agentId: string;
    readonly environment: string;
    readonly metrics?: (() => Readonly<Record<string, unknown>>) | undefined;
  }
  interface Alert {
    readonly name: string;
    readonly severity: AlertSeverity;
    readonly message: string;
    readonly recommendation?: string | undefined;
    readonly raisedAtMs: number;
    readonly resolvedAtMs?: number | undefined;
  }
  interface AlertRaised {
    readonly type: 'health.alert_raised';
    readonly alert: Alert;
    readonly again: boolean;
    readonly atMs: number;
  }
  interface AlertReading {
    readonly checks: readonly CheckReport[];
    readonly requests: RequestStats | undefined;
  }
  interface AlertResolved {
    readonly type: 'health.alert_resolved';
    readonly alert: Alert;
    readonly atMs: number;
  }
  interface AlertRule {
    readonly name: string;
    readonly severity: AlertSeverity;
    readonly condition: (reading: AlertReading) => string | undefined;
    readonly recommendation?: string | undefined;
  }
  type AlertSeverity = 'warning' | 'critical';
  interface BreakerLike {
    readonly name: string;
    readonly state: string;
  }
  interface CertificateExpiryOptions {
    readonly host: string;
    readonly port?: number | undefined;
    readonly servername?: string | undefined;
  }
  interface CheckChanged extends Transition {
    readonly type: 'health.check_changed';
    readonly check: string;
  }
  interface CheckContext {
    readonly signal: AbortSignal;
  }
  type CheckOverrides = Omit<HealthCheck, 'name' | 'run' | 'close'> & {
    readonly name?: string | undefined;
  };
  interface CheckReport {
    readonly name: string;
    readonly state: HealthState;
    readonly critical: boolean;
    readonly componentType: 'component' | 'datastore' | 'system';
    readonly reason?: string;
    readonly observedValue?: number | string;
    readonly observedUnit?: string;
    readonly details?: NonNullable<CheckResult['details']>;
    readonly message?: string;
    readonly error?: unknown;
    readonly durationMs?: number;
    readonly checkedAtMs?: number;
    readonly flapping: boolean;
  }
  interface CheckResult {
    readonly state: 'up' | 'degraded' | 'down';
    readonly reason?: string | undefined;
    readonly observedValue?: number | string | undefined;
    readonly observedUnit?: string | undefined;
    readonly details?: Readonly<Record<string, string | number | boolean>> | undefined;
  }
  interface CheckStats {
    readonly name: string;
    readonly state: HealthState;
    readonly runs: number;
    readonly failures: number;
    readonly timeouts: number;
    readonly lateResults: number;
    readonly abandoned: number;
    readonly transitions: number;
    readonly consecutiveFailures: number;
    readonly totalDurationMs: number;
    readonly lastDurationMs: number | undefined;
    readonly maxDurationMs: number;
    readonly availabilityRatio: number | undefined;
    readonly flapping: boolean;
    readonly history: readonly Transition[];
  }
  interface CheckTuning {
    readonly timeoutMs?: number | undefined;
    readonly ttlMs?: number | undefined;
    readonly staleMs?: number | undefined;
    readonly refreshMs?: number | undefined;
    readonly failureThreshold?: number | undefined;
    readonly successThreshold?: number | undefined;
  }
  interface CircuitBreakerCheckOptions extends CheckOverrides {
    readonly breakers: BreakerLike | Iterable<BreakerLike> | (() => Iterable<BreakerLike>);
  }
  interface CloseServerOptions {
    readonly name?: string | undefined;
    readonly budgetMs?: number | undefined;
    readonly endUpgraded?: (() => unknown) | undefined;
  }
  interface ConfigurationCheckOptions extends CheckOverrides {
    readonly required?: readonly string[] | undefined;
    readonly invalid?: (() => readonly string[]) | undefined;
    readonly settings?: Readonly<Record<string, unknown>> | undefined;
  }
  interface DrainStarted {
    readonly type: 'health.drain_started';
    readonly atMs: number;
  }
  interface EventLoopCheckOptions extends CheckOverrides {
    readonly degradedDelayMs?: number | undefined;
    readonly downDelayMs?: number | undefined;
    readonly degradedUtilization?: number | undefined;
    readonly monitor?: (() => EventLoopMonitor) | undefined;
  }
  interface EventLoopMonitor {
    read(): EventLoopReading;
    close(): void;
  }
  interface EventLoopReading {
    readonly p99DelayMs: number;
    readonly utilization: number;
  }
  interface ExpiryCheckOptions extends CheckOverrides {
    readonly expiresAtMs: ExpirySource;
    readonly warnMs?: number | undefined;
    readonly clock?: Clock | undefined;
  }
  type ExpirySource = (context: CheckContext) => number | undefined | PromiseLike<number | undefined>;
  type FastifyHealthPlugin = (instance: FastifyLike, options: unknown, done: () => void) => void;
  interface FastifyLike {
    get(
      path: string,
      handler: (
        request: {
          readonly raw: IncomingMessage;
        },
        reply: FastifyReplyLike,
      ) => Promise<unknown>,
    ): unknown;
  }
  interface FastifyReplyLike {
    code(status: number): unknown;
    headers(values: Record<string, string>): unknown;
    send(body: string): unknown;
  }
  type FetchHealthHandler = (request: Request) => Promise<Response | undefined>;
  interface FilesystemCheckOptions extends CheckOverrides {
    readonly path: string;
    readonly writable?: boolean | undefined;
    readonly minFreeRatio?: number | undefined;
    readonly minFreeBytes?: number | undefined;
  }
  interface GroupChanged {
    readonly type: 'health.group_changed';
    readonly group: string;
    readonly from: HealthState;
    readonly to: HealthState;
    readonly atMs: number;
  }
  type GroupName = StandardGroup | (string & {});
  interface Health extends EventSource<HealthEvent> {
    readonly groups: readonly string[];
    readonly version: number;
    readonly started: boolean;
    readonly draining: boolean;
    start(): Promise<void>;
    state(group?: GroupName): HealthState;
    report(group?: GroupName): HealthReport;
    refresh(group: GroupName): Promise<void> | undefined;
    check(group?: GroupName, options?: WaitOptions): Promise<HealthReport>;
    stats(): readonly CheckStats[];
    alertHistory(): readonly Alert[];
    drain(): void;
    close(): void;
    [Symbol.dispose](): void;
  }
  interface HealthCheck extends CheckTuning {
    readonly name: string;
    readonly run: (context: CheckContext) => CheckResult | void | PromiseLike<CheckResult | void>;
    readonly kinds?: readonly ProbeKind[] | undefined;
    readonly dependency?: boolean | undefined;
    readonly critical?: boolean | undefined;
    readonly alert?: AlertSeverity | 'none' | undefined;
    readonly componentType?: 'component' | 'datastore' | 'system' | undefined;
    readonly recommendation?: string | undefined;
    readonly close?: (() => void) | undefined;
  }
  interface HealthEndpoints {
    readonly node: NodeHealthHandler;
    readonly fastify: FastifyHealthPlugin;
    readonly hono: HonoHealthMiddleware;
    readonly fetch: FetchHealthHandler;
    readonly paths: readonly string[];
  }
  interface HealthEndpointsOptions {
    readonly routes?: Readonly<Record<string, HealthRoute>> | undefined;
    readonly prefix?: string | undefined;
    readonly formats?: readonly HealthFormat[] | undefined;
    readonly authorise?: ((request: HealthRequest) => boolean | PromiseLike<boolean>) | undefined;
    readonly waitMs?: number | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
  }
  type HealthEvent = CheckChanged | GroupChanged | DrainStarted | AlertRaised | AlertResolved;
  interface HealthFormat {
    readonly mediaTypes: readonly string[];
    readonly live?: boolean;
    render(report: HealthReport, stats: readonly CheckStats[]): string;
  }
  interface HealthJsonOptions {
    readonly version?: string | undefined;
    readonly releaseId?: string | undefined;
    readonly serviceId?: string | undefined;
    readonly description?: string | undefined;
  }
  interface HealthOptions {
    readonly checks?: readonly HealthCheck[] | undefined;
    readonly groups?: Readonly<Record<string, readonly string[]>> | undefined;
    readonly defaults?: CheckTuning | undefined;
    readonly maxConcurrent?: number | undefined;
    readonly historySize?: number | undefined;
    readonly flapTransitions?: number | undefined;
    readonly flapWindowMs?: number | undefined;
    readonly alerts?: readonly AlertRule[] | undefined;
    readonly alertCooldownMs?: number | undefined;
    readonly alertHistorySize?: number | undefined;
    readonly alertIntervalMs?: number | undefined;
    readonly requestStats?: (() => RequestStats | undefined) | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
    readonly clock?: Clock | undefined;
    readonly random?: (() => number) | undefined;
  }
  interface HealthReport {
    readonly group: string;
    readonly state: HealthState;
    readonly reason?: 'starting' | 'draining';
    readonly detailed: boolean;
    readonly atMs: number;
    readonly uptimeMs: number;
    readonly checks: readonly CheckReport[];
    readonly alerts: readonly Alert[];
    readonly requests?: RequestStats;
    readonly recommendations: readonly string[];
  }
  interface HealthRequest {
    readonly method: string;
    readonly path: string;
    readonly header: (name: string) => string | undefined;
    readonly raw: unknown;
  }
  interface HealthRoute {
    readonly group: GroupName;
    readonly formats?: readonly HealthFormat[] | undefined;
  }
  type HealthState = 'up' | 'degraded' | 'down' | 'unknown';
  type HonoHealthMiddleware = (
    context: {
      readonly req: {
        readonly raw: Request;
      };
    },
    next: () => Promise<void>,
  ) => Promise<Response | undefined>;
  interface HttpCheckOptions extends CheckOverrides, HttpTarget {
    readonly method?: string | undefined;
    readonly accepts?: ((response: Response) => boolean | PromiseLike<boolean>) | undefined;
  }
  interface HttpTarget extends SlowOptions {
    readonly url: string | URL;
    readonly headers?: Readonly<Record<string, string>> | undefined;
    readonly fetch?: typeof globalThis.fetch | undefined;
  }
  interface Lifecycle extends EventSource<LifecycleEvent> {
    readonly state: 'running' | 'draining' | 'stopping' | 'stopped';
    add(phase: ShutdownPhase): void;
    listen(): void;
    shutdown(cause?: string): Promise<ShutdownReport>;
    close(): void;
  }
  type LifecycleEvent = ShutdownStarted | PhaseEnded | ShutdownEnded | ShutdownForced;
  interface LifecycleOptions {
    readonly health?:
      | {
          drain(): void;
          close(): void;
        }
      | undefined;
    readonly phases?: readonly ShutdownPhase[] | undefined;
    readonly drainDelayMs?: number | undefined;
    readonly budgetMs?: number | undefined;
    readonly signals?: readonly StopSignal[] | undefined;
    readonly process?: ProcessLike | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
    readonly clock?: Clock | undefined;
  }
  interface McpCheckOptions extends CheckOverrides, HttpTarget {
    readonly method?: 'initialize' | 'server/discover' | undefined;
  }
  interface MemoryCheckOptions extends CheckOverrides {
    readonly degradedRatio?: number | undefined;
    readonly downRatio?: number | undefined;
    readonly read?: (() => MemoryReading) | undefined;
  }
  interface MemoryReading {
    readonly heapUsed: number;
    readonly heapLimit: number;
    readonly rss: number;
    readonly memoryLimit: number;
  }
  type NodeHealthHandler = (
    request: IncomingMessage,
    response: ServerResponse,
    next?: (error?: unknown) => void,
  ) => void;
  interface PhaseEnded extends PhaseReport {
    readonly type: 'shutdown.phase_ended';
    readonly atMs: number;
  }
  interface PhaseReport {
    readonly phase: string;
    readonly outcome: 'done' | 'failed' | 'timed-out' | 'skipped';
    readonly durationMs: number;
    readonly error?: unknown;
  }
  type ProbeKind = 'liveness' | 'readiness' | 'startup';
  interface ProcessLike {
    on(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
    off(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
    exit(code: number): unknown;
  }
  interface RedisCheckOptions extends CheckOverrides, SlowOptions {
    readonly client: {
      ping(): PromiseLike<unknown>;
    };
  }
  interface RequestCheckOptions extends CheckOverrides {
    readonly requestStats: () => RequestStats | undefined;
    readonly degradedErrorRatio?: number | undefined;
    readonly downErrorRatio?: number | undefined;
    readonly degradedMeanMs?: number | undefined;
    readonly minRequests?: number | undefined;
  }
  interface RequestStats {
    readonly requests: number;
    readonly failures: number;
    readonly meanMs: number;
    readonly p95Ms?: number | undefined;
    readonly windowMs?: number | undefined;
    readonly byProtocol?: Readonly<Record<string, number>> | undefined;
  }
  interface ServerJsonOptions {
    readonly figures?: (() => Readonly<Record<string, string | number | boolean>>) | undefined;
  }
  interface ShutdownContext {
    readonly signal: AbortSignal;
  }
  interface ShutdownEnded {
    readonly type: 'shutdown.ended';
    readonly code: number;
    readonly durationMs: number;
    readonly atMs: number;
  }
  interface ShutdownForced {
    readonly type: 'shutdown.forced';
    readonly cause: string;
    readonly atMs: number;
  }
  interface ShutdownPhase {
    readonly name: string;
    readonly run: (context: ShutdownContext) => unknown;
    readonly budgetMs?: number | undefined;
    readonly onDrain?: (() => void) | undefined;
  }
  interface ShutdownReport {
    readonly cause: string;
    readonly code: number;
    readonly durationMs: number;
    readonly phases: readonly PhaseReport[];
  }
  interface ShutdownStarted {
    readonly type: 'shutdown.started';
    readonly cause: string;
    readonly atMs: number;
  }
  interface SlowOptions {
    readonly slowMs?: number | undefined;
    readonly clock?: Clock | undefined;
  }
  interface SqlCheckOptions extends CheckOverrides, SlowOptions {
    readonly client: {
      query(statement: string): PromiseLike<unknown>;
    };
    readonly statement?: string | undefined;
  }
  interface StandardAlertsOptions {
    readonly maxErrorRatio?: number | undefined;
    readonly maxMeanMs?: number | undefined;
    readonly maxHeapRatio?: number | undefined;
    readonly minRequests?: number | undefined;
    readonly heapRatio?: (() => number) | undefined;
  }
  type StandardGroup = ProbeKind | 'overall';
  interface StatusJsonOptions {
    readonly figures?: (() => Readonly<Record<string, unknown>>) | undefined;
  }
  type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGQUIT';
  interface TcpCheckOptions extends CheckOverrides, SlowOptions {
    readonly host: string;
    readonly port: number;
  }
  interface Transition {
    readonly atMs: number;
    readonly from: HealthState;
    readonly to: HealthState;
    readonly reason: string | undefined;
  }
  interface WaitOptions {
    readonly signal?: AbortSignal | undefined;
    readonly waitMs?: number | undefined;
  }
  function agentJson({ agentId, environment, metrics }: AgentJsonOptions): HealthFormat;
  function certificateExpiry(options: CertificateExpiryOptions): ExpirySource;
  function circuitBreakerCheck(options: CircuitBreakerCheckOptions): HealthCheck;
  function closeServer(server: Server, options?: CloseServerOptions): ShutdownPhase;
  function componentsJson(): HealthFormat;
  function configurationCheck(options?: ConfigurationCheckOptions): HealthCheck;
  function createHealth(options?: HealthOptions): Health;
  function createHealthEndpoints(health: Health, options?: HealthEndpointsOptions): HealthEndpoints;
  function createLifecycle(options?: LifecycleOptions): Lifecycle;
  function eventLoopCheck(options?: EventLoopCheckOptions): HealthCheck;
  function expiryCheck(options: ExpiryCheckOptions): HealthCheck;
  function filesystemCheck(options: FilesystemCheckOptions): HealthCheck;
  function healthJson(options?: HealthJsonOptions): HealthFormat;
  function httpCheck(options: HttpCheckOptions): HealthCheck;
  function mcpCheck(options: McpCheckOptions): HealthCheck;
  function memoryCheck(options?: MemoryCheckOptions): HealthCheck;
  function microProfileJson(): HealthFormat;
  function plainText(): HealthFormat;
  function redisCheck(options: RedisCheckOptions): HealthCheck;
  function requestCheck(options: RequestCheckOptions): HealthCheck;
  function serverJson({ figures }?: ServerJsonOptions): HealthFormat;
  function sqlCheck(options: SqlCheckOptions): HealthCheck;
  function standardAlerts(options?: StandardAlertsOptions): readonly AlertRule[];
  const standardRoutes: Readonly<Record<string, HealthRoute>>;
  function statusJson({ figures }?: StatusJsonOptions): HealthFormat;
  function tcpCheck(options: TcpCheckOptions): HealthCheck;
  export {
    AgentJsonOptions,
    Alert,
    AlertRaised,
    AlertReading,
    AlertResolved,
    AlertRule,
    AlertSeverity,
    BreakerLike,
    CertificateExpiryOptions,
    CheckChanged,
    CheckContext,
    CheckOverrides,
    CheckReport,
    CheckResult,
    CheckStats,
    CheckTuning,
    CircuitBreakerCheckOptions,
    CloseServerOptions,
    ConfigurationCheckOptions,
    DrainStarted,
    EventLoopCheckOptions,
    EventLoopMonitor,
    EventLoopReading,
    ExpiryCheckOptions,
    ExpirySource,
    FastifyHealthPlugin,
    FastifyLike,
    FastifyReplyLike,
    FetchHealthHandler,
    FilesystemCheckOptions,
    GroupChanged,
    GroupName,
    Health,
    HealthCheck,
    HealthEndpoints,
    HealthEndpointsOptions,
    HealthEvent,
    HealthFormat,
    HealthJsonOptions,
    HealthOptions,
    HealthReport,
    HealthRequest,
    HealthRoute,
    HealthState,
    HonoHealthMiddleware,
    HttpCheckOptions,
    HttpTarget,
    Lifecycle,
    LifecycleEvent,
    LifecycleOptions,
    McpCheckOptions,
    MemoryCheckOptions,
    MemoryReading,
    NodeHealthHandler,
    PhaseEnded,
    PhaseReport,
    ProbeKind,
    ProcessLike,
    RedisCheckOptions,
    RequestCheckOptions,
    RequestStats,
    ServerJsonOptions,
    ShutdownContext,
    ShutdownEnded,
    ShutdownForced,
    ShutdownPhase,
    ShutdownReport,
    ShutdownStarted,
    SlowOptions,
    SqlCheckOptions,
    StandardAlertsOptions,
    StandardGroup,
    StatusJsonOptions,
    StopSignal,
    TcpCheckOptions,
    Transition,
    WaitOptions,
    agentJson,
    certificateExpiry,
    circuitBreakerCheck,
    closeServer,
    componentsJson,
    configurationCheck,
    createHealth,
    createHealthEndpoints,
    createLifecycle,
    eventLoopCheck,
    expiryCheck,
    filesystemCheck,
    healthJson,
    httpCheck,
    mcpCheck,
    memoryCheck,
    microProfileJson,
    plainText,
    redisCheck,
    requestCheck,
    serverJson,
    sqlCheck,
    standardAlerts,
    standardRoutes,
    statusJson,
    tcpCheck,
  };
}
