import { STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { SECURITY_HEADERS } from './origins.ts';
import { ProblemError } from './problem.ts';

/** What is wrong with bytes that are no request, by the code of their error. */
function problemOf(code: string): ProblemError | undefined {
  if (code === 'HPE_HEADER_OVERFLOW') return new ProblemError('head-too-large', 'The head is too long.');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new ProblemError('request-timeout', 'The request took too long to arrive.');
  return code.startsWith('HPE_') ? new ProblemError('bad-request', 'This is no request.') : undefined;
}

/** Has a server tell problems where Node would end a connection with an answer of its own, or with none. */
export function answerBrokenRequests(server: Server): void {
  const unfinished = new WeakMap<Duplex, Set<ServerResponse>>();
  server.on('request', ({ socket }, response: ServerResponse) => {
    const responses = unfinished.get(socket) ?? new Set();
    unfinished.set(socket, responses.add(response));
    response.once('close', () => responses.delete(response));
  });
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket: Duplex) => {
    const problem = problemOf(code);
    // An answer that has begun must not be mixed up with another one.
    const hasBegun = [...(unfinished.get(socket) ?? [])].some(({ headersSent }) => headersSent);
    if (problem === undefined || hasBegun) socket.destroy();
    else refuse(socket, problem);
  });
  server.on('connect', (_request, socket: Duplex) => {
    refuse(socket, new ProblemError('bad-request', 'This is no proxy.'));
  });
}

function refuse(socket: Duplex, problem: ProblemError): void {
  // Node has let go of it, and nobody else hears of its errors.
  socket.on('error', () => socket.destroy());
  const body = JSON.stringify(problem);
  const headers = {
    ...SECURITY_HEADERS,
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const { status } = problem;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`, () =>
    socket.destroy(),
  );
}
