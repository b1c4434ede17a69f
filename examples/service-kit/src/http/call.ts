import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identity } from '../auth/identity.ts';
import type { RouteRule } from '../rbac/route-table.ts';
import type { Answer } from './answer.ts';
import type { RequestContext } from './request-context.ts';

/** A request as a route sees it, let in already. */
export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Who makes it. On a public route it may be nobody. */
  readonly identity: Identity | undefined;
  readonly context: RequestContext;
  /** Aborts when the client leaves before the answer is whole. */
  readonly signal: AbortSignal;
  /**
   * Reads the body as JSON, once.
   *
   * @throws {@link ProblemError} when it is no JSON, or breaks a limit
   */
  json(): Promise<unknown>;
  /** For what this does not offer, such as streams and other protocols. */
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** A route, with what it does. */
export interface Route extends RouteRule {
  /**
   * Answers a request. What it throws becomes a problem.
   *
   * @returns nothing when it has written to `call.response` itself
   */
  handle(call: Call): Answer | undefined | Promise<Answer | undefined>;
}

/** Who calls, on a route that is not public. */
export function callerOf({ identity }: Call): Identity {
  if (identity === undefined) throw new TypeError('a public route has no caller');
  return identity;
}
