// The public API of @holdfast/metrics, written by `npm run api`. A change here is a change for users.

declare module '@holdfast/metrics' {
  interface BoundCounter {
    readonly value: number;
    inc(amount?: number): void;
  }
  interface BoundGauge {
    readonly value: number;
    set(value: number): void;
    inc(amount?: number): void;
    dec(amount?: number): void;
  }
  interface BoundHistogram {
    readonly count: number;
    readonly sum: number;
    observe(value: number): void;
    startTimer(): Timing;
  }
  interface BudgetLike {
    withdraw(cause: unknown, attributes: Readonly<Record<string, string>>): number;
    record(ok: boolean, price: number, attributes: Readonly<Record<string, string>>): void;
  }
  interface CallMetricsOptions {
    readonly name: string;
    readonly buckets?: readonly number[] | undefined;
  }
  interface Counter<Names extends LabelNames = readonly [], Sets = unknown> {
    with(...values: ValuesOf<Names, Sets>): BoundCounter;
    inc(...args: LabelledArgs<Names, Sets, readonly [amount?: number]>): void;
    init(...combinations: readonly LabelsOf<Names, Sets>[]): void;
    remove(labels: Partial<LabelsOf<Names, Sets>>): number;
    reset(): void;
  }
  interface CounterActivity {
    readonly labels: Readonly<Record<string, string>>;
    readonly total: number;
    readonly recent: number;
    readonly perSecond: number;
  }
  const DURATION_BUCKETS: readonly number[];
  interface DistributionSnapshot {
    readonly labels: Readonly<Record<string, string>>;
    readonly count: number;
    readonly sum: number;
    readonly buckets: readonly number[];
    readonly native?: NativeSnapshot;
  }
  type ExemplarSource = () => Readonly<Record<string, string>> | undefined;
  interface Exposition {
    readonly contentType: string;
    readonly body: ReturnType<typeof Buffer.alloc>;
  }
  interface FastifyInstanceLike {
    addHook(name: 'onRequest', hook: OnRequest): unknown;
  }
  type FastifyPluginLike = (fastify: FastifyInstanceLike, options: unknown, done: () => void) => void;
  interface Gauge<Names extends LabelNames = readonly [], Sets = unknown> {
    with(...values: ValuesOf<Names, Sets>): BoundGauge;
    set(...args: LabelledArgs<Names, Sets, readonly [value: number]>): void;
    inc(...args: LabelledArgs<Names, Sets, readonly [amount?: number]>): void;
    dec(...args: LabelledArgs<Names, Sets, readonly [amount?: number]>): void;
    init(...combinations: readonly LabelsOf<Names, Sets>[]): void;
    remove(labels: Partial<LabelsOf<Names, Sets>>): number;
    reset(): void;
  }
  interface Histogram<Names extends LabelNames = readonly [], Sets = unknown> {
    with(...values: ValuesOf<Names, Sets>): BoundHistogram;
    observe(...args: LabelledArgs<Names, Sets, readonly [value: number]>): void;
    startTimer(...args: LabelledArgs<Names, Sets, readonly []>): Timing;
    time<T>(...args: LabelledArgs<Names, Sets, readonly [run: () => T]>): T;
    init(...combinations: readonly LabelsOf<Names, Sets>[]): void;
    remove(labels: Partial<LabelsOf<Names, Sets>>): number;
    reset(): void;
  }
  interface HistogramActivity {
    readonly labels: Readonly<Record<string, string>>;
    readonly total: number;
    readonly recent: number;
    readonly perSecond: number;
    readonly mean: number | undefined;
    readonly p50: number | undefined;
    readonly p95: number | undefined;
    readonly p99: number | undefined;
  }
  interface HistogramOptions<
    Names extends LabelNames = LabelNames,
    Sets extends ValueSets = ValueSets,
  > extends InstrumentOptions<Names, Sets> {
    readonly buckets?: readonly number[] | undefined;
    readonly native?: NativeBucketsOptions | undefined;
    readonly exemplar?: ExemplarSource | undefined;
  }
  interface HistoryReport {
    readonly intervalMs: number;
    readonly atMs: readonly number[];
    readonly series: readonly HistorySeries[];
  }
  interface HistorySeries {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly points: Readonly<Record<string, readonly (number | null)[]>>;
  }
  interface HonoContextLike {
    readonly req: {
      readonly method: string;
      readonly routeIndex: number;
      readonly matchedRoutes: readonly MatchedRoute[];
      readonly raw: {
        readonly signal: AbortSignal;
      };
      header(name: string): string | undefined;
    };
    readonly res: {
      readonly status: number;
      readonly headers: {
        get(name: string): string | null;
      };
    };
    readonly env?: unknown;
  }
  interface HttpMetricsOptions {
    readonly buckets?: readonly number[] | undefined;
    readonly bodySizes?: boolean | undefined;
  }
  interface InstrumentOptions<Names extends LabelNames = LabelNames, Sets extends ValueSets = ValueSets> {
    readonly name: string;
    readonly help: string;
    readonly labels?: Names | undefined;
    readonly values?: Sets | undefined;
    readonly normalize?: Normalizers | undefined;
    readonly limit?: number | undefined;
    readonly ttlMs?: number | undefined;
    readonly maxValueLength?: number | undefined;
  }
  type LabelNames = readonly string[];
  type LabelValue = string | number;
  type LabelledArgs<
    Names extends LabelNames,
    Sets,
    Rest extends readonly unknown[],
  > = Names extends readonly [] ? Rest : readonly [labels: LabelsOf<Names, Sets>, ...rest: Rest];
  type LabelsOf<Names extends LabelNames, Sets> = {
    readonly [Name in Names[number]]: ValueOf<Name, Sets>;
  };
  type MetricActivity =
    | {
        readonly type: 'gauge';
        readonly series: readonly {
          labels: Readonly<Record<string, string>>;
          value: number;
        }[];
      }
    | ({
        readonly type: 'counter';
        readonly series: readonly CounterActivity[];
      } & Omit<CounterActivity, 'labels'>)
    | ({
        readonly type: 'histogram';
        readonly series: readonly HistogramActivity[];
      } & Omit<HistogramActivity, 'labels'>);
  interface MetricRegistry {
    readonly contentType?: string;
    registerMetric(metric: never): void;
    getSingleMetric(name: string): unknown;
    getMetricsAsArray(): readonly unknown[];
    removeSingleMetric(name: string): void;
  }
  type MetricSnapshot =
    | {
        readonly type: 'counter' | 'gauge';
        readonly name: string;
        readonly help: string;
        readonly series: readonly ValueSnapshot[];
      }
    | {
        readonly type: 'histogram';
        readonly name: string;
        readonly help: string;
        readonly bounds: readonly number[];
        readonly series: readonly DistributionSnapshot[];
      };
  interface Metrics {
    readonly registry: MetricRegistry;
    readonly clock: Clock;
    counter<const Names extends LabelNames = readonly [], const Sets extends ValueSets = NoSets>(
      options: InstrumentOptions<Names, Sets>,
    ): Counter<Names, Sets>;
    gauge<const Names extends LabelNames = readonly [], const Sets extends ValueSets = NoSets>(
      options: InstrumentOptions<Names, Sets>,
    ): Gauge<Names, Sets>;
    histogram<const Names extends LabelNames = readonly [], const Sets extends ValueSets = NoSets>(
      options: HistogramOptions<Names, Sets>,
    ): Histogram<Names, Sets>;
    onCollect(hook: () => void): () => void;
    expose(accept?: string): Promise<Exposition>;
    snapshot(): readonly MetricSnapshot[];
  }
  interface MetricsEndpoint {
    handle(request: IncomingMessage, response: ServerResponse): void;
    fetch(request: Request): Promise<Response>;
  }
  interface MetricsOptions {
    readonly registry?: MetricRegistry | undefined;
    readonly seriesLimit?: number | undefined;
    readonly onOverflow?: ((metric: string) => void) | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
    readonly sliceMs?: number | undefined;
    readonly exposeCreated?: boolean | undefined;
    readonly clock?: Clock | undefined;
  }
  interface NativeBucketsOptions {
    readonly schema?: number | undefined;
    readonly maxBuckets?: number | undefined;
    readonly zeroThreshold?: number | undefined;
    readonly resetMs?: number | undefined;
  }
  interface NativeSnapshot {
    readonly schema: number;
    readonly zeroThreshold: number;
    readonly zeroCount: number;
    readonly positive: readonly (readonly [index: number, count: number])[];
    readonly negative: readonly (readonly [index: number, count: number])[];
  }
  type Normalizers = Readonly<Record<string, (value: string) => string>>;
  const OTHER_VALUE = '_OTHER';
  interface ObserveOptions {
    readonly name?: string | undefined;
  }
  type ObserveRequest = (request: IncomingMessage, response: ServerResponse, next?: () => void) => void;
  type Observed =
    | ObservedStrategy
    | ObservedRegistry
    | ObservedHealth
    | ObservedAuditLog
    | ObservedAuditSink
    | ObservedBroker
    | ObservedTokenManager;
  interface ObservedAuditLog {
    stats(): {
      readonly state?: string;
      readonly appended: number;
      readonly pending: number;
    };
  }
  interface ObservedAuditSink {
    stats(): {
      readonly name: string;
      readonly lag: number;
      readonly delivered: number;
    };
  }
  interface ObservedBroker {
    readonly closed?: boolean;
    stats(): {
      readonly issued: Readonly<Record<string, number>>;
      readonly denied: Readonly<Record<string, number>>;
      readonly redeemed?: Readonly<Record<string, number>>;
      readonly revoked?: Readonly<Record<string, number>>;
      readonly expired?: Readonly<Record<string, number>>;
      readonly active?: Readonly<Record<string, number>>;
    };
  }
  interface ObservedEvent {
    readonly type: string;
  }
  interface ObservedHealth {
    readonly groups: readonly string[];
    readonly draining: boolean;
    readonly closed?: boolean;
    stats(): readonly {
      readonly name: string;
    }[];
    state(group: string): string;
    report(): {
      readonly alerts: readonly {
        readonly severity: string;
      }[];
    };
    subscribe(listener: (event: ObservedEvent) => void): () => void;
  }
  interface ObservedRegistry extends Iterable<ObservedStrategy> {
    subscribe?(
      listener: (
        event: ObservedEvent & {
          readonly strategy?: string;
        },
      ) => void,
    ): () => void;
  }
  interface ObservedStrategy {
    readonly name: string;
    stats(): object;
    subscribe?(
      listener: (
        event: ObservedEvent & {
          readonly strategy?: string;
        },
      ) => void,
    ): () => void;
  }
  interface ObservedTokenManager {
    stats(): {
      readonly valid: number;
      readonly expired: number;
      readonly refreshed: number;
      readonly yielded: number;
    };
  }
  interface Reports {
    summary(): SummaryReport;
    history(hours?: number): HistoryReport;
    requestStats(): RequestStats | undefined;
    close(): void;
  }
  interface ReportsOptions {
    readonly intervalMs?: number | undefined;
    readonly windowMs?: number | undefined;
    readonly history?: readonly string[] | undefined;
    readonly retentionMs?: number | undefined;
    readonly maxSeries?: number | undefined;
  }
  interface RequestStats {
    readonly requests: number;
    readonly failures: number;
    readonly successRatio: number;
    readonly meanMs: number;
    readonly p50Ms: number | undefined;
    readonly p95Ms: number | undefined;
    readonly p99Ms: number | undefined;
    readonly windowMs: number;
  }
  type RouteOf<Request> = (request: Request) => string | undefined;
  const SIZE_BUCKETS: readonly number[];
  interface SummaryReport {
    readonly atMs: number;
    readonly windowMs: number;
    readonly requests: RequestStats | undefined;
    readonly metrics: Readonly<Record<string, MetricActivity>>;
  }
  interface Timing extends Disposable {
    stop(): number;
    around<T>(run: () => T): T;
  }
  interface TraceApi {
    getActiveSpan():
      | {
          spanContext(): {
            readonly traceId: string;
            readonly spanId: string;
            readonly traceFlags: number;
          };
        }
      | undefined;
  }
  type ValueSets = Readonly<Record<string, readonly string[]>>;
  interface ValueSnapshot {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
  }
  type ValuesOf<Names extends LabelNames, Sets> = {
    readonly [Index in keyof Names]: ValueOf<Names[Index], Sets>;
  };
  function batchMetrics(metrics: Metrics): {
    size: Histogram<readonly ['queue'], {}>;
    duration: Histogram<
      readonly ['queue', 'outcome'],
      {
        readonly outcome: readonly ['success', 'failure'];
      }
    >;
    waiting: Gauge<readonly ['queue'], {}>;
  };
  function budgetMetrics(metrics: Metrics, name: string, budget: BudgetLike): BudgetLike;
  function cacheMetrics(metrics: Metrics): {
    requests: Counter<
      readonly ['cache', 'result'],
      {
        readonly result: readonly ['hit', 'stale', 'miss'];
      }
    >;
    operations: Histogram<
      readonly ['cache', 'operation'],
      {
        readonly operation: readonly ['get', 'set', 'delete'];
      }
    >;
    entries: Gauge<readonly ['cache'], {}>;
  };
  function callMetrics(metrics: Metrics, options: CallMetricsOptions): Strategy;
  function createMetrics(options?: MetricsOptions): Metrics;
  function createReports(metrics: Metrics, options?: ReportsOptions): Reports;
  function databaseMetrics(metrics: Metrics): {
    operations: Histogram<readonly ['db_operation_name', 'error_type'], {}>;
    connections: Gauge<
      readonly ['pool', 'state'],
      {
        readonly state: readonly ['idle', 'used'];
      }
    >;
    pending: Gauge<readonly ['pool'], {}>;
    connectionErrors: Counter<readonly ['pool'], {}>;
  };
  function exponentialBuckets(start: number, factor: number, count: number): number[];
  function expressMetrics(metrics: Metrics, options?: HttpMetricsOptions): ObserveRequest;
  function fastifyMetrics(metrics: Metrics, options?: HttpMetricsOptions): FastifyPluginLike;
  function honoMetrics(metrics: Metrics, options?: HttpMetricsOptions): HonoMiddleware;
  const httpMetricsDefaults: {
    readonly buckets: readonly number[];
    readonly bodySizes: true;
  };
  function mcpMetrics(metrics: Metrics): {
    connections: Gauge<readonly [], {}>;
    connectionErrors: Counter<readonly [], {}>;
    operations: Histogram<readonly ['mcp_method_name', 'error_type'], {}>;
  };
  const metricsDefaults: {
    readonly seriesLimit: 2000;
    readonly onListenerError: ListenerErrorHandler;
    readonly sliceMs: 2;
    readonly exposeCreated: false;
    readonly clock: Clock;
  };
  function metricsEndpoint(metrics: Pick<Metrics, 'expose'>, reports?: Reports): MetricsEndpoint;
  const nativeDefaults: {
    readonly schema: 3;
    readonly maxBuckets: 160;
    readonly zeroThreshold: number;
    readonly resetMs: number;
  };
  function nodeHttpMetrics(
    metrics: Metrics,
    options?: HttpMetricsOptions,
    routeOf?: RouteOf<IncomingMessage>,
  ): ObserveRequest;
  function observe(metrics: Metrics, source: Observed, options?: ObserveOptions): () => void;
  function processMetrics(metrics: Metrics): () => void;
  function protocolMetrics(metrics: Metrics): {
    duration: Histogram<
      readonly ['protocol', 'operation', 'outcome'],
      {
        readonly protocol: readonly ['mcp', 'a2a', 'acp', 'http', 'grpc'];
        readonly outcome: readonly ['success', 'failure'];
      }
    >;
  };
  const reportsDefaults: {
    readonly intervalMs: 30000;
    readonly windowMs: 300000;
    readonly history: readonly ['http_server_request_duration_seconds'];
    readonly retentionMs: 86400000;
    readonly maxSeries: 100;
  };
  function sessionMetrics(metrics: Metrics): {
    created: Counter<readonly [], {}>;
    ended: Counter<
      readonly ['reason'],
      {
        readonly reason: readonly ['deleted', 'expired', 'failed'];
      }
    >;
    active: Gauge<readonly [], {}>;
    duration: Histogram<readonly [], {}>;
  };
  function spanExemplar(trace: TraceApi): ExemplarSource;
  function templatePath(path: string): string;
  function tokenMetrics(metrics: Metrics): {
    issued: Counter<
      readonly ['resource_type'],
      {
        readonly resource_type: readonly ['database', 'api', 'ssh', 'generic'];
      }
    >;
    redeemed: Counter<
      readonly ['resource_type'],
      {
        readonly resource_type: readonly ['database', 'api', 'ssh', 'generic'];
      }
    >;
    refused: Counter<
      readonly ['resource_type'],
      {
        readonly resource_type: readonly ['database', 'api', 'ssh', 'generic'];
      }
    >;
    ended: Counter<
      readonly ['resource_type', 'reason'],
      {
        readonly reason: readonly ['expired', 'revoked'];
        readonly resource_type: readonly ['database', 'api', 'ssh', 'generic'];
      }
    >;
    active: Gauge<
      readonly ['resource_type'],
      {
        readonly resource_type: readonly ['database', 'api', 'ssh', 'generic'];
      }
    >;
    ttl: Histogram<
      readonly ['resource_type'],
      {
        readonly resource_type: readonly ['database', 'api', 'ssh', 'generic'];
      }
    >;
  };
  // Not exported, but part of the types above.
  interface FastifyRequest {
    readonly raw: object;
    readonly routeOptions: {
      readonly url?: string | undefined;
    };
  }
  type HonoMiddleware = (context: HonoContextLike, next: () => Promise<void>) => Promise<void>;
  interface MatchedRoute {
    readonly path: string;
    readonly method: string;
    readonly handler: {
      readonly length: number;
    };
  }
  type NoSets = Record<never, never>;
  type OnRequest = (
    request: FastifyRequest,
    reply: {
      readonly raw: object;
    },
    done: () => void,
  ) => void;
  type ValueOf<Name, Sets> = Name extends keyof Sets
    ? Sets[Name] extends readonly (infer Value)[]
      ? Value
      : LabelValue
    : LabelValue;
  export {
    BoundCounter,
    BoundGauge,
    BoundHistogram,
    BudgetLike,
    CallMetricsOptions,
    Counter,
    CounterActivity,
    DURATION_BUCKETS,
    DistributionSnapshot,
    ExemplarSource,
    Exposition,
    FastifyInstanceLike,
    FastifyPluginLike,
    Gauge,
    Histogram,
    HistogramActivity,
    HistogramOptions,
    HistoryReport,
    HistorySeries,
    HonoContextLike,
    HttpMetricsOptions,
    InstrumentOptions,
    LabelNames,
    LabelValue,
    LabelledArgs,
    LabelsOf,
    MetricActivity,
    MetricRegistry,
    MetricSnapshot,
    Metrics,
    MetricsEndpoint,
    MetricsOptions,
    NativeBucketsOptions,
    NativeSnapshot,
    Normalizers,
    OTHER_VALUE,
    ObserveOptions,
    ObserveRequest,
    Observed,
    ObservedAuditLog,
    ObservedAuditSink,
    ObservedBroker,
    ObservedEvent,
    ObservedHealth,
    ObservedRegistry,
    ObservedStrategy,
    ObservedTokenManager,
    Reports,
    ReportsOptions,
    RequestStats,
    RouteOf,
    SIZE_BUCKETS,
    SummaryReport,
    Timing,
    TraceApi,
    ValueSets,
    ValueSnapshot,
    ValuesOf,
    batchMetrics,
    budgetMetrics,
    cacheMetrics,
    callMetrics,
    createMetrics,
    createReports,
    databaseMetrics,
    exponentialBuckets,
    expressMetrics,
    fastifyMetrics,
    honoMetrics,
    httpMetricsDefaults,
    mcpMetrics,
    metricsDefaults,
    metricsEndpoint,
    nativeDefaults,
    nodeHttpMetrics,
    observe,
    processMetrics,
    protocolMetrics,
    reportsDefaults,
    sessionMetrics,
    spanExemplar,
    templatePath,
    tokenMetrics,
  };
}

declare module '@holdfast/metrics/cluster' {
  type Aggregator = 'sum' | 'first' | 'min' | 'max' | 'average' | 'omit';
  interface ClusterMetrics {
    expose(accept?: string): Promise<Exposition>;
    watch(thread: Worker): void;
    stats(): ClusterStats;
    close(): void;
  }
  interface ClusterMetricsOptions {
    readonly metrics?: Pick<Metrics, 'registry'> | undefined;
    readonly timeoutMs?: number | undefined;
    readonly aggregators?: Readonly<Record<string, Aggregator>> | undefined;
    readonly seriesLimit?: number | undefined;
    readonly clock?: Clock | undefined;
  }
  interface ClusterStats {
    readonly workers: number;
    readonly late: number;
    readonly timeouts: number;
    readonly exits: number;
  }
  interface SharedMetrics {
    close(): Promise<void>;
  }
  const clusterMetricsDefaults: {
    readonly timeoutMs: 1000;
    readonly aggregators: {};
    readonly seriesLimit: 10000;
    readonly clock: Clock;
  };
  function createClusterMetrics(options?: ClusterMetricsOptions): ClusterMetrics;
  function shareMetrics(metrics: Pick<Metrics, 'registry'>): SharedMetrics;
  // Not exported, but part of the types above.
  interface BoundCounter {
    readonly value: number;
    inc(amount?: number): void;
  }
  interface BoundGauge {
    readonly value: number;
    set(value: number): void;
    inc(amount?: number): void;
    dec(amount?: number): void;
  }
  interface BoundHistogram {
    readonly count: number;
    readonly sum: number;
    observe(value: number): void;
    startTimer(): Timing;
  }
  interface Counter<Names extends LabelNames = readonly [], Sets = unknown> {
    with(...values: ValuesOf<Names, Sets>): BoundCounter;
    inc(...args: LabelledArgs<Names, Sets, readonly [amount?: number]>): void;
    init(...combinations: readonly LabelsOf<Names, Sets>[]): void;
    remove(labels: Partial<LabelsOf<Names, Sets>>): number;
    reset(): void;
  }
  interface DistributionSnapshot {
    readonly labels: Readonly<Record<string, string>>;
    readonly count: number;
    readonly sum: number;
    readonly buckets: readonly number[];
    readonly native?: NativeSnapshot;
  }
  type ExemplarSource = () => Readonly<Record<string, string>> | undefined;
  interface Exposition {
    readonly contentType: string;
    readonly body: ReturnType<typeof Buffer.alloc>;
  }
  interface Gauge<Names extends LabelNames = readonly [], Sets = unknown> {
    with(...values: ValuesOf<Names, Sets>): BoundGauge;
    set(...args: LabelledArgs<Names, Sets, readonly [value: number]>): void;
    inc(...args: LabelledArgs<Names, Sets, readonly [amount?: number]>): void;
    dec(...args: LabelledArgs<Names, Sets, readonly [amount?: number]>): void;
    init(...combinations: readonly LabelsOf<Names, Sets>[]): void;
    remove(labels: Partial<LabelsOf<Names, Sets>>): number;
    reset(): void;
  }
  interface Histogram<Names extends LabelNames = readonly [], Sets = unknown> {
    with(...values: ValuesOf<Names, Sets>): BoundHistogram;
    observe(...args: LabelledArgs<Names, Sets, readonly [value: number]>): void;
    startTimer(...args: LabelledArgs<Names, Sets, readonly []>): Timing;
    time<T>(...args: LabelledArgs<Names, Sets, readonly [run: () => T]>): T;
    init(...combinations: readonly LabelsOf<Names, Sets>[]): void;
    remove(labels: Partial<LabelsOf<Names, Sets>>): number;
    reset(): void;
  }
  interface HistogramOptions<
    Names extends LabelNames = LabelNames,
    Sets extends ValueSets = ValueSets,
  > extends InstrumentOptions<Names, Sets> {
    readonly buckets?: readonly number[] | undefined;
    readonly native?: NativeBucketsOptions | undefined;
    readonly exemplar?: ExemplarSource | undefined;
  }
  interface InstrumentOptions<Names extends LabelNames = LabelNames, Sets extends ValueSets = ValueSets> {
    readonly name: string;
    readonly help: string;
    readonly labels?: Names | undefined;
    readonly values?: Sets | undefined;
    readonly normalize?: Normalizers | undefined;
    readonly limit?: number | undefined;
    readonly ttlMs?: number | undefined;
    readonly maxValueLength?: number | undefined;
  }
  type LabelNames = readonly string[];
  type LabelValue = string | number;
  type LabelledArgs<
    Names extends LabelNames,
    Sets,
    Rest extends readonly unknown[],
  > = Names extends readonly [] ? Rest : readonly [labels: LabelsOf<Names, Sets>, ...rest: Rest];
  type LabelsOf<Names extends LabelNames, Sets> = {
    readonly [Name in Names[number]]: ValueOf<Name, Sets>;
  };
  interface MetricRegistry {
    readonly contentType?: string;
    registerMetric(metric: never): void;
    getSingleMetric(name: string): unknown;
    getMetricsAsArray(): readonly unknown[];
    removeSingleMetric(name: string): void;
  }
  type MetricSnapshot =
    | {
        readonly type: 'counter' | 'gauge';
        readonly name: string;
        readonly help: string;
        readonly series: readonly ValueSnapshot[];
      }
    | {
        readonly type: 'histogram';
        readonly name: string;
        readonly help: string;
        readonly bounds: readonly number[];
        readonly series: readonly DistributionSnapshot[];
      };
  interface Metrics {
    readonly registry: MetricRegistry;
    readonly clock: Clock;
    counter<const Names extends LabelNames = readonly [], const Sets extends ValueSets = NoSets>(
      options: InstrumentOptions<Names, Sets>,
    ): Counter<Names, Sets>;
    gauge<const Names extends LabelNames = readonly [], const Sets extends ValueSets = NoSets>(
      options: InstrumentOptions<Names, Sets>,
    ): Gauge<Names, Sets>;
    histogram<const Names extends LabelNames = readonly [], const Sets extends ValueSets = NoSets>(
      options: HistogramOptions<Names, Sets>,
    ): Histogram<Names, Sets>;
    onCollect(hook: () => void): () => void;
    expose(accept?: string): Promise<Exposition>;
    snapshot(): readonly MetricSnapshot[];
  }
  interface NativeBucketsOptions {
    readonly schema?: number | undefined;
    readonly maxBuckets?: number | undefined;
    readonly zeroThreshold?: number | undefined;
    readonly resetMs?: number | undefined;
  }
  interface NativeSnapshot {
    readonly schema: number;
    readonly zeroThreshold: number;
    readonly zeroCount: number;
    readonly positive: readonly (readonly [index: number, count: number])[];
    readonly negative: readonly (readonly [index: number, count: number])[];
  }
  type NoSets = Record<never, never>;
  type Normalizers = Readonly<Record<string, (value: string) => string>>;
  interface Timing extends Disposable {
    stop(): number;
    around<T>(run: () => T): T;
  }
  type ValueOf<Name, Sets> = Name extends keyof Sets
    ? Sets[Name] extends readonly (infer Value)[]
      ? Value
      : LabelValue
    : LabelValue;
  type ValueSets = Readonly<Record<string, readonly string[]>>;
  interface ValueSnapshot {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
  }
  type ValuesOf<Names extends LabelNames, Sets> = {
    readonly [Index in keyof Names]: ValueOf<Names[Index], Sets>;
  };
  export {
    Aggregator,
    ClusterMetrics,
    ClusterMetricsOptions,
    ClusterStats,
    SharedMetrics,
    clusterMetricsDefaults,
    createClusterMetrics,
    shareMetrics,
  };
}

declare module '@holdfast/metrics/logging' {
  interface LogContext {
    readonly requestId?: string | undefined;
    readonly protocol?: string | undefined;
    readonly tenant?: string | undefined;
  }
  type LogDestination = 'console' | LogFile | LogSink;
  interface LogFile {
    readonly file: string;
  }
  type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  interface LogSink {
    write(line: string): unknown;
  }
  interface Logging {
    readonly logger: Logger;
    readonly level: LogLevel;
    setLevel(level: LogLevel): void;
    run<T>(context: LogContext, body: () => T): T;
    reopen(): void;
    close(): void;
  }
  interface LoggingOptions {
    readonly service?: string | undefined;
    readonly level?: LogLevel | undefined;
    readonly destinations?: readonly LogDestination[] | undefined;
    readonly secrets?: readonly string[] | undefined;
    readonly trace?: TraceApi | undefined;
    readonly clock?: Clock | undefined;
  }
  function createLogging(options?: LoggingOptions): Logging;
  const loggingDefaults: {
    readonly level: 'info';
    readonly destinations: readonly ['console'];
    readonly secrets: readonly [];
    readonly clock: Clock;
  };
  // Not exported, but part of the types above.
  interface TraceApi {
    getActiveSpan():
      | {
          spanContext(): {
            readonly traceId: string;
            readonly spanId: string;
            readonly traceFlags: number;
          };
        }
      | undefined;
  }
  export {
    LogContext,
    LogDestination,
    LogFile,
    LogLevel,
    LogSink,
    Logging,
    LoggingOptions,
    createLogging,
    loggingDefaults,
  };
}

declare module '@holdfast/metrics/otel' {
  interface CallSpansOptions {
    readonly name: string;
    readonly tracer?: Tracer | undefined;
  }
  interface Telemetry {
    readonly active: boolean;
    shutdown(): Promise<void>;
  }
  interface TelemetryOptions {
    readonly serviceName?: string | undefined;
    readonly metrics?: Metrics | undefined;
    readonly attributes?: Readonly<Record<string, string>> | undefined;
  }
  function callSpans(options: CallSpansOptions): Strategy;
  function metricProducer(metrics: Metrics): MetricProducer;
  function otelLogs(): LogSink;
  function startTelemetry(options?: TelemetryOptions): Promise<Telemetry>;
  // Not exported, but part of the types above.
  interface BoundCounter {
    readonly value: number;
    inc(amount?: number): void;
  }
  interface BoundGauge {
    readonly value: number;
    set(value: number): void;
    inc(amount?: number): void;
    dec(amount?: number): void;
  }
  interface BoundHistogram {
    readonly count: number;
    readonly sum: number;
    observe(value: number): void;
    startTimer(): Timing;
  }
  interface Counter<Names extends LabelNames = readonly [], Sets = unknown> {
    with(...values: ValuesOf<Names, Sets>): BoundCounter;
    inc(...args: LabelledArgs<Names, Sets, readonly [amount?: number]>): void;
    init(...combinations: readonly LabelsOf<Names, Sets>[]): void;
    remove(labels: Partial<LabelsOf<Names, Sets>>): number;
    reset(): void;
  }
  interface DistributionSnapshot {
    readonly labels: Readonly<Record<string, string>>;
    readonly count: number;
    readonly sum: number;
    readonly buckets: readonly number[];
    readonly native?: NativeSnapshot;
  }
  type ExemplarSource = () => Readonly<Record<string, string>> | undefined;
  interface Exposition {
    readonly contentType: string;
    readonly body: ReturnType<typeof Buffer.alloc>;
  }
  interface Gauge<Names extends LabelNames = readonly [], Sets = unknown> {
    with(...values: ValuesOf<Names, Sets>): BoundGauge;
    set(...args: LabelledArgs<Names, Sets, readonly [value: number]>): void;
    inc(...args: LabelledArgs<Names, Sets, readonly [amount?: number]>): void;
    dec(...args: LabelledArgs<Names, Sets, readonly [amount?: number]>): void;
    init(...combinations: readonly LabelsOf<Names, Sets>[]): void;
    remove(labels: Partial<LabelsOf<Names, Sets>>): number;
    reset(): void;
  }
  interface Histogram<Names extends LabelNames = readonly [], Sets = unknown> {
    with(...values: ValuesOf<Names, Sets>): BoundHistogram;
    observe(...args: LabelledArgs<Names, Sets, readonly [value: number]>): void;
    startTimer(...args: LabelledArgs<Names, Sets, readonly []>): Timing;
    time<T>(...args: LabelledArgs<Names, Sets, readonly [run: () => T]>): T;
    init(...combinations: readonly LabelsOf<Names, Sets>[]): void;
    remove(labels: Partial<LabelsOf<Names, Sets>>): number;
    reset(): void;
  }
  interface HistogramOptions<
    Names extends LabelNames = LabelNames,
    Sets extends ValueSets = ValueSets,
  > extends InstrumentOptions<Names, Sets> {
    readonly buckets?: readonly number[] | undefined;
    readonly native?: NativeBucketsOptions | undefined;
    readonly exemplar?: ExemplarSource | undefined;
  }
  interface InstrumentOptions<Names extends LabelNames = LabelNames, Sets extends ValueSets = ValueSets> {
    readonly name: string;
    readonly help: string;
    readonly labels?: Names | undefined;
    readonly values?: Sets | undefined;
    readonly normalize?: Normalizers | undefined;
    readonly limit?: number | undefined;
    readonly ttlMs?: number | undefined;
    readonly maxValueLength?: number | undefined;
  }
  type LabelNames = readonly string[];
  type LabelValue = string | number;
  type LabelledArgs<
    Names extends LabelNames,
    Sets,
    Rest extends readonly unknown[],
  > = Names extends readonly [] ? Rest : readonly [labels: LabelsOf<Names, Sets>, ...rest: Rest];
  type LabelsOf<Names extends LabelNames, Sets> = {
    readonly [Name in Names[number]]: ValueOf<Name, Sets>;
  };
  interface LogSink {
    write(line: string): unknown;
  }
  interface MetricRegistry {
    readonly contentType?: string;
    registerMetric(metric: never): void;
    getSingleMetric(name: string): unknown;
    getMetricsAsArray(): readonly unknown[];
    removeSingleMetric(name: string): void;
  }
  type MetricSnapshot =
    | {
        readonly type: 'counter' | 'gauge';
        readonly name: string;
        readonly help: string;
        readonly series: readonly ValueSnapshot[];
      }
    | {
        readonly type: 'histogram';
        readonly name: string;
        readonly help: string;
        readonly bounds: readonly number[];
        readonly series: readonly DistributionSnapshot[];
      };
  interface Metrics {
    readonly registry: MetricRegistry;
    readonly clock: Clock;
    counter<const Names extends LabelNames = readonly [], const Sets extends ValueSets = NoSets>(
      options: InstrumentOptions<Names, Sets>,
    ): Counter<Names, Sets>;
    gauge<const Names extends LabelNames = readonly [], const Sets extends ValueSets = NoSets>(
      options: InstrumentOptions<Names, Sets>,
    ): Gauge<Names, Sets>;
    histogram<const Names extends LabelNames = readonly [], const Sets extends ValueSets = NoSets>(
      options: HistogramOptions<Names, Sets>,
    ): Histogram<Names, Sets>;
    onCollect(hook: () => void): () => void;
    expose(accept?: string): Promise<Exposition>;
    snapshot(): readonly MetricSnapshot[];
  }
  interface NativeBucketsOptions {
    readonly schema?: number | undefined;
    readonly maxBuckets?: number | undefined;
    readonly zeroThreshold?: number | undefined;
    readonly resetMs?: number | undefined;
  }
  interface NativeSnapshot {
    readonly schema: number;
    readonly zeroThreshold: number;
    readonly zeroCount: number;
    readonly positive: readonly (readonly [index: number, count: number])[];
    readonly negative: readonly (readonly [index: number, count: number])[];
  }
  type NoSets = Record<never, never>;
  type Normalizers = Readonly<Record<string, (value: string) => string>>;
  interface Timing extends Disposable {
    stop(): number;
    around<T>(run: () => T): T;
  }
  type ValueOf<Name, Sets> = Name extends keyof Sets
    ? Sets[Name] extends readonly (infer Value)[]
      ? Value
      : LabelValue
    : LabelValue;
  type ValueSets = Readonly<Record<string, readonly string[]>>;
  interface ValueSnapshot {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
  }
  type ValuesOf<Names extends LabelNames, Sets> = {
    readonly [Index in keyof Names]: ValueOf<Names[Index], Sets>;
  };
  export {
    CallSpansOptions,
    Telemetry,
    TelemetryOptions,
    callSpans,
    metricProducer,
    otelLogs,
    startTelemetry,
  };
}

declare module '@holdfast/metrics/otel/register' {
  export {};
}
