import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ShutdownPhase } from '@holdfast/health';
import { createMetrics } from '@holdfast/metrics';
import { onTestFinished } from 'vitest';
import { createGuard, type CircuitGuard, type GuardOptions } from '../../src/guard.ts';
import { openProxy, type Proxy } from '../../src/proxy/proxy.ts';
import { Traffic } from '../../src/traffic/traffic.ts';

/** A guarded proxy in front of an upstream that a test scripts. */
export interface Setup {
  readonly proxy: Proxy;
  readonly guard: CircuitGuard;
  readonly traffic: Traffic;
  /** How many requests have reached the upstream. */
  readonly received: readonly IncomingMessage[];
}

/** Opens a server on a free port for one test. */
export async function listen(handler: RequestListener): Promise<URL> {
  const server = createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

/** A port at which nobody listens any more. */
export async function deadEnd(): Promise<URL> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return new URL(`http://127.0.0.1:${port}`);
}

/** No endpoints of its own. */
export const none = { handle: (_request: unknown, _response: unknown, next: () => void) => next() };

/** Closes a server, and waits for the requests under way. */
export async function finish(closing: ShutdownPhase): Promise<void> {
  await closing.run({ signal: new AbortController().signal });
}

/** Closes a server without waiting for anybody. */
export async function cut(closing: ShutdownPhase): Promise<void> {
  const budget = new AbortController();
  const closed = closing.run({ signal: budget.signal });
  budget.abort();
  await closed;
}

/** Puts a proxy with patient limits in front of a handler, or of an upstream that is there already. */
export async function setUp(
  upstream: URL | ((request: IncomingMessage, response: ServerResponse, nth: number) => unknown),
  options: Partial<GuardOptions> = {},
): Promise<Setup> {
  const received: IncomingMessage[] = [];
  const url =
    upstream instanceof URL
      ? upstream
      : await listen((request, response) => void upstream(request, response, received.push(request)));
  const guard = createGuard({
    metrics: createMetrics(),
    totalMs: 10_000,
    firstItemMs: 5_000,
    idleMs: 5_000,
    openMs: 60_000,
    backoffMs: 1,
    ...options,
  });
  const traffic = new Traffic({
    slotMs: 1_000,
    now: () => performance.now(),
    surroundings: () => ({ circuit: guard.breaker.state, phase: undefined }),
  });
  const proxy = await openProxy({
    host: '127.0.0.1',
    port: 0,
    upstream: url,
    guard,
    traffic,
    operations: none,
  });
  onTestFinished(() => cut(proxy.closing));
  return { proxy, guard, traffic, received };
}
