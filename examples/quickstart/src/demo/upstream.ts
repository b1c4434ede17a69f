import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { PhaseReading } from './schedule.ts';

/** What {@link openUpstream} takes. */
export interface UpstreamOptions {
  /** Tells how to behave; asked for each request. */
  readonly phase: () => PhaseReading;
  /** How many times faster than real time answers come. */
  readonly speed: number;
  readonly random: () => number;
}

/** A server on a free loopback port that misbehaves as it is told to. */
export interface Upstream {
  readonly url: URL;
  close(): Promise<void>;
}

const LINES = 8;

/** Opens the upstream of the demonstration. */
export async function openUpstream(options: UpstreamOptions): Promise<Upstream> {
  const server = createServer((request, response) => {
    request.resume();
    respond(request, response, options);
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
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function respond(request: IncomingMessage, response: ServerResponse, options: UpstreamOptions): void {
  const { phase, endsInMs } = options.phase();
  const fault = options.random() < phase.faultRatio ? phase.fault : 'none';
  if (fault === 'refuse') return void request.socket.resetAndDestroy();
  // A hung request stays so until its phase is over, or until the client gives up.
  if (fault === 'hang') return later(response, endsInMs, () => response.destroy());
  const [minMs, maxMs] = phase.latencyMs;
  const latencyMs = (minMs + options.random() * (maxMs - minMs)) / options.speed;
  later(response, latencyMs, () => {
    if (fault === 'status') sendError(response);
    else sendLines(response, LINES, fault === 'break');
  });
}

function sendError(response: ServerResponse): void {
  response.writeHead(503, { 'Content-Type': 'text/plain' });
  response.end('The upstream has a bad moment.\n');
}

/** Sends a body in pieces, of which a broken one lacks the second half. */
function sendLines(response: ServerResponse, lines: number, broken: boolean): void {
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  const send = (line: number): void => {
    if (broken && line > lines / 2) return void response.destroy();
    response.write(`line ${line} of ${lines}\n`);
    if (line === lines) response.end();
    else later(response, 1, () => send(line + 1));
  };
  send(1);
}

/** Does something later, unless the connection is gone by then. */
function later(response: ServerResponse, delayMs: number, action: () => void): void {
  const timer = setTimeout(() => {
    response.off('close', cancel);
    action();
  }, delayMs);
  const cancel = () => clearTimeout(timer);
  response.once('close', cancel);
}
