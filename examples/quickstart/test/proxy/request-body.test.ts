import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { BodyTooLargeError } from '../../src/proxy/errors.ts';
import { isIdempotent, requestBody, type RequestBody } from '../../src/proxy/request-body.ts';
import { open, responseTo } from '../support/http-client.ts';
import { listen } from '../support/setup.ts';

interface Sent {
  readonly method: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** What becomes of a request whose body is taken with a limit, and then used. */
async function take<T>(
  { method, headers = [], body }: Sent,
  maxBytes: number | undefined,
  use: (body: RequestBody, request: IncomingMessage) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const taken = async (request: IncomingMessage) => use(await requestBody(request, maxBytes), request);
    void listen((request, response) => {
      taken(request)
        .then(resolve, reject)
        .finally(() => response.destroy());
    }).then((url) => {
      const outgoing = open(url, { method, headers });
      outgoing.on('error', () => undefined);
      outgoing.end(body);
    });
  });
}

/** Sends a body on to an echo, and tells what comes back. */
async function forwarded(body: RequestBody): Promise<string> {
  const echo = await listen((request, response) => request.pipe(response));
  const outgoing = httpRequest(echo, { method: 'POST' });
  body.sendTo(outgoing);
  return text(await responseTo(outgoing));
}

const length = (body: string) => ['Content-Length', String(Buffer.byteLength(body))];
const chunked = ['Transfer-Encoding', 'chunked'];

describe('what can be sent again', () => {
  it.each([
    ['a GET without a body', { method: 'GET' }, true],
    ['a POST without a body', { method: 'POST', headers: ['Content-Length', '0'] }, true],
    ['a PUT with a short body', { method: 'PUT', headers: length('tea'), body: 'tea' }, true],
    ['a POST with a body', { method: 'POST', headers: length('tea'), body: 'tea' }, false],
    ['a PUT of unknown length', { method: 'PUT', headers: chunked, body: 'tea' }, false],
  ])('%s: %#', async (_, sent, repeatable) => {
    expect(await take(sent, undefined, async (body) => body.repeatable)).toBe(repeatable);
  });

  it('is sent again in full', async () => {
    const sent = { method: 'PUT', headers: length('green tea'), body: 'green tea' };
    const twice = await take(sent, undefined, async (body) => [await forwarded(body), await forwarded(body)]);
    expect(twice).toEqual(['green tea', 'green tea']);
  });

  it('is up to 64 KiB long', async () => {
    const repeatable = (bytes: number) => {
      const body = 'a'.repeat(bytes);
      return take(
        { method: 'PUT', headers: length(body), body },
        undefined,
        async (taken) => taken.repeatable,
      );
    };
    expect(await repeatable(64 * 1024)).toBe(true);
    expect(await repeatable(64 * 1024 + 1)).toBe(false);
  });
});

describe('a body that is streamed', () => {
  it.each([length('green tea'), chunked])('arrives as it was sent: %s', async (...headers) => {
    const sent = { method: 'POST', headers, body: 'green tea' };
    expect(await take(sent, undefined, (body) => forwarded(body))).toBe('green tea');
  });

  it('is refused before a byte of it is read when it says that it is too long', async () => {
    const sent = { method: 'POST', headers: length('green tea'), body: 'green tea' };
    await expect(take(sent, 8, async () => 'taken')).rejects.toBeInstanceOf(BodyTooLargeError);
    expect(await take(sent, 9, async () => 'taken')).toBe('taken');
  });

  it('is cut off when it turns out to be too long', async () => {
    const sent = { method: 'POST', headers: chunked, body: 'green tea' };
    const failed = take(sent, 8, async (body) => {
      const echo = await listen((request) => void request.resume());
      const outgoing = httpRequest(echo, { method: 'POST' });
      body.sendTo(outgoing);
      const [error] = (await once(outgoing, 'error')) as [Error];
      return error;
    });
    expect(await failed).toBeInstanceOf(BodyTooLargeError);
  });
});

it.each([
  ['GET', true],
  ['PUT', true],
  ['DELETE', true],
  ['POST', false],
  ['PATCH', false],
  ['get', false],
])('knows whether %s may be repeated', (method, idempotent) => {
  expect(isIdempotent(method)).toBe(idempotent);
});
