import type { IncomingMessage } from 'node:http';
import { having, integer, readOptions, systemClock, type, type Clock, type Rules } from '@holdfast/pipeline';
import type { Principal } from '../../broker/principal.ts';
import type { Injector } from '../injector.ts';

/** What a client gives with `Proxy-Authorization: Basic`, as it does for `http://user:password@host` as its proxy. */
export interface ProxyLogin {
  readonly username: string;
  readonly password: string;
}

/** Who asks, and with which lease. */
export interface ProxyUser {
  readonly principal: Principal;
  /** Of a lease of mode `injected` or `reference` whose redeemer the principal is. */
  readonly handle: string;
}

/** What {@link createForwardProxy} takes. */
export interface ForwardProxyOptions {
  /** Makes the calls. */
  readonly injector: Pick<Injector, 'fetch'>;
  /**
   * Says who asks, by `Proxy-Authorization`; nothing for those that it does not know. Only asked where that field is
   * there.
   */
  readonly authenticate: (
    request: IncomingMessage,
    login: ProxyLogin | undefined,
  ) => ProxyUser | undefined | Promise<ProxyUser | undefined>;
  /** The longest body of a request, in bytes; the injector may allow less. At least 0. Default 1 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** How long a request may take to come in, body included, in milliseconds. 100 to 600,000. Default 30,000. */
  readonly requestTimeoutMs?: number | undefined;
  /** How many connections are open at once; further ones are closed. 1 to 65,535. Default 256. */
  readonly maxConnections?: number | undefined;
  /** How long `close()` waits for answers that are under way, in milliseconds. 0 to 600,000. Default 30,000. */
  readonly closeTimeoutMs?: number | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** What a forward proxy does unless told otherwise. */
export const forwardProxyDefaults = {
  maxBodyBytes: 1_048_576,
  requestTimeoutMs: 30_000,
  maxConnections: 256,
  closeTimeoutMs: 30_000,
  clock: systemClock,
} satisfies Partial<ForwardProxyOptions>;

/** What a forward proxy goes by. */
export type ForwardProxySettings = Readonly<ForwardProxyOptions & typeof forwardProxyDefaults>;

const RULES: Rules<ForwardProxyOptions> = {
  injector: having('fetch'),
  authenticate: type('function'),
  maxBodyBytes: integer(0),
  requestTimeoutMs: integer(100, 600_000),
  maxConnections: integer(1, 65_535),
  closeTimeoutMs: integer(0, 600_000),
  clock: having('setTimer'),
};

/** Checks options and fills in the defaults. */
export function readProxyOptions(options: ForwardProxyOptions): ForwardProxySettings {
  const settings = readOptions('createForwardProxy', options, RULES, forwardProxyDefaults);
  for (const name of ['injector', 'authenticate'] as const) {
    if (settings[name] === undefined) throw new TypeError(`createForwardProxy: ${name} must be given`);
  }
  return settings;
}
