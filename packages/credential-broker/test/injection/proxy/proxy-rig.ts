import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import {
  createForwardProxy,
  type ForwardProxyOptions,
  type InjectedRequest,
  type Injector,
} from '@holdfast/credential-broker/injection';
import { onTestFinished, vi } from 'vitest';
import { AGENT } from '../../broker/rig.ts';

/** What a client gives for a proxy that has a user and a password in its URL. */
export const BASIC = `Basic ${Buffer.from('agent-key:hf_handle').toString('base64')}`;

/** A proxy before an injector that does what it is told. */
export async function aProxy(
  fetch: Injector['fetch'] = async () => new Response('done'),
  options: Partial<ForwardProxyOptions> = {},
) {
  const asked: InjectedRequest[] = [];
  const injector: Pick<Injector, 'fetch'> = {
    fetch: (handle, principal, request) => {
      asked.push(request);
      return fetch(handle, principal, request);
    },
  };
  const proxy = createForwardProxy({
    injector,
    authenticate: (_, login) =>
      login?.username === 'agent-key' ? { principal: AGENT, handle: login.password } : undefined,
    ...options,
  });
  const { port } = await proxy.listen();
  onTestFinished(() => proxy.close());
  return { proxy, port, asked };
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Asks a proxy as clients do that go by `HTTP_PROXY`. */
export function ask(
  port: number,
  url: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const all = { 'proxy-authorization': BASIC, ...headers };
    const request = httpRequest({ port, host: '127.0.0.1', path: url, method, headers: all }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: text }),
      );
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Writes bytes to a proxy, and reads until it closes the connection. */
export function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });
}

/** A connection to a proxy that its client keeps; resolves once the proxy has it, or said what it was to say. */
export async function aConnection(port: number, text: string, said = /^/): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString()));
  socket.on('error', () => {});
  socket.write(text);
  // The proxy takes connections in their order.
  await raw(port, 'x\r\n\r\n');
  await vi.waitUntil(() => said.test(answer), { timeout: 20_000 });
}

/** The head of a request. */
export const head = (...lines: readonly string[]) => `${lines.join('\r\n')}\r\n\r\n`;
