// The public API of @holdfast/timeout, written by `npm run api`. A change here is a change for users.

declare module '@holdfast/timeout' {
  export { TimeoutError }; // from packages/pipeline/src/errors.ts
  export { isTimeout }; // from packages/pipeline/src/errors.ts
  interface ClampTimeoutOptions {
    readonly minMs?: number | undefined;
    readonly maxMs?: number | undefined;
  }
  type DeadlineHeaders =
    Pick<Headers, 'get'> | Readonly<Record<string, string | readonly string[] | undefined>>;
  const MAX_TIMEOUT_MS = 600000;
  const MIN_TIMEOUT_MS = 100;
  type OperationName = keyof typeof operationTimeouts;
  interface ReadDeadlineOptions {
    readonly maxMs?: number | undefined;
  }
  interface Timeout extends Strategy, EventSource<TimeoutElapsedEvent> {
    stats(): TimeoutStats;
  }
  interface TimeoutElapsedEvent {
    readonly type: 'timeout.elapsed';
    readonly strategy: string;
    readonly timeoutMs: number;
  }
  type TimeoutFor<Name extends string = OperationName> = (operation: Name | AnyName) => number;
  interface TimeoutOptions {
    readonly timeoutMs: number;
    readonly mode?: 'strict' | 'cooperative' | undefined;
    readonly name?: string | undefined;
    readonly captureStack?: boolean | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
    readonly clock?: Clock | undefined;
  }
  interface TimeoutStats {
    readonly calls: number;
    readonly running: number;
    readonly timeouts: number;
  }
  function clampTimeout(ms: number, { minMs, maxMs }?: ClampTimeoutOptions): number;
  function createTimeouts<Own extends string>(
    own: Readonly<Record<Own, number>>,
  ): TimeoutFor<Own | OperationName>;
  function deadlineHeaders(ctx: Pick<ExecutionContext, 'remainingMs'>): Record<string, string>;
  const operationTimeouts: Readonly<{
    default: 30000;
    'dns.lookup': 2000;
    'tcp.connect': 3000;
    'tls.handshake': 5000;
    'http.request': 10000;
    'http.response-headers': 10000;
    'http.stream-idle': 30000;
    'http.upload': 120000;
    'http.download': 120000;
    'websocket.connect': 10000;
    'websocket.ping': 5000;
    'webhook.deliver': 10000;
    'health.check': 2000;
    'db.connect': 5000;
    'db.query': 5000;
    'db.write': 5000;
    'db.transaction': 15000;
    'db.report': 120000;
    'db.migration': 600000;
    'cache.connect': 1000;
    'cache.get': 250;
    'cache.set': 250;
    'lock.acquire': 5000;
    'queue.publish': 5000;
    'queue.receive': 20000;
    'queue.job': 300000;
    'search.query': 5000;
    'storage.read': 10000;
    'storage.write': 30000;
    'file.read': 5000;
    'file.write': 10000;
    'auth.token': 5000;
    'auth.jwks': 5000;
    'secret.read': 5000;
    'api.call': 10000;
    'cloud.call': 30000;
    'llm.connect': 5000;
    'llm.first-token': 15000;
    'llm.stream-idle': 30000;
    'llm.completion': 120000;
    'llm.embedding': 15000;
    'mcp.connect': 10000;
    'mcp.list-tools': 10000;
    'mcp.call-tool': 60000;
    'agent.create': 60000;
    'agent.message': 60000;
    'agent.task': 300000;
    'agent.stop': 10000;
    'command.dispatch': 15000;
    'command.run': 120000;
    'process.start': 15000;
    'process.stop': 10000;
    'shutdown.drain': 25000;
  }>;
  function readDeadline(headers: DeadlineHeaders, { maxMs }?: ReadDeadlineOptions): number | undefined;
  function timeout(options: TimeoutOptions): Timeout;
  const timeoutDefaults: {
    readonly mode: 'strict';
    readonly name: 'timeout';
    readonly captureStack: false;
    readonly onListenerError: ListenerErrorHandler;
    readonly clock: Clock;
  };
  function timeoutFor(operation: OperationName | AnyName): number;
  // Not exported, but part of the types above.
  type AnyName = string & Record<never, never>;
  export {
    ClampTimeoutOptions,
    DeadlineHeaders,
    MAX_TIMEOUT_MS,
    MIN_TIMEOUT_MS,
    OperationName,
    ReadDeadlineOptions,
    Timeout,
    TimeoutElapsedEvent,
    TimeoutFor,
    TimeoutOptions,
    TimeoutStats,
    clampTimeout,
    createTimeouts,
    deadlineHeaders,
    operationTimeouts,
    readDeadline,
    timeout,
    timeoutDefaults,
    timeoutFor,
  };
}
