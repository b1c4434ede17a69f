import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, it, vi } from 'vitest';
import { ask, open, read, responseTo } from '../support/http-client.ts';
import { listen, setUp } from '../support/setup.ts';

it('passes on method, path, headers and body, and the answer back', async () => {
  const { proxy, traffic } = await setUp(async (request, response) => {
    const body = await text(request);
    response.writeHead(201, 'Made', ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-Asked', request.url ?? '']);
    response.end(`${request.method} ${String(request.headers['x-tea'])} ${body}`);
  });
  const reply = await ask(proxy.url, {
    method: 'POST',
    path: '/tea?cups=2',
    headers: ['X-Tea', 'green'],
    body: 'please',
  });
  expect(reply).toMatchObject({ status: 201, body: 'POST green please' });
  expect(reply.headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-asked': '/tea?cups=2' });
  await vi.waitFor(() => expect(traffic.totals.answered).toBe(1));
});

it('passes on what speaks of the request rather than of the upstream', async () => {
  const { proxy, guard, received } = await setUp((_request, response) =>
    response.writeHead(404).end('no tea'),
  );
  expect(await ask(proxy.url)).toMatchObject({ status: 404, body: 'no tea' });
  await vi.waitFor(() => expect(guard.breaker.stats()).toMatchObject({ successes: 1, failures: 0 }));
  expect(received).toHaveLength(1);
});

it('answers HEAD without a body', async () => {
  const { proxy } = await setUp((_request, response) =>
    response.writeHead(200, { 'Content-Length': 12 }).end(),
  );
  const reply = await ask(proxy.url, { method: 'HEAD' });
  expect(reply).toMatchObject({ status: 200, body: '' });
  expect(reply.headers['content-length']).toBe('12');
});

it('drops the headers of the connection, both ways', async () => {
  const { proxy, received } = await setUp((_request, response) => {
    response.writeHead(200, { Connection: 'close, X-Private', 'X-Private': 'secret', 'X-Public': 'tea' });
    response.end('fine');
  });
  const reply = await ask(proxy.url, {
    headers: [
      'Connection',
      'x-mine',
      'X-Mine',
      'secret',
      'TE',
      'trailers',
      'X-Ours',
      'tea',
      'Upgrade',
      'tea',
    ],
  });
  const [request] = received;
  expect(request?.headers).toMatchObject({ 'x-ours': 'tea', via: '1.1 holdfast' });
  for (const name of ['x-mine', 'te', 'upgrade']) expect(request?.headers).not.toHaveProperty(name);
  expect(reply.headers).toMatchObject({ 'x-public': 'tea' });
  expect(reply.headers).not.toHaveProperty('x-private');
});

it.each(['GET', 'DELETE', 'PUT', 'POST'])(
  'says where the body of a %s ends, whatever its client calls a header of the connection',
  async (method) => {
    const { proxy, received } = await setUp(async (request, response) => response.end(await text(request)));
    const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: tea\r\n\r\n';
    const headers = ['Connection', 'Content-Length'];
    expect((await ask(proxy.url, { method, headers, body: smuggled })).body).toBe(smuggled);
    await ask(proxy.url, { path: '/next' });
    expect(received.map(({ url }) => url)).toEqual(['/', '/next']);
  },
);

it('asks for the host and below the path of the upstream', async () => {
  const upstream = await listen((request, response) =>
    response.end(`${request.headers.host} ${request.url}`),
  );
  const { proxy } = await setUp(new URL('/base/', upstream));
  expect((await ask(proxy.url, { path: '/tea' })).body).toBe(`${upstream.host} /base/tea`);
});

it('streams both ways at once', async () => {
  const { proxy } = await setUp((request, response) => {
    response.write('first');
    request.pipe(response);
  });
  const outgoing = open(proxy.url, { method: 'POST', headers: ['Transfer-Encoding', 'chunked'] });
  outgoing.flushHeaders();
  const response = await responseTo(outgoing);
  expect(String(await once(response, 'data'))).toBe('first');
  outgoing.write('second');
  expect(String(await once(response, 'data'))).toBe('second');
  outgoing.end();
  await once(response, 'end');
});

it('streams a large body without a length, and the echo back', async () => {
  const { proxy, received } = await setUp((request, response) => request.pipe(response));
  const body = Buffer.alloc(2 * 1024 * 1024, 'tea ');
  const reply = await ask(proxy.url, { method: 'POST', body, chunked: true });
  expect(reply.body).toBe(body.toString());
  expect(received[0]?.headers['transfer-encoding']).toBe('chunked');
});

it('passes on a body that a client sends only when told to continue', async () => {
  const { proxy } = await setUp((request, response) => request.pipe(response));
  const outgoing = open(proxy.url, {
    method: 'PUT',
    headers: ['Content-Length', '3', 'Expect', '100-continue'],
  });
  outgoing.flushHeaders();
  await once(outgoing, 'continue');
  outgoing.end('tea');
  expect((await read(await responseTo(outgoing))).body).toBe('tea');
});

it('reads no faster from the upstream than the client reads', async () => {
  let sent = 0;
  const piece = Buffer.alloc(64 * 1024);
  const { proxy } = await setUp((_request, response) => {
    const write = () => {
      while (sent < 1_000) {
        sent++;
        if (!response.write(piece)) return;
      }
    };
    response.on('drain', write);
    write();
  });
  const outgoing = open(proxy.url);
  outgoing.end();
  const response = await responseTo(outgoing);
  response.pause();
  // When nothing has moved for a while, everything between the two is full.
  let before = -1;
  await vi.waitFor(
    () => {
      const moved = sent - before;
      before = sent;
      expect(moved).toBe(0);
    },
    { interval: 100, timeout: 5_000 },
  );
  expect(sent).toBeLessThan(1_000);
  outgoing.destroy();
});
