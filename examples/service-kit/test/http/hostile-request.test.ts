import { once } from 'node:events';
import { connect } from 'node:net';
import { Duplex, PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { deferred, echo, get, post, problemIn, startRig } from './rig.ts';

const CLOSE = 'Host: localhost\r\nConnection: close\r\n';
const JSON_KIND = 'Content-Type: application/json\r\n';

const routes = [
  get('/', ({ query }) => ({ body: [...query] })),
  get('/things/:id', ({ params }) => ({ body: params })),
  get('/mine', () => ({ body: 'mine' }), 'authenticated'),
  post('/echo', echo),
  post('/deaf', () => ({ body: 'done' })),
];
const rig = () => startRig({ routes });
const asking = (lines: string, target = '/') => `GET ${target} HTTP/1.1\r\n${CLOSE}${lines}\r\n`;
const sending = (lines: string, body: string, version = '1.1') =>
  `POST /echo HTTP/${version}\r\n${CLOSE}${JSON_KIND}${lines}\r\n${body}`;
const chunked = (body: string) => sending('Transfer-Encoding: chunked\r\n', body);

test.each<[string, string]>([
  ['two credentials', asking('Authorization: Bearer a/acme\r\nAuthorization: Bearer b/acme\r\n')],
  ['two credentials, one of them empty', asking('Authorization: Bearer a/acme\r\nAuthorization:\r\n')],
  ['two keys', asking('X-Api-Key: a\r\nx-api-key: b\r\n')],
  ['two kinds of credentials', asking('Authorization: Bearer a/acme\r\nX-Api-Key: b\r\n')],
  ['two origins', asking('Origin: http://localhost\r\nOrigin: http://evil.example\r\n')],
  ['two kinds', asking('Content-Type: application/json\r\nContent-Type: text/plain\r\n')],
  ['two codings', asking('Content-Encoding: identity\r\nContent-Encoding: gzip\r\n')],
  ['two ids', asking('X-Request-Id: aaaaaaaa\r\nX-Request-Id: bbbbbbbb\r\n')],
  ['two traces', asking('Traceparent: a\r\nTraceparent: b\r\n')],
  ['two keys of one request', asking('Idempotency-Key: a\r\nIdempotency-Key: b\r\n')],
  ['two conditions', asking('If-Match: "a"\r\nIf-Match: "b"\r\n')],
  ['two hosts', asking('Host: evil.example\r\n')],
  ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ['no host, as of old', 'GET / HTTP/1.0\r\n\r\n'],
  ['two lengths', asking('Content-Length: 0\r\nContent-Length: 5\r\n')],
  ['two lengths in one', sending('Content-Length: 2, 2\r\n', '{}')],
  ['a length and chunks', asking('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n')],
  ['chunks and a length', asking('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n')],
  ['a length with a sign', sending('Content-Length: +2\r\n', '{}')],
  ['a length below nothing', sending('Content-Length: -2\r\n', '{}')],
  ['a length in another base', sending('Content-Length: 0x2\r\n', '{}')],
  ['a length that no number holds', sending('Content-Length: 99999999999999999999\r\n', '{}')],
  ['chunks, and then something', asking('Transfer-Encoding: chunked, identity\r\n')],
  ['something, and then chunks', sending('Transfer-Encoding: gzip, chunked\r\n', '2\r\n{}\r\n0\r\n\r\n')],
  ['chunks twice', sending('Transfer-Encoding: chunked, chunked\r\n', '2\r\n{}\r\n0\r\n\r\n')],
  [
    'chunks in two lines',
    sending('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
  ],
  ['what only resembles chunks', asking('Transfer-Encoding: xchunked\r\n')],
  ['no coding', sending('Transfer-Encoding: identity\r\n', '{}')],
  ['chunks before there were any', sending('Transfer-Encoding: chunked\r\n', '2\r\n{}\r\n0\r\n\r\n', '1.0')],
  ['a chunk without a size', chunked('zz\r\n{}\r\n0\r\n\r\n')],
  ['a chunk of a negative size', chunked('-2\r\n{}\r\n0\r\n\r\n')],
  ['a chunk that is longer than it says', chunked('2\r\n{} \r\n0\r\n\r\n')],
  ['a line that ends with half an end', `GET / HTTP/1.1\nHost: localhost\n\n`],
  ['half an end within a value', asking('X-Bad: a\rb\r\n')],
  ['NUL in a value', asking('X-Bad: a\0b\r\n')],
  ['a space in a name', asking('X Bad: a\r\n')],
  ['a space after a name', asking('X-Bad : a\r\n')],
  ['a folded line', asking('X-Folded: a\r\n b\r\n')],
  ['a name that is none', asking(': a\r\n')],
  ['a space before the first name', 'GET / HTTP/1.1\r\n Host: localhost\r\n\r\n'],
  ['a method that nobody knows', `FOO / HTTP/1.1\r\n${CLOSE}\r\n`],
  ['a method in lower case', `get / HTTP/1.1\r\n${CLOSE}\r\n`],
  ['a tunnel', `CONNECT evil.example:443 HTTP/1.1\r\n${CLOSE}\r\n`],
  ['another version', `GET / HTTP/2.1\r\n${CLOSE}\r\n`],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['no HTTP at all', 'hello\r\n\r\n'],
  ['a query that is not encoded', asking('', '/?a=%')],
  ['a query in half a character', asking('', '/?a=%c3')],
  ['a query in no encoding', asking('', '/?a=%ff')],
  ['a query with an overlong slash', asking('', '/?a=%c0%af')],
  ['a query with NUL', asking('', '/?a=b%00')],
  ['a query with NUL in a name', asking('', '/?a%00b')],
  ['a query with half a pair', asking('', '/?a=%ed%a0%80')],
])('%s: nobody may read that in another way', async (_what, bytes) => {
  const { raw, errors } = await rig();
  expect(problemIn(await raw(bytes))).toBe('bad-request');
  expect(errors).toEqual([]);
});

test.each([
  ['a long value', asking(`X-Long: ${'a'.repeat(20_000)}\r\n`)],
  ['a long target', asking('', `/${'a'.repeat(20_000)}`)],
  ['many fields', asking(Array.from({ length: 2_100 }, (_, i) => `a${i}:b\r\n`).join(''))],
])('a head that is too long is refused: %s', async (_what, bytes) => {
  const { raw } = await rig();
  expect(problemIn(await raw(bytes))).toBe('head-too-large');
});

test.each([
  '',
  'evil.example',
  'localhost@evil.example',
  'localhost.',
  'localhost, evil.example',
  'localhost:x',
])('the host %j is not this one', async (host) => {
  const { raw } = await rig();
  const seen = await raw(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  expect(problemIn(seen)).toBe('misdirected');
});

test.each([
  '/things/a#b',
  '/things/a"b',
  '/things/<script>',
  '/things/{id}',
  '/things/a|b',
  '/things/a^b',
  '/things/a`b',
  '/things/..',
  '/things/%2e%2e',
  '/things/a%2fb',
  '/things/a%5cb',
  '/things/a\\b',
  '/things/a%00',
  '/things/a%7f',
  '/things/%ff',
  '/things/%',
  '/things/',
  '//things/a',
  'http://localhost/things/a',
  'http://evil.example/things/a',
])('the target %j leads nowhere', async (target) => {
  const { raw } = await rig();
  expect(problemIn(await raw(asking('', target)))).toBe('not-found');
});

test.each([
  ["/things/a-b_c.d~e!f$g&h'i(j)k*l+m,n;o=p:q@r", "a-b_c.d~e!f$g&h'i(j)k*l+m,n;o=p:q@r"],
  ['/things/%C3%A9', 'é'],
  ['/things/%252e', '%2e'],
  ['/things/%3Cb%3E', '<b>'],
])('the target %s has one reading', async (target, id) => {
  expect((await (await rig()).ask(target)).json).toEqual({ id });
});

test.each(['é', '\u0001', ' '])('raw %j in a target is no request', async (character) => {
  const { raw } = await rig();
  const bytes = Buffer.from(asking('', `/things/a${character}b`));
  expect(problemIn(await raw(bytes))).toBe('bad-request');
});

test('a query may have any names, and none of them reaches a prototype', async () => {
  const { ask } = await rig();
  const seen = JSON.parse(
    (await ask('/?__proto__=1&constructor=2&a=1&a=b+c%20d%F0%9F%98%80?')).text,
  ) as unknown;
  expect(seen).toEqual([
    ['__proto__', '1'],
    ['constructor', '2'],
    ['a', '1'],
    ['a', 'b c d😀?'],
  ]);
});

describe('methods', () => {
  test.each(['OPTIONS', 'TRACE', 'DELETE', 'PUT', 'PATCH', 'POST', 'PROPFIND', 'QUERY'])(
    '%s of a path without it is told which there are',
    async (method) => {
      const { ask } = await rig();
      const { status, headers, json } = await ask('/', { method });
      expect(status).toBe(405);
      expect(headers).toMatchObject({ allow: 'GET, HEAD', 'content-type': 'application/problem+json' });
      expect(json).toMatchObject({ type: 'urn:holdfast:problem:method-not-allowed' });
      expect((await ask('/nothing', { method })).status).toBe(404);
    },
  );

  test('HEAD has the head of GET, and no body, not even of a problem', async () => {
    const { raw } = await rig();
    for (const target of ['/', '/nothing', '/mine', '/?a=%']) {
      const head = async (method: string) => {
        const seen = await raw(`${method} ${target} HTTP/1.1\r\n${CLOSE}X-Request-Id: request-7\r\n\r\n`);
        const [lines = '', body] = seen.split('\r\n\r\n');
        return { lines: lines.replace(/^(date|ratelimit): .*\r\n/gim, ''), body };
      };
      const [got, headed] = [await head('GET'), await head('HEAD')];
      expect(headed).toEqual({ lines: got.lines, body: '' });
    }
  });

  test('OPTIONS of everything is nothing', async () => {
    const { raw } = await rig();
    expect(problemIn(await raw(`OPTIONS * HTTP/1.1\r\n${CLOSE}\r\n`))).toBe('not-found');
  });

  test('another protocol is not gone over to', async () => {
    const { raw } = await rig();
    const seen = await raw(
      asking('Upgrade: h2c\r\nHTTP2-Settings: AAA\r\n').replace('close', 'close, upgrade'),
    );
    expect(seen).toMatch(/^HTTP\/1.1 200 /);
  });
});

describe('bodies', () => {
  test('of chunks with extensions and trailers are read, and neither of these believed', async () => {
    const { raw } = await startRig({ routes: [post('/mine', echo, 'authenticated')] });
    const body = '2;Authorization=x\r\n{}\r\n0\r\nAuthorization: Bearer u/acme\r\n\r\n';
    const seen = await raw(chunked(body).replace('/echo', '/mine'));
    expect(seen).toMatch(/^HTTP\/1.1 401 /);
    expect(await (await rig()).raw(chunked(body))).toMatch(/^HTTP\/1.1 200 /);
  });

  test('that smuggle a second request do not get two answers', async () => {
    const { raw } = await rig();
    const head =
      'POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(problemIn(await raw(`${head}0\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n`))).toBe(
      'bad-request',
    );
  });

  test('that are refused unread end the connection, so that their rest is no request', async () => {
    const { raw } = await rig();
    const head = 'POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n';
    expect(problemIn(await raw(`${head}GET / HTTP/1.1\r\n`))).toBe('not-found');
  });

  test('that nobody waits for end the connection as well', async () => {
    const { raw } = await rig();
    const seen = await raw('POST /deaf HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc');
    expect(seen).toMatch(/^HTTP\/1.1 200 /);
    expect(seen).toMatch(/connection: close/i);
  });

  test('that were read leave the connection open', async () => {
    const { raw } = await rig();
    const first = `POST /echo HTTP/1.1\r\nHost: localhost\r\n${JSON_KIND}Content-Length: 2\r\n\r\n{}`;
    const seen = await raw(first + asking(''));
    expect(seen.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  });

  test('that are expected to be waited for are asked for', async () => {
    const { raw } = await rig();
    const seen = await raw(sending('Expect: 100-continue\r\nContent-Length: 2\r\n', '{}'));
    expect(seen).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 /);
  });

  test('with another expectation are read without it', async () => {
    const { raw } = await rig();
    expect(await raw(sending('Expect: magic\r\nContent-Length: 2\r\n', '{}'))).toMatch(/^HTTP\/1.1 200 /);
  });

  test('that break off are nobody else’s mistake', async () => {
    const entered = deferred<void>();
    const ended = deferred<void>();
    const slow = post('/slow', (call) => {
      entered.resolve();
      return echo(call);
    });
    const around = async (_context: unknown, body: () => Promise<unknown>) =>
      ended.resolve(void (await body()));
    const { port, errors } = await startRig({ routes: [slow], around });
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    socket.write(`POST /slow HTTP/1.1\r\nHost: localhost\r\n${JSON_KIND}Content-Length: 9\r\n\r\n{"a"`);
    await entered.promise;
    socket.destroy();
    await ended.promise;
    expect(errors).toEqual([]);
  });
});

describe('a connection', () => {
  test('that breaks while another answer is under way gets nothing mixed into it', async () => {
    const begun = deferred<void>();
    const stream = get('/stream', ({ response }) => {
      response.writeHead(200, { 'content-length': 10 }).write('half');
      begun.resolve();
      return undefined;
    });
    const { port } = await startRig({ routes: [stream] });
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    const seen = text(socket);
    socket.write('GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await begun.promise;
    socket.write('hello\r\n\r\n');
    expect(await seen).toMatch(/\r\n\r\nhalf$/);
  });

  test('that broke after a whole answer is told so', async () => {
    const { port } = await rig();
    const socket = connect(port, '127.0.0.1');
    socket.write('HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1.1 200 /);
    const rest = text(socket);
    socket.write('hello\r\n\r\n');
    expect(problemIn(await rest)).toBe('bad-request');
  });

  const refused = async (event: string, ...args: readonly unknown[]) => {
    const { service } = await rig();
    const socket = new PassThrough();
    service.server.emit(event, ...args, socket);
    return socket;
  };
  const failure = (code: string) => Object.assign(new Error(code), { code });

  test('that takes too long to ask is told so', async () => {
    const socket = await refused('clientError', failure('ERR_HTTP_REQUEST_TIMEOUT'));
    expect(problemIn(await text(socket))).toBe('request-timeout');
  });

  test.each(['ECONNRESET', 'EPIPE'])('that is gone is not answered: %s', async (code) => {
    const socket = await refused('clientError', failure(code));
    expect(socket.destroyed).toBe(true);
    expect(socket.read()).toBeNull();
  });

  test('that is refused is not kept by a client who keeps it', async () => {
    const { service } = await rig();
    const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
    const closed = once(socket, 'close');
    service.server.emit('clientError', failure('HPE_INVALID_METHOD'), socket);
    await closed;
  });

  test('that takes no answer is ended', async () => {
    const { service } = await rig();
    const socket = new PassThrough().end();
    service.server.emit('clientError', failure('HPE_INVALID_METHOD'), socket);
    expect(socket.destroyed).toBe(true);
  });

  test('that breaks while it is refused ends nothing else', async () => {
    const socket = await refused('connect', {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.emit('error', failure('ECONNRESET'));
    await closed;
    expect(socket.destroyed).toBe(true);
  });

  test('has ten seconds for a head, and a minute for a request', async () => {
    const { server } = (await rig()).service;
    expect(server).toMatchObject({ headersTimeout: 10_000, requestTimeout: 60_000 });
  });
});
