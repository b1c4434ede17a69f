import type { IncomingMessage, ServerResponse } from 'node:http';
import { later } from './later.ts';

/** What the answers of an upstream look like. */
export interface Dialect {
  /** @param broken - whether the answer breaks off midway */
  answer(response: ServerResponse, request: IncomingMessage, broken: boolean): void;
  fail(response: ServerResponse): void;
}

const LINES = 8;

/** Text in pieces, of which a broken one lacks the second half. */
export const lineByLine: Dialect = {
  answer(response, _request, broken) {
    response.writeHead(200, { 'Content-Type': 'text/plain' });
    const send = (line: number): void => {
      if (broken && line > LINES / 2) return void response.destroy();
      response.write(`line ${line} of ${LINES}\n`);
      if (line === LINES) response.end();
      else later(response, 1, () => send(line + 1));
    };
    send(1);
  },
  fail(response) {
    response.writeHead(503, { 'Content-Type': 'text/plain' });
    response.end('The upstream has a bad moment.\n');
  },
};
