import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import {
  StreamableHTTPServerTransport,
  type StreamableHTTPServerTransportOptions,
} from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { describe, expect, test } from 'vitest';
import { mcpCheck, type McpCheckOptions } from '../../src/index.ts';
import { probing } from './probing.ts';

/** A real MCP server with one tool, one transport a session. */
async function mcpServer({
  stateless = false,
  ...options
}: Partial<StreamableHTTPServerTransportOptions> & { stateless?: boolean } = {}) {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const ended: string[] = [];
  let refused = false;

  const transportOf = async () => {
    const transport = new StreamableHTTPServerTransport({
      ...options,
      ...(stateless
        ? {}
        : {
            sessionIdGenerator: randomUUID,
            onsessioninitialized: (id) => void sessions.set(id, transport),
            onsessionclosed: (id) => {
              sessions.delete(id);
              ended.push(id);
            },
          }),
    });
    const server = new McpServer({ name: 'tools', version: '1.0.0' });
    server.registerTool('ping', {}, () => ({ content: [{ type: 'text', text: 'pong' }] }));
    // The SDK declares its optional callbacks without `undefined`.
    await server.connect(transport);
    return transport;
  };
  const listener: RequestListener = (request, response) => {
    if (refused || request.headers.authorization !== 'Bearer token') {
      response.writeHead(refused ? 503 : 401).end();
      return;
    }
    const known = sessions.get(String(request.headers['mcp-session-id']));
    void (known === undefined ? transportOf() : Promise.resolve(known)).then((transport) =>
      transport.handleRequest(request, response),
    );
  };
  const http = createServer(listener);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    sessions,
    ended,
    refuse: (yes: boolean) => (refused = yes),
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

const checkOf = (url: string, options: Partial<McpCheckOptions> = {}) =>
  probing(mcpCheck({ url, headers: { authorization: 'Bearer token' }, slowMs: Infinity, ...options }));

describe.each([
  ['streams of events', {}],
  ['plain JSON', { enableJsonResponse: true }],
])('a check of a real MCP server that answers in %s', (_name, options) => {
  test('is up, and leaves no session behind', async () => {
    await using server = await mcpServer(options);
    using check = checkOf(server.url);
    for (let i = 0; i < 3; i++) expect(await check.probe()).toMatchObject({ state: 'up' });
    expect(server.sessions.size).toBe(0);
    expect(server.ended).toHaveLength(3);
  });

  test('knows a server without sessions', async () => {
    await using server = await mcpServer({ ...options, stateless: true });
    using check = checkOf(server.url);
    expect(await check.probe()).toMatchObject({ state: 'up' });
  });
});

describe('a check of a real MCP server', () => {
  test('is down by the status of a refusal, and up again after', async () => {
    await using server = await mcpServer();
    using check = checkOf(server.url);
    server.refuse(true);
    expect(await check.probe()).toMatchObject({ state: 'down', reason: 'http-503' });
    server.refuse(false);
    expect(await check.probe()).toMatchObject({ state: 'up' });
  });

  test('does not take a server that is there for one that lets it in', async () => {
    await using server = await mcpServer();
    using check = checkOf(server.url, { headers: {} });
    expect(await check.probe()).toMatchObject({ state: 'down', reason: 'http-401' });
  });

  test('a method that the server does not know is no answer', async () => {
    await using server = await mcpServer({ stateless: true });
    using check = checkOf(server.url, { method: 'server/discover' });
    expect(await check.probe()).toMatchObject({ state: 'down' });
  });

  test('is degraded where the answer takes its time', async () => {
    await using server = await mcpServer();
    using check = checkOf(server.url, { slowMs: 0 });
    expect(await check.probe()).toMatchObject({ state: 'degraded', reason: 'slow' });
  });
});
