import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { lineByLine, type Dialect } from './dialect.ts';
import { later } from './later.ts';
import type { PhaseReading } from './schedule.ts';
import { createWorkers, type Workers } from './workers.ts';

/** What {@link openUpstream} takes. */
export interface UpstreamOptions {
  /** Tells how to behave; asked for each request. */
  readonly phase: () => PhaseReading;
  /** How many times faster than real time answers come. */
  readonly speed: number;
  readonly random: () => number;
  /** What its answers look like. Default: eight lines of text. */
  readonly dialect?: Dialect;
}

/** What an upstream has been asked, health checks left out. */
export interface Reached {
  readonly requests: number;
  /** The most requests that it had at a time, whether it worked on them or let them wait. */
  readonly mostAtOnce: number;
}

/** A server on a free loopback port that misbehaves as it is told to. */
export interface Upstream {
  readonly url: URL;
  reached(): Reached;
  close(): Promise<void>;
}

/** How many times as long a slow answer takes. */
const SLOWNESS = 20;

/** Opens the upstream of the demonstration. */
export async function openUpstream(options: UpstreamOptions): Promise<Upstream> {
  const workers = createWorkers(() => options.phase().phase.capacity ?? Infinity);
  const counts: Counts = { requests: 0, running: 0, mostAtOnce: 0 };
  const server = createServer((request, response) => {
    request.resume();
    if (request.method !== 'HEAD') count(response, counts);
    respond(request, response, options, workers);
  });
  // In an outage connections are reset; to close the port would risk that another program takes it.
  server.on('connection', (socket) => {
    if (options.phase().phase.fault === 'refuse') socket.resetAndDestroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    reached: () => ({ requests: counts.requests, mostAtOnce: counts.mostAtOnce }),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Counts {
  requests: number;
  running: number;
  mostAtOnce: number;
}

function count(response: ServerResponse, counts: Counts): void {
  counts.requests++;
  counts.mostAtOnce = Math.max(counts.mostAtOnce, ++counts.running);
  response.once('close', () => counts.running--);
}

function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { phase: read, speed, random, dialect = lineByLine }: UpstreamOptions,
  workers: Workers,
): void {
  const { phase, endsInMs } = read();
  const fault = random() < phase.faultRatio ? phase.fault : 'none';
  if (fault === 'refuse') return void request.socket.resetAndDestroy();
  // A hung request stays so until its phase is over, or until the client gives up.
  if (fault === 'hang') return later(response, endsInMs, () => response.destroy());
  workers.work(response, (done) => {
    const [minMs, maxMs] = read().phase.latencyMs;
    const latencyMs = ((minMs + random() * (maxMs - minMs)) * (fault === 'slow' ? SLOWNESS : 1)) / speed;
    later(response, latencyMs, () => {
      done();
      if (fault === 'status') dialect.fail(response);
      else dialect.answer(response, request, fault === 'break');
    });
  });
}
