import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A connection that is there and does nothing. */
const socket = Object.assign(new EventEmitter(), { bytesWritten: 0, readable: true, writable: true });
socket.setMaxListeners(0);

/** What a middleware looks at in a request that Express has matched to `/users/:id`. */
const REQUEST = {
  method: 'GET',
  url: '/users/42',
  originalUrl: '/users/42',
  baseUrl: '',
  path: '/users/42',
  route: { path: '/users/:id' },
  headers: { host: 'localhost' },
  httpVersionMajor: 1,
  complete: true,
  socket,
} as unknown as IncomingMessage;

/** An answer of 2 bytes that is sent at once and emits what Node's does. */
class Answer extends EventEmitter {
  readonly req = REQUEST;
  readonly socket = socket;
  readonly statusCode = 200;
  readonly _header = 'HTTP/1.1 200 OK\r\n\r\n';
  headersSent = false;
  writableEnded = false;
  writableFinished = false;

  getHeader(): undefined {
    return undefined;
  }

  end(): void {
    this.headersSent = true;
    this.writableEnded = true;
    socket.bytesWritten += this._header.length + 2;
    this.writableFinished = true;
    this.emit('finish');
    this.emit('close');
  }
}

/** A middleware of `node:http` and Express. */
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** Lets a middleware see a request and its answer, without a connection. */
export function exchange(middleware: Middleware): void {
  const answer = new Answer();
  // It has all that a middleware for metrics looks at.
  middleware(REQUEST, answer as unknown as ServerResponse, () => answer.end());
}
