import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { httpCheck, mcpCheck, tcpCheck, type McpCheckOptions } from '../../src/index.ts';
import { runCheck } from './run-check.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) (server as ReturnType<typeof createServer>).closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listening<S extends Server>(server: S): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
const serve = async (listener: RequestListener) =>
  `http://127.0.0.1:${await listening(createServer(listener))}`;
const closedPort = async () => {
  const server = createTcpServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  servers.pop();
  return port;
};

describe('a check of an HTTP service', () => {
  test('is up when the answer is', async () => {
    const url = await serve((_request, response) => response.end('fine'));
    expect(await runCheck(httpCheck({ url }))).toMatchObject({ state: 'up', observedUnit: 'ms' });
  });

  test('sends method and headers', async () => {
    let seen: IncomingMessage | undefined;
    const url = await serve((request, response) => {
      seen = request;
      response.end();
    });
    await runCheck(httpCheck({ url: new URL(url), method: 'HEAD', headers: { 'x-probe': '1' } }));
    expect([seen?.method, seen?.headers['x-probe']]).toEqual(['HEAD', '1']);
  });

  test.each([503, 404, 302])('an answer of %i is no good one', async (status) => {
    const url = await serve((_request, response) => response.writeHead(status, { location: '/login' }).end());
    await expect(runCheck(httpCheck({ url }))).rejects.toMatchObject({ code: `http-${status}` });
  });

  test('what a good answer is can be told', async () => {
    const url = await serve((_request, response) => response.writeHead(401).end('{"ready":true}'));
    const accepts = async (response: Response) => ((await response.json()) as { ready: boolean }).ready;
    expect(await runCheck(httpCheck({ url, accepts }))).toMatchObject({ state: 'up' });
  });

  test('does not keep a connection busy with a body that nobody reads', async () => {
    let connections = 0;
    const server = createServer((_request, response) => response.end('x'.repeat(100_000)));
    server.on('connection', () => connections++);
    const check = httpCheck({ url: `http://127.0.0.1:${await listening(server)}` });
    for (let i = 0; i < 10; i++) await runCheck(check);
    const open = () =>
      new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)));
    // Ten when bodies are left unread. Some versions of Node keep an idle connection beside the one in use.
    await vi.waitFor(async () => expect(await open()).toBeLessThanOrEqual(2));
    expect(connections).toBeGreaterThan(0);
  });

  test('stops when it is told to', async () => {
    const url = await serve(() => undefined);
    const controller = new AbortController();
    const result = runCheck(httpCheck({ url }), controller.signal);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(result).rejects.toBe(reason);
  });

  test('a URL is absolute', () => {
    expect(() => httpCheck({ url: '/health' })).toThrow(
      'httpCheck: url must be an absolute URL, got a string of length 7',
    );
    expect(() => httpCheck({} as { url: string })).toThrow('httpCheck: url must be an absolute URL');
  });
});

describe('a check of a TCP port', () => {
  test('is up when someone listens', async () => {
    const port = await listening(createTcpServer((socket) => socket.on('error', () => undefined)));
    expect(await runCheck(tcpCheck({ host: '127.0.0.1', port }))).toMatchObject({ state: 'up' });
  });

  test('fails when nobody does', async () => {
    await expect(runCheck(tcpCheck({ host: '127.0.0.1', port: await closedPort() }))).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });

  test('stops when it is told to', async () => {
    const check = tcpCheck({ host: '127.0.0.1', port: 9 });
    await expect(runCheck(check, AbortSignal.abort())).rejects.toThrow();
  });

  test('a port is a port', () => {
    expect(() => tcpCheck({ host: 'x', port: 0 })).toThrow(
      'tcpCheck: port must be an integer >= 1 and <= 65535, got 0',
    );
    expect(() => tcpCheck({ host: 'x' } as never)).toThrow('tcpCheck: port must be an integer');
  });
});

describe('a check of an MCP server', () => {
  interface Exchange {
    readonly method: string | undefined;
    readonly headers: IncomingMessage['headers'];
    readonly body: string;
  }
  const result = {
    jsonrpc: '2.0',
    id: 1,
    result: { protocolVersion: '2025-11-25', serverInfo: { name: 'x' } },
  };

  const mcp = async (answer: RequestListener, options: Partial<McpCheckOptions> = {}) => {
    const seen: Exchange[] = [];
    const url = await serve((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        seen.push({ method: request.method, headers: request.headers, body });
        if (request.method === 'DELETE') response.writeHead(405).end();
        else answer(request, response);
      });
    });
    return { check: mcpCheck({ url, ...options }), seen };
  };
  const json =
    (body: unknown, headers: Record<string, string> = {}): RequestListener =>
    (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

  test('initialises it, and ends the session it got', async () => {
    const { check, seen } = await mcp(json(result, { 'mcp-session-id': 's1' }), {
      headers: { authorization: 'Bearer t' },
    });
    expect(await runCheck(check)).toMatchObject({ state: 'up' });
    expect(seen.map(({ method }) => method)).toEqual(['POST', 'DELETE']);
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({
      method: 'initialize',
      params: { protocolVersion: '2025-11-25' },
    });
    expect(seen[1]?.headers).toMatchObject({ 'mcp-session-id': 's1', authorization: 'Bearer t' });
  });

  test('reads an answer that comes as a stream which stays open', async () => {
    const { check } = await mcp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`: hello\n\nevent: message\ndata: ${JSON.stringify(result)}\n\n`);
    });
    expect(await runCheck(check)).toMatchObject({ state: 'up' });
  });

  test('discovers a stateless server', async () => {
    const { check, seen } = await mcp(json(result), { method: 'server/discover' });
    expect(await runCheck(check)).toMatchObject({ state: 'up' });
    expect(seen).toHaveLength(1);
    expect(seen[0]?.headers).toMatchObject({
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'server/discover',
    });
  });

  test.each<[string, RequestListener]>([
    ['an error of JSON-RPC', json({ jsonrpc: '2.0', id: 1, error: { code: -32600, message: 'no' } })],
    ['JSON of something else', json('hello')],
    ['a page', (_request, response) => response.end('<html>')],
    [
      'a stream without an answer',
      (_request, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(),
    ],
    ['more than an answer can be', (_request, response) => response.end('x'.repeat(2_000_000))],
  ])('%s is no answer', async (_case, answer) => {
    const { check } = await mcp(answer);
    await expect(runCheck(check)).rejects.toMatchObject({ code: 'wrong-answer' });
  });

  test('a refusal is told by its status', async () => {
    const { check } = await mcp((_request, response) => response.writeHead(401).end('no'));
    await expect(runCheck(check)).rejects.toMatchObject({ code: 'http-401' });
  });
});
