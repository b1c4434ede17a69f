import { createServer, type RequestListener, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTerminus } from '@godaddy/terminus';
import { createHealth, createHealthEndpoints } from '@holdfast/health';
import { quantile } from '../harness/statistics.ts';
import type { Target } from '../harness/suite.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';
import { connectTo, type Connection } from '../loopback-server.ts';

const about = `32 requests on one connection over the loopback interface to a server in the same process, sent at once; the
client only counts bytes. Bare is a \`node:http\` server that writes the same head and body from a constant. Both of
Holdfast and terminus have one check that succeeds at once; terminus runs it with every request, Holdfast answers from
what it knows. \`p50 ms\` and \`p99 ms\` are latencies of 1,000 requests a second for 3 s, counted from when each was due,
on 8 connections to the same process, so that the client's own work is in them.`;

const REQUESTS = 32;
type Serve = () => Server | Promise<Server>;

const PACED = { perSecond: 1_000, seconds: 3, connections: 8 };

export const health = timingSuite('health', about, () => {
  const known = createHealth({ checks: [{ name: 'self', run: () => undefined }] });
  const endpoints = createHealthEndpoints(known);
  const serve = async () => {
    await known.start();
    return createServer(endpoints.node);
  };
  const answer = JSON.stringify({ status: 'pass' });
  const headers = {
    'Content-Type': 'application/health+json; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Length': String(answer.length),
    Vary: 'Accept',
  };
  const bare: RequestListener = (_, response) => void response.writeHead(200, headers).end(answer);
  const terminus = () =>
    createTerminus(createServer(), {
      healthChecks: { '/health': () => Promise.resolve({ self: 'up' }) },
      signals: [],
      useExit0: false,
    });
  return [
    loaded('node:http', 'platform', '/health', () => createServer(bare)),
    loaded('/health', 'holdfast', '/health', serve, {
      atMost: { ratio: 1.1, 'p99 ms': 10 },
    }),
    loaded('/status', 'holdfast', '/status', serve, {
      atMost: { 'p99 ms': 20 },
    }),
    loaded('/health', '@godaddy/terminus', '/health', terminus),
  ];
});

function loaded(name: string, subject: string, path: string, serve: Serve, target?: Target): TimedCase {
  let connection: Promise<Connection> | undefined;
  const open = () => (connection ??= warm(serve, path));
  return {
    name,
    subject,
    op: async () => (await open()).ask(REQUESTS),
    figures: () => latencies(serve, path),
    countsBytes: false,
    ...(target === undefined ? {} : { target }),
  };
}

async function warm(serve: Serve, path: string): Promise<Connection> {
  const server = await serve();
  const connection = await connectTo(server, path);
  // What is open must not keep the process of a test alive.
  server.unref();
  return connection;
}

/** Latencies at a steady pace. */
async function latencies(serve: Serve, path: string) {
  const opened = await Promise.all(
    Array.from({ length: PACED.connections }, async () => connectTo(await serve(), path)),
  );
  const found: number[] = [];
  const startedAt = performance.now();
  const count = PACED.perSecond * PACED.seconds;
  const busy = opened.map(() => Promise.resolve());
  for (let sent = 0; sent < count;) {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * PACED.perSecond);
    for (; sent < Math.min(due, count); sent++) {
      const dueAt = startedAt + (sent / PACED.perSecond) * 1000;
      const index = sent % opened.length;
      const connection = opened[index] as Connection;
      busy[index] = (busy[index] ?? Promise.resolve())
        .then(() => connection.ask(1))
        .then(() => void found.push(performance.now() - dueAt));
    }
    await sleep(1);
  }
  await Promise.all(busy);
  await Promise.all(opened.map((each) => each.close()));
  const rounded = (share: number) => Math.round(quantile(found, share) * 100) / 100;
  return { 'p50 ms': rounded(0.5), 'p99 ms': rounded(0.99) };
}
