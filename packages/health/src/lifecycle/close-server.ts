import type { Server, ServerResponse } from 'node:http';
import { number, readOptions, type, type Rules } from '@holdfast/pipeline';
import { nameRule } from '../rules.ts';
import type { ShutdownPhase } from './shutdown-phase.ts';

/** What {@link closeServer} takes. */
export interface CloseServerOptions {
  /** Names the phase. Default `http`. */
  readonly name?: string | undefined;
  /** How long requests that are being served may take, in milliseconds; they are then cut. At least 0. Default 10,000. */
  readonly budgetMs?: number | undefined;
  /** Ends what an HTTP server does not end itself, such as websockets. Called once it accepts no new connections. */
  readonly endUpgraded?: (() => unknown) | undefined;
}

const rules: Rules<CloseServerOptions> = {
  name: nameRule,
  budgetMs: number(0),
  endUpgraded: type('function'),
};

/**
 * Makes the phase that closes an HTTP server. While it drains, the server still answers, and asks clients to come with a
 * new connection the next time (`Connection: close`). Then it stops accepting, closes idle connections, and waits for the
 * requests that are being served. Make it before the server gets requests.
 *
 * @param server - of `node:http` or `node:https`; under Express what `listen` returns, under Fastify `app.server`
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when the budget is out of bounds
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { closeServer, createLifecycle } from '@holdfast/health';
 *
 * const server = createServer().listen(8080);
 * createLifecycle({ phases: [closeServer(server, { budgetMs: 15_000 })] }).listen();
 * ```
 */
export function closeServer(server: Server, options: CloseServerOptions = {}): ShutdownPhase {
  const { name, budgetMs, endUpgraded } = readOptions('closeServer', options, rules, {
    name: 'http',
    budgetMs: 10_000,
  });
  const inFlight = new Set<ServerResponse>();
  let draining = false;
  let stopped = false;

  server.prependListener('request', (_request, response) => {
    inFlight.add(response);
    if (draining) askToLeave(response);
    response.once('close', () => {
      inFlight.delete(response);
      // Its head may have been sent before the drain, and have promised to keep the connection.
      if (stopped) server.closeIdleConnections();
    });
  });

  return {
    name,
    budgetMs,
    onDrain: () => {
      draining = true;
      for (const response of inFlight) askToLeave(response);
    },
    run: async ({ signal }) => {
      stopped = true;
      signal.addEventListener('abort', () => server.closeAllConnections(), { once: true });
      // Closes idle connections as well.
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await endUpgraded?.();
      await closed;
    },
  };
}

function askToLeave(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
