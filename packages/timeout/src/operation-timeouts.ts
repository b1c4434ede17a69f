/**
 * How long the usual operations of a service may take, in milliseconds: long enough for a slow but working dependency,
 * short enough that a hung one is noticed. `default` serves every other operation.
 *
 * @example
 * ```ts
 * import { operationTimeouts } from '@holdfast/timeout';
 *
 * for (const [operation, ms] of Object.entries(operationTimeouts)) console.log(operation, ms);
 * ```
 */
export const operationTimeouts = Object.freeze({
  default: 30_000,

  'dns.lookup': 2_000,
  'tcp.connect': 3_000,
  'tls.handshake': 5_000,
  'http.request': 10_000,
  'http.response-headers': 10_000,
  'http.stream-idle': 30_000,
  'http.upload': 120_000,
  'http.download': 120_000,
  'websocket.connect': 10_000,
  'websocket.ping': 5_000,
  'webhook.deliver': 10_000,
  'health.check': 2_000,

  'db.connect': 5_000,
  'db.query': 5_000,
  'db.write': 5_000,
  'db.transaction': 15_000,
  'db.report': 120_000,
  'db.migration': 600_000,
  'cache.connect': 1_000,
  'cache.get': 250,
  'cache.set': 250,
  'lock.acquire': 5_000,
  'queue.publish': 5_000,
  'queue.receive': 20_000,
  'queue.job': 300_000,
  'search.query': 5_000,
  'storage.read': 10_000,
  'storage.write': 30_000,
  'file.read': 5_000,
  'file.write': 10_000,

  'auth.token': 5_000,
  'auth.jwks': 5_000,
  'secret.read': 5_000,
  'api.call': 10_000,
  'cloud.call': 30_000,

  'llm.connect': 5_000,
  'llm.first-token': 15_000,
  'llm.stream-idle': 30_000,
  'llm.completion': 120_000,
  'llm.embedding': 15_000,
  'mcp.connect': 10_000,
  'mcp.list-tools': 10_000,
  'mcp.call-tool': 60_000,
  'agent.create': 60_000,
  'agent.message': 60_000,
  'agent.task': 300_000,
  'agent.stop': 10_000,
  'command.dispatch': 15_000,
  'command.run': 120_000,
  'process.start': 15_000,
  'process.stop': 10_000,
  'shutdown.drain': 25_000,
});

/** An operation that the table knows. */
export type OperationName = keyof typeof operationTimeouts;
