import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { manualClock } from '@holdfast/pipeline/testing';
import { expect, onTestFinished } from 'vitest';
import { createAuthenticator } from '../../src/auth/authenticator.ts';
import type { Identity } from '../../src/auth/identity.ts';
import type { Call, Route } from '../../src/http/call.ts';
import type { ServiceOptions } from '../../src/http/service-options.ts';
import { createService } from '../../src/http/service.ts';
import { defineRoles } from '../../src/rbac/roles.ts';
import { TokenError } from '@holdfast/credential-broker';

/** Tokens of tests name who has them: `id/tenant/role`. */
async function tokens(token: string): Promise<Identity> {
  const [id = '', tenant, role] = token.split('/');
  if (tenant === undefined) throw new TokenError('signature', 'forged');
  return { id, tenant, type: 'user', roles: role === undefined ? [] : [role] };
}

export const get = (path: string, handle: Route['handle'], access: Route['access'] = 'public'): Route => {
  return { method: 'GET', path, access, handle };
};
export const post = (path: string, handle: Route['handle'], access: Route['access'] = 'public'): Route => {
  return { method: 'POST', path, access, handle };
};
export const echo = async (call: Call) => ({ body: { got: await call.json() } });

/** A promise that others settle. */
export function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

/** A service that listens until the test is over. */
export async function startRig(options: Partial<ServiceOptions> = {}) {
  const clock = manualClock();
  const errors: unknown[] = [];
  const service = createService({
    name: 'test',
    routes: [],
    roles: defineRoles({ viewer: ['things:read'] }),
    authenticator: createAuthenticator({ realm: 'test', tokens }),
    clock,
    onError: (error) => errors.push(error),
    ...options,
  });
  onTestFinished(() => service.close());
  const url = await service.listen(0);
  const port = Number(url.port);

  async function ask(path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answered> {
    const request = httpRequest({ host: '127.0.0.1', port, path, method, headers, agent: false });
    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const content = await text(response);
    const isJson = /json/.test(response.headers['content-type'] ?? '') && content !== '';
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      text: content,
      json: (isJson ? JSON.parse(content) : {}) as Record<string, unknown>,
    };
  }
  const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  const send = (body: string | Buffer, type = 'application/json', more = {}): Asked => {
    return { method: 'POST', headers: { 'content-type': type, ...more }, body };
  };
  /** Sends bytes as they are, and reads until the connection ends. */
  async function raw(bytes: string | Buffer): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(bytes);
    return text(socket);
  }
  return { service, clock, errors, url, port, ask, as, send, raw };
}

/** The one problem that raw bytes must be the answer of, whole and with nothing after it. */
export function problemIn(bytes: string) {
  const [head = '', body = '', ...more] = bytes.split('\r\n\r\n');
  expect(more).toEqual([]);
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(head) ?? [];
  expect(head).toMatch(/\r\ncontent-type: application\/problem\+json\r?$/im);
  expect(head).toMatch(/\r\nconnection: close\r?$/im);
  expect(head).toMatch(/\r\nx-content-type-options: nosniff\r?$/im);
  expect(head).toMatch(new RegExp(`\\r\\ncontent-length: ${Buffer.byteLength(body)}\\r?$`, 'im'));
  const problem = JSON.parse(body) as { readonly type: string; readonly status: number };
  expect(problem.status).toBe(Number(status));
  return problem.type.replace('urn:holdfast:problem:', '');
}
