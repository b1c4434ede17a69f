import { once } from 'node:events';
import { Agent, type RequestListener } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  UpstreamBrokeOffError,
  UpstreamStatusError,
  UpstreamUnreachableError,
} from '../../src/proxy/errors.ts';
import { callUpstream, type Part } from '../../src/proxy/upstream-call.ts';
import { deadEnd, listen } from '../support/setup.ts';

const none = { repeatable: true, sendTo: (target: { end(): unknown }) => void target.end() };

interface Call {
  readonly url: URL;
  readonly path?: string;
  readonly signal?: AbortSignal;
}

function call({ url, path = '/', signal = new AbortController().signal }: Call): AsyncIterable<Part> {
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  return callUpstream({ url, agent, method: 'GET', path, headers: ['Host', url.host], body: none }, signal);
}

async function all(parts: AsyncIterable<Part>): Promise<readonly Part[]> {
  const found: Part[] = [];
  for await (const part of parts) found.push(part);
  return found;
}

async function partsOf(listener: RequestListener): Promise<readonly Part[]> {
  return all(call({ url: await listen(listener) }));
}

const failure = (parts: AsyncIterable<Part>) =>
  all(parts).then(
    () => undefined,
    (error: unknown) => error,
  );

describe('an answer', () => {
  it('comes as its head, then in pieces', async () => {
    const [head, ...pieces] = await partsOf((_request, response) => {
      response.writeHead(201, 'Made', { 'X-Tea': 'green' });
      response.end('in a pot');
    });
    expect(head).toMatchObject({ status: 201, statusText: 'Made' });
    expect((head as { headers: readonly string[] }).headers.join()).toContain('X-Tea,green');
    expect(Buffer.concat(pieces as Buffer[]).toString()).toBe('in a pot');
  });

  it('loses the headers of its connection', async () => {
    const [head] = await partsOf((_request, response) => response.end('tea'));
    const names = (head as { headers: readonly string[] }).headers.map((each) => each.toLowerCase());
    for (const name of ['connection', 'keep-alive', 'transfer-encoding']) expect(names).not.toContain(name);
  });

  it.each([500, 502, 503, 504])('of %i is an error, with its page', async (status) => {
    const url = await listen((_request, response) => {
      response.writeHead(status, { 'Retry-After': '7' }).end('no tea');
    });
    const error = await failure(call({ url }));
    expect(error).toBeInstanceOf(UpstreamStatusError);
    expect(error).toMatchObject({ status, body: Buffer.from('no tea'), headers: { 'retry-after': '7' } });
  });

  it.each([400, 404, 429, 501])('of %i is one like any other', async (status) => {
    const [head] = await partsOf((_request, response) => response.writeHead(status).end());
    expect(head).toMatchObject({ status });
  });

  it('leaves out an error page that is too long to keep, rather than cut it', async () => {
    const url = await listen((_request, response) => {
      response.writeHead(503, { 'Content-Encoding': 'identity' }).end('a'.repeat(64 * 1024 + 1));
    });
    const error = (await failure(call({ url }))) as UpstreamStatusError;
    expect(error.body).toHaveLength(0);
    expect(error.head.headers.join().toLowerCase()).not.toContain('content-encoding');
  });
});

describe('an upstream', () => {
  it('that is not there has been sent nothing', async () => {
    const error = await failure(call({ url: await deadEnd() }));
    expect(error).toBeInstanceOf(UpstreamUnreachableError);
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('that hangs up may have been sent something', async () => {
    const url = await listen((request) => request.socket.destroy());
    expect(await failure(call({ url }))).toMatchObject({ code: 'ECONNRESET' });
  });

  it('that breaks off is told apart from one that never began', async () => {
    const url = await listen((_request, response) => {
      response.writeHead(200, { 'Content-Length': 10 });
      response.write('half', () => response.destroy());
    });
    expect(await failure(call({ url }))).toBeInstanceOf(UpstreamBrokeOffError);
  });

  it.each([
    ['', '/tea', '/tea'],
    ['/', '/tea', '/tea'],
    ['/base', '/tea?cups=2', '/base/tea?cups=2'],
    ['/base/', '/', '/base/'],
  ])('at %s is asked for %s as %s', async (base, path, asked) => {
    const url = await listen((request, response) => response.end(request.url));
    const [, piece] = await all(call({ url: new URL(base, url), path }));
    expect((piece as Buffer).toString()).toBe(asked);
  });
});

describe('whoever waits no longer', () => {
  it('ends the call with its signal', async () => {
    const controller = new AbortController();
    const url = await listen(() => controller.abort(new Error('enough')));
    expect(await failure(call({ url, signal: controller.signal }))).toBeInstanceOf(UpstreamUnreachableError);
  });

  it('ends the call by leaving the loop, also while nothing comes', async () => {
    let closed: Promise<unknown> | undefined;
    const url = await listen((_request, response) => {
      closed = once(response, 'close');
      response.writeHead(200);
      response.write('half');
    });
    const parts = call({ url })[Symbol.asyncIterator]();
    expect((await parts.next()).value).toMatchObject({ status: 200 });
    await parts.return?.();
    await closed;
  });
});
