import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRedactor, type PolicyRule } from '@holdfast/credential-broker';
import { createEgress, type EgressOptions } from '@holdfast/credential-broker/egress';
import {
  createInjector,
  type InjectionRule,
  type InjectorOptions,
} from '@holdfast/credential-broker/injection';
import { onTestFinished } from 'vitest';
import { aBroker, AGENT, ask } from '../broker/rig.ts';

/** A server on loopback that is gone after the test. */
export async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** What an upstream was sent. */
export interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

interface Setting {
  /** What the upstream does once it has the request; default: an empty answer. */
  readonly listener?: RequestListener;
  readonly rule?: Partial<InjectionRule>;
  readonly rules?: (origin: string) => readonly InjectionRule[];
  readonly policy?: Partial<PolicyRule>;
  readonly egress?: EgressOptions;
  readonly options?: Partial<InjectorOptions>;
}

/** An injector before an upstream on loopback, which stands for every host. */
export async function anInjector({ listener, rule, rules, policy, egress, options }: Setting = {}) {
  const seen: Seen[] = [];
  const port = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      if (listener === undefined) response.end();
      else listener(request, response);
    });
  });
  const origin = `http://api.example:${port}`;
  const way = createEgress({
    allowHttp: true,
    allowNetworks: ['127.0.0.1'],
    ports: [port],
    resolve: async () => ['127.0.0.1'],
    ...egress,
  });
  onTestFinished(() => way.close());
  const rig = aBroker({ oneTime: true, ...policy });
  const redactor = createRedactor();
  const injector = createInjector({
    broker: rig.broker,
    egress: way,
    redactor,
    rules: rules?.(origin) ?? [{ ...aRule(origin), ...rule }],
    ...options,
  });
  const handle = async (more: Parameters<typeof ask>[1] = {}) => {
    const grant = await rig.broker.issue(ask('db', { mode: 'injected', ...more }));
    return grant.handle ?? '';
  };
  const fetch = async (url: string, init: Omit<Parameters<typeof injector.fetch>[2], 'url'> = {}) =>
    injector.fetch(await handle(), AGENT, { url: url.startsWith('/') ? origin + url : url, ...init });
  return { ...rig, injector, redactor, origin, port, seen, handle, fetch, egress: way };
}

/** Puts the password into the header field that most use. */
export const aRule = (origin: string): InjectionRule => ({
  id: 'orders',
  refs: ['db://prod/*'],
  origin,
  methods: ['GET', 'POST', 'DELETE'],
  paths: ['/v1/orders/*', '/v1/echo/**'],
  inject: [{ into: 'header', name: 'authorization', template: 'Bearer {password}' }],
});
