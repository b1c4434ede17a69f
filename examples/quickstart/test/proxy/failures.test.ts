import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
import { MAX_BODY_BYTES } from '../../src/proxy/request-body.ts';
import { ask, open, read, responseTo } from '../support/http-client.ts';
import { cut, finish, deadEnd, setUp } from '../support/setup.ts';

const trouble = (_request: IncomingMessage, response: ServerResponse) =>
  void response.writeHead(503, { 'X-Mood': 'bad', 'Content-Type': 'text/plain' }).end('a bad moment');
const reset = (request: IncomingMessage) => request.socket.resetAndDestroy();
const silence = () => undefined;

describe('an upstream that answers with an error', () => {
  it('is tried again for a GET', async () => {
    const { proxy, traffic, guard } = await setUp((request, response, nth) =>
      nth < 3 ? trouble(request, response) : response.end('fine'),
    );
    expect(await ask(proxy.url)).toMatchObject({ status: 200, body: 'fine' });
    await vi.waitFor(() => expect(traffic.totals.answered).toBe(1));
    expect(traffic.retries).toBe(2);
    expect(guard.breaker.stats()).toMatchObject({ failures: 2, successes: 1 });
  });

  it('is given up after three attempts; its last answer goes to the client', async () => {
    const { proxy, traffic, received } = await setUp(trouble);
    const reply = await ask(proxy.url);
    expect(reply).toMatchObject({ status: 503, body: 'a bad moment' });
    expect(reply.headers).toMatchObject({ 'x-mood': 'bad', 'content-type': 'text/plain' });
    expect(reply.headers).not.toHaveProperty('proxy-status');
    expect(received).toHaveLength(3);
    await vi.waitFor(() => expect(traffic.totals.error).toBe(1));
  });

  it('is not tried again for a POST', async () => {
    const { proxy, received } = await setUp(trouble);
    expect(await ask(proxy.url, { method: 'POST', body: 'tea' })).toMatchObject({ status: 503 });
    expect(received).toHaveLength(1);
  });

  it('is tried again for a PUT, with the same body', async () => {
    const bodies: string[] = [];
    const { proxy } = await setUp(async (request, response, nth) => {
      bodies.push(await text(request));
      if (nth === 1) trouble(request, response);
      else response.end('fine');
    });
    expect(await ask(proxy.url, { method: 'PUT', body: 'tea' })).toMatchObject({ status: 200 });
    expect(bodies).toEqual(['tea', 'tea']);
  });

  it('is not tried again for a body that could not be kept', async () => {
    const { proxy, received } = await setUp((request, response) => {
      request.resume().once('end', () => trouble(request, response));
    });
    const body = Buffer.alloc(64 * 1024 + 1);
    expect(await ask(proxy.url, { method: 'PUT', body })).toMatchObject({ status: 503 });
    expect(received).toHaveLength(1);
  });

  it('loses an error page that is too long to keep', async () => {
    const { proxy } = await setUp((_request, response) => response.writeHead(500).end(Buffer.alloc(65_537)));
    expect(await ask(proxy.url)).toMatchObject({ status: 500, body: '' });
  });

  it('counts as broken when it breaks off its error page', async () => {
    const { proxy, traffic } = await setUp((_request, response) => {
      response.writeHead(500, { 'Content-Length': 100 });
      response.write('half', () => response.destroy());
    });
    const reply = await ask(proxy.url);
    expect(reply.status).toBe(502);
    expect(reply.headers['proxy-status']).toBe('holdfast; error=http_response_incomplete');
    await vi.waitFor(() => expect(traffic.totals.broken).toBe(1));
  });
});

describe('an upstream that cannot be reached', () => {
  it('gives 502, after retries even for a POST, of which nothing was sent', async () => {
    const { proxy, traffic } = await setUp(await deadEnd());
    const reply = await ask(proxy.url, { method: 'POST', body: 'tea', chunked: true });
    expect(reply.status).toBe(502);
    expect(reply.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'proxy-status': 'holdfast; error=connection_refused',
    });
    expect(JSON.parse(reply.body)).toMatchObject({ title: 'Bad Gateway', status: 502 });
    expect(traffic.retries).toBe(2);
    await vi.waitFor(() => expect(traffic.totals.unreachable).toBe(1));
  });

  it('is tried again for a GET when it closed the connection, and not for a POST', async () => {
    const { proxy, received } = await setUp(reset);
    const got = await ask(proxy.url);
    expect(got.headers['proxy-status']).toBe('holdfast; error=connection_terminated');
    expect(received).toHaveLength(3);
    expect(await ask(proxy.url, { method: 'POST', body: 'tea' })).toMatchObject({ status: 502 });
    expect(received).toHaveLength(4);
  });
});

describe('an upstream that hangs', () => {
  it('gives 504 and is told to stop', async () => {
    const { proxy, traffic, guard, received } = await setUp(silence, { firstItemMs: 30 });
    const reply = await ask(proxy.url);
    expect(reply.status).toBe(504);
    expect(reply.headers['proxy-status']).toBe('holdfast; error=http_response_timeout');
    expect(received).toHaveLength(3);
    await vi.waitFor(() => expect(received.every(({ destroyed }) => destroyed)).toBe(true));
    expect(guard.breaker.stats().failures).toBe(3);
    expect(traffic.totals.timeout).toBe(1);
  });

  it('is left alone when the whole request has taken too long, which says nothing about it', async () => {
    const { proxy, guard, received } = await setUp(silence, { totalMs: 50 });
    expect(await ask(proxy.url)).toMatchObject({ status: 504 });
    expect(received).toHaveLength(1);
    await vi.waitFor(() => expect(received[0]?.destroyed).toBe(true));
    expect(guard.breaker.stats()).toMatchObject({ failures: 0, ignored: 1, inFlight: 0 });
  });
});

describe('an upstream that stops midway', () => {
  it('breaks the answer of the client, and has failed in the eyes of the circuit', async () => {
    const { proxy, traffic, guard, received } = await setUp((_request, response) => {
      response.writeHead(200, { 'Content-Length': 100 });
      response.write('half', () => setImmediate(() => response.destroy()));
    });
    await expect(ask(proxy.url)).rejects.toThrow('aborted');
    await vi.waitFor(() => expect(traffic.totals.broken).toBe(1));
    expect(guard.breaker.stats()).toMatchObject({ successes: 0, failures: 1 });
    expect(received).toHaveLength(1);
  });

  it('does the same when it only pauses for too long', async () => {
    const { proxy, guard, received } = await setUp((_request, response) => void response.write('half'), {
      idleMs: 30,
    });
    await expect(ask(proxy.url)).rejects.toThrow('aborted');
    await vi.waitFor(() => expect(received[0]?.destroyed).toBe(true));
    expect(guard.breaker.stats()).toMatchObject({ successes: 0, failures: 1, inFlight: 0 });
  });

  it('is judged at the end of its answer, not at its beginning', async () => {
    const { proxy, guard, received } = await setUp((request, response) => {
      response.write('half');
      request.once('end', () => response.end()).resume();
    });
    const outgoing = open(proxy.url, { method: 'POST', headers: ['Transfer-Encoding', 'chunked'] });
    outgoing.flushHeaders();
    const response = await responseTo(outgoing);
    expect(received).toHaveLength(1);
    expect(guard.breaker.stats()).toMatchObject({ successes: 0, inFlight: 1 });
    outgoing.end();
    await read(response);
    await vi.waitFor(() => expect(guard.breaker.stats()).toMatchObject({ successes: 1, inFlight: 0 }));
  });
});

describe('a client', () => {
  it('that leaves before the answer cancels the call, which counts as nothing', async () => {
    const { proxy, guard, traffic, received } = await setUp(silence);
    const outgoing = open(proxy.url);
    outgoing.on('error', () => undefined).end();
    await vi.waitFor(() => expect(received).toHaveLength(1));
    outgoing.destroy();
    await vi.waitFor(() => expect(traffic.totals.abandoned).toBe(1));
    await vi.waitFor(() => expect(received[0]?.destroyed).toBe(true));
    expect(guard.breaker.stats()).toMatchObject({ failures: 0, successes: 0, ignored: 1, inFlight: 0 });
  });

  it('that leaves within the answer does so too', async () => {
    const { proxy, guard, traffic, received } = await setUp(
      (_request, response) => void response.write('half'),
    );
    const outgoing = open(proxy.url);
    outgoing.end();
    const response = await responseTo(outgoing);
    response.on('error', () => undefined);
    outgoing.destroy();
    await vi.waitFor(() => expect(traffic.totals.abandoned).toBe(1));
    await vi.waitFor(() => expect(received[0]?.destroyed).toBe(true));
    expect(guard.breaker.stats()).toMatchObject({ failures: 0, successes: 0, ignored: 1, inFlight: 0 });
  });

  it('that announces too much is refused at once', async () => {
    const { proxy, received, traffic } = await setUp(silence);
    const headers = ['Content-Length', String(MAX_BODY_BYTES + 1)];
    const outgoing = open(proxy.url, { method: 'POST', headers });
    outgoing.on('error', () => undefined).flushHeaders();
    const reply = await read(await responseTo(outgoing));
    expect(reply.status).toBe(413);
    expect(reply.headers.connection).toBe('close');
    expect(received).toHaveLength(0);
    await vi.waitFor(() => expect(traffic.totals.refused).toBe(1));
  });

  it('that sends too much is refused, which says nothing about the upstream', async () => {
    const { proxy, guard } = await setUp((request) => void request.resume());
    const body = Buffer.alloc(MAX_BODY_BYTES + 1);
    const outgoing = open(proxy.url, { method: 'POST', headers: ['Transfer-Encoding', 'chunked'] });
    outgoing.on('error', () => undefined).end(body);
    const response = await responseTo(outgoing);
    expect(response.statusCode).toBe(413);
    expect(guard.breaker.stats()).toMatchObject({ failures: 0, ignored: 1 });
    outgoing.destroy();
  });

  it.each(['/../admin', '/tea/..', '/tea/%2E%2e/admin', '/tea/.%2e?cups=2', '/tea\\..\\admin'])(
    'that leads upwards is refused: %s',
    async (path) => {
      const { proxy, received } = await setUp(silence);
      expect(await ask(proxy.url, { path })).toMatchObject({ status: 400 });
      expect(received).toHaveLength(0);
    },
  );

  it.each(['/..tea', '/tea../', '/?from=/../', '/...'])(
    'with dots that do not lead upwards is passed on: %s',
    async (path) => {
      const { proxy } = await setUp((request, response) => response.end(request.url));
      expect((await ask(proxy.url, { path })).body).toBe(path);
    },
  );

  it('whose body has a transfer coding of its own is refused', async () => {
    const { proxy, received } = await setUp(silence);
    const headers = ['Transfer-Encoding', 'gzip, chunked'];
    expect(await ask(proxy.url, { method: 'POST', headers })).toMatchObject({ status: 501 });
    expect(received).toHaveLength(0);
  });

  it('that names another host is refused', async () => {
    const { proxy, received } = await setUp(silence);
    expect(await ask(proxy.url, { path: 'http://elsewhere.example/' })).toMatchObject({ status: 400 });
    expect(received).toHaveLength(0);
  });
});

describe('a deadline', () => {
  const header = 'holdfast-timeout-ms';

  it('is honoured, and passed on with what is left of it', async () => {
    const { proxy, received } = await setUp(silence);
    const reply = await ask(proxy.url, { headers: ['Holdfast-Timeout-Ms', '100'] });
    expect(reply.status).toBe(504);
    expect(Number(received[0]?.headers[header])).toBeLessThanOrEqual(100);
    expect(Number(received[0]?.headers[header])).toBeGreaterThan(0);
  });

  it('is that of the proxy when the client has none, or none that can be read', async () => {
    const { proxy, received } = await setUp((_request, response) => void response.end());
    await ask(proxy.url);
    await ask(proxy.url, { headers: ['Holdfast-Timeout-Ms', 'soon'] });
    for (const { headers } of received) {
      expect(Number(headers[header])).toBeLessThanOrEqual(10_000);
      expect(Number(headers[header])).toBeGreaterThan(5_000);
    }
    expect(received).toHaveLength(2);
  });

  it('that has passed costs the upstream nothing', async () => {
    const { proxy, received } = await setUp(silence);
    expect(await ask(proxy.url, { headers: ['Holdfast-Timeout-Ms', '0'] })).toMatchObject({ status: 504 });
    expect(received).toHaveLength(0);
  });
});

describe('the circuit', () => {
  it('opens after five failures, refuses at once, and closes when the upstream has recovered', async () => {
    let down = true;
    const { proxy, guard, received, traffic } = await setUp(
      (request, response) => (down ? trouble(request, response) : response.end('fine')),
      { openMs: 100 },
    );
    const post = () => ask(proxy.url, { method: 'POST', body: 'tea' });
    for (let i = 0; i < 5; i++) expect((await post()).body).toBe('a bad moment');
    expect(guard.breaker.state).toBe('open');

    const refused = await post();
    expect(refused.status).toBe(503);
    expect(refused.headers).toMatchObject({
      'retry-after': '1',
      'proxy-status': 'holdfast; error=destination_unavailable',
    });
    expect(received).toHaveLength(5);
    await vi.waitFor(() => expect(traffic.totals.rejected).toBe(1));

    down = false;
    await vi.waitFor(async () => expect(await post()).toMatchObject({ status: 200 }));
    await post();
    await post();
    expect(guard.breaker.state).toBe('closed');
  });

  it('costs no retries while it is open', async () => {
    const { proxy, guard, traffic } = await setUp(silence);
    guard.breaker.trip();
    expect((await ask(proxy.url)).headers['retry-after']).toBe('60');
    expect(traffic.retries).toBe(0);
  });
});

it('waits for the requests under way when it closes', async () => {
  const held: ServerResponse[] = [];
  const { proxy, received } = await setUp((_request, response) => void held.push(response));
  const reply = ask(proxy.url);
  await vi.waitFor(() => expect(received).toHaveLength(1));
  const closing = finish(proxy.closing);
  await expect(ask(proxy.url)).rejects.toThrow('ECONNREFUSED');
  held[0]?.end('at last');
  expect((await reply).body).toBe('at last');
  await closing;
});

it('cuts them off when they take too long', async () => {
  const { proxy, traffic, received } = await setUp(silence);
  const outgoing = open(proxy.url);
  const failed = once(outgoing, 'error');
  outgoing.end();
  await vi.waitFor(() => expect(received).toHaveLength(1));
  await cut(proxy.closing);
  await failed;
  await vi.waitFor(() => expect(traffic.totals.abandoned).toBe(1));
});
