import { createServer, type RequestListener, type Server } from 'node:http';
import { createTerminus } from '@godaddy/terminus';
import { createHealth, createHealthEndpoints } from '@holdfast/health';
import type { Target } from '../harness/suite.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';
import { listen, type Connection } from '../loopback-server.ts';
import { pace, type Paced } from '../pace.ts';

const about = `32 requests at once on one connection over the loopback interface to a server in the same process; the
client only counts heads. Bare is a \`node:http\` server that writes the same head and body from a constant. Holdfast and
terminus have one check each, which succeeds at once; terminus runs it with every request, Holdfast answers from what it
knows. \`p50 ms\` and \`p99 ms\` are latencies at 1,000 requests a second on 8 connections, 2.5 s a case in turns of half
a second, each counted from when it was due, in this process too; \`p99 / bare\` is the median of the ratios of the
turns.`;

const REQUESTS = 32;
const CONNECTIONS = 8;

type Serve = () => Server | Promise<Server>;

/** A path of a server that is asked. */
interface Served {
  readonly name: string;
  readonly subject: string;
  readonly path: string;
  readonly serve: Serve;
  readonly target?: Target;
}

export const health = timingSuite('health', about, () => {
  const served = servedPaths();
  let paced: Promise<readonly Paced[]> | undefined;
  // All are paced in turns, when the first is asked.
  const figures = (index: number) => async () => {
    const found = (await (paced ??= paceAll(served)))[index];
    return {
      'p50 ms': found?.p50Ms ?? NaN,
      'p99 ms': found?.p99Ms ?? NaN,
      'p99 / bare': found?.p99Ratio ?? NaN,
    };
  };
  return served.map(({ name, subject, path, serve, target }, index): TimedCase => {
    let connection: Promise<Connection> | undefined;
    const open = () => (connection ??= connectTo(path, serve));
    return {
      name,
      subject,
      op: async () => (await open()).ask(REQUESTS),
      figures: figures(index),
      countsBytes: false,
      ...(target === undefined ? {} : { target }),
    };
  });
});

function servedPaths(): readonly Served[] {
  const known = createHealth({ checks: [{ name: 'self', run: () => undefined }] });
  const endpoints = createHealthEndpoints(known);
  const serve = async () => {
    await known.start();
    return createServer(endpoints.node);
  };
  const target = { atMost: { ratio: 1.1, 'p99 ms': 10 } };
  return [
    { name: 'node:http', subject: 'platform', path: '/health', serve: () => createServer(bare) },
    { name: '/health', subject: 'holdfast', path: '/health', serve, target },
    { name: '/status', subject: 'holdfast', path: '/status', serve, target: { atMost: { 'p99 ms': 20 } } },
    { name: '/health', subject: '@godaddy/terminus', path: '/health', serve: withTerminus },
  ];
}

const ANSWER = JSON.stringify({ status: 'pass' });
const HEADERS = {
  'Content-Type': 'application/health+json; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Length': String(ANSWER.length),
  Vary: 'Accept',
};
const bare: RequestListener = (_, response) => void response.writeHead(200, HEADERS).end(ANSWER);

function withTerminus(): Server {
  // It wraps the listeners that are there, and a server without any never answers.
  const server = createServer((_, response) => void response.writeHead(404).end());
  return createTerminus(server, {
    healthChecks: { '/health': () => Promise.resolve({ self: 'up' }) },
    signals: [],
    useExit0: false,
  });
}

async function connectTo(path: string, serve: Serve): Promise<Connection> {
  const server = await serve();
  const connection = await (await listen(server)).connect(path);
  // What is open must not keep the process of a test alive.
  server.unref();
  return connection;
}

async function paceAll(served: readonly Served[]): Promise<readonly Paced[]> {
  const servers = await Promise.all(served.map(async ({ serve }) => listen(await serve())));
  const asks = await Promise.all(
    servers.map(async (server, index) => {
      const path = served[index]?.path ?? '';
      const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => server.connect(path)));
      return async (call: number) => connections[call % CONNECTIONS]?.ask(1);
    }),
  );
  const found = await pace(asks);
  await Promise.all(servers.map((each) => each.close()));
  return found;
}
