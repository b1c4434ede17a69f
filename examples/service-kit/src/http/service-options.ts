import { createHealth, type Health } from '@holdfast/health';
import { createMetrics, type Metrics } from '@holdfast/metrics';
import {
  having,
  integer,
  number,
  readOptions,
  systemClock,
  type,
  type Clock,
  type Rules,
} from '@holdfast/pipeline';
import { createAuthenticator, type Authenticator } from '../auth/authenticator.ts';
import { defineRoles, type Roles } from '../rbac/roles.ts';
import type { Route } from './call.ts';
import type { ClientLimitOptions } from './client-limit.ts';
import type { RequestContext } from './request-context.ts';

/** What {@link createService} takes. */
export interface ServiceOptions {
  /** Names the service to clients that have to prove who they are. */
  readonly name: string;
  readonly routes: readonly Route[];
  /** Default: no role may do anything. */
  readonly roles?: Roles | undefined;
  /** Default: nobody can prove who they are, so that only public routes answer. */
  readonly authenticator?: Authenticator | undefined;
  /** Default: metrics of its own. */
  readonly metrics?: Metrics | undefined;
  /** Default: a health without checks. */
  readonly health?: Health | undefined;
  /**
   * Who may see details of the health, and the metrics. Default: those who ask from this machine, which a proxy on it
   * does for everybody unless it is among the trusted ones.
   */
  readonly isOperator?: ((context: RequestContext) => boolean) | undefined;
  /** How many requests each client may make, and how often an address may be wrong. Default: 60 a minute, either. */
  readonly limit?: ClientLimitOptions | undefined;
  /** The names under which it is reached, without ports. Default: those of this machine alone. */
  readonly hosts?: readonly string[] | undefined;
  /** The origins whose pages may use it. Default: its own alone. */
  readonly origins?: readonly string[] | undefined;
  /** The addresses and networks of proxies in front of it. Default: none. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** The longest body that is read, in bytes. At least 0. Default 1 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** How long a body may take to arrive, in milliseconds. At least 1. Default 10,000. */
  readonly bodyMs?: number | undefined;
  /**
   * Runs a request within what logs and audit logs know of it. Who makes it is known by then, unless they could not prove
   * it: their refusal runs within it too. The body never rejects, and resolves to the status of the answer; to nothing
   * where the client left without one. Default: nothing around it.
   */
  readonly around?:
    ((context: RequestContext, body: () => Promise<number | undefined>) => Promise<unknown>) | undefined;
  /** Hears of what went wrong on our side: all that is answered with 5xx, or would be if the client had waited. Default `console.error`. */
  readonly onError?: ((error: unknown, context: RequestContext) => void) | undefined;
  /** How long it still serves after readiness fails, in milliseconds. At least 0. Default 5,000. */
  readonly drainDelayMs?: number | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

const rules: Rules<ServiceOptions> = {
  name: type('string'),
  routes: type('object'),
  roles: having('decide'),
  authenticator: having('authenticate', 'required', 'forbidden'),
  metrics: having('expose'),
  health: having('report', 'start'),
  isOperator: type('function'),
  limit: type('object'),
  hosts: type('object'),
  origins: type('object'),
  trustedProxies: type('object'),
  maxBodyBytes: integer(0),
  bodyMs: integer(1),
  around: type('function'),
  onError: type('function'),
  drainDelayMs: number(0),
  clock: having('now', 'wallNow', 'setTimer'),
};

const LOOPBACK = /^127\.|^::1$/;

/** Checks options and fills in the defaults. */
export function readServiceOptions(options: ServiceOptions) {
  const { clock = systemClock } = options;
  return readOptions('createService', options, rules, {
    roles: defineRoles({}),
    authenticator: createAuthenticator({ realm: options.name }),
    metrics: createMetrics({ clock }),
    health: createHealth({ clock }),
    isOperator: ({ address }: RequestContext) => LOOPBACK.test(address),
    limit: {},
    hosts: ['localhost', '127.0.0.1', '[::1]'] as readonly string[],
    origins: [] as readonly string[],
    trustedProxies: [] as readonly string[],
    maxBodyBytes: 1_048_576,
    bodyMs: 10_000,
    around: (_context: RequestContext, body: () => Promise<unknown>): Promise<unknown> => body(),
    onError: (error: unknown) => console.error(error),
    drainDelayMs: 5_000,
    clock,
  });
}

/** Options as a service works with them. */
export type ServiceSettings = ReturnType<typeof readServiceOptions>;
