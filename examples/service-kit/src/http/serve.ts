import type { IncomingMessage, ServerResponse } from 'node:http';
import { decideAccess } from '../rbac/access-control.ts';
import { createRouteTable, type RouteTable } from '../rbac/route-table.ts';
import { asProblem, sendAnswer, sendProblem, type Answer } from './answer.ts';
import type { Call, Route } from './call.ts';
import { checkHead } from './check-head.ts';
import { clientLimit, type ClientLimit } from './client-limit.ts';
import { answerPreflight, checkOrigin, isPreflight } from './origins.ts';
import { JSON_TYPE, parseJson } from './parse-json.ts';
import { ProblemError } from './problem.ts';
import { readBody } from './read-body.ts';
import { readQuery } from './read-query.ts';
import type { contextOf } from './request-context.ts';
import type { ServiceSettings } from './service-options.ts';

type Context = ReturnType<typeof contextOf>;

/** A request, its answer, and what is known of both. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly context: Context;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal;
}

/** Takes requests through all that stands before a route, to the route, and its answer back. */
export class RequestServer {
  private readonly settings: ServiceSettings;
  private readonly table: RouteTable<Route>;
  private readonly limit: ClientLimit;

  constructor(settings: ServiceSettings) {
    this.settings = settings;
    this.table = createRouteTable(settings.routes);
    this.limit = clientLimit({ clock: settings.clock, ...settings.limit });
  }

  /**
   * Answers a request. Who makes it is found out first; whatever comes of that, a refusal too, happens within what logs
   * and audit logs know of the request.
   */
  async serve(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
    const client = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) client.abort(new Error('the client has left'));
    });
    const exchange = { request, response, context, signal: client.signal };
    const entered = this.enter(exchange);
    await entered.catch(() => undefined);
    try {
      await this.settings.around(context, async () => {
        try {
          await entered;
          const answer = await this.answer(exchange);
          if (answer !== undefined) sendAnswer(request, response, answer);
        } catch (error) {
          this.fail(error, exchange);
        }
        return response.headersSent ? response.statusCode : undefined;
      });
    } catch (error) {
      this.fail(error, exchange);
    }
  }

  private async enter({ request, response, context }: Exchange): Promise<void> {
    checkHead(request);
    checkOrigin(request, response, this.settings);
    if (isPreflight(request)) return;
    await this.limit(response, context, async () => {
      context.identity = await this.settings.authenticator.authenticate(request);
    });
  }

  private async answer({ request, response, context, signal }: Exchange): Promise<Answer | undefined> {
    const { method = '', url = '' } = request;
    if (isPreflight(request)) {
      const match = this.table.match(method, url);
      return void answerPreflight(response, match.found === 'path' ? match.allow : []);
    }
    const { route, params } = this.admit(method, url, context);
    const query = readQuery(url);
    const json = async () => parseJson(await readBody(request, JSON_TYPE, this.settings));
    const { identity } = context;
    const call: Call = { params, query, identity, context, signal, json, request, response };
    return route.handle(call);
  }

  private fail(error: unknown, { request, response, context, signal }: Exchange): void {
    const problem = asProblem(error);
    if (problem.status >= 500 && !isLeaving(error, signal)) this.report(error, context);
    if (!signal.aborted) sendProblem(request, response, problem, context.requestId);
  }

  private admit(method: string, url: string, context: Context) {
    const { authenticator, roles } = this.settings;
    const decision = decideAccess({ table: this.table, roles }, method, url, context.identity);
    switch (decision.outcome) {
      case 'allowed':
        context.route = decision.route.path;
        return decision;
      case 'not-found':
        throw new ProblemError('not-found', 'There is nothing here.');
      case 'wrong-method':
        throw new ProblemError('method-not-allowed', 'Not with this method.', {
          headers: { Allow: decision.allow.join(', ') },
        });
      case 'unauthenticated':
        throw authenticator.required();
      case 'no-role':
        throw authenticator.forbidden('Your roles do not allow this.');
      case 'no-scope':
        throw authenticator.forbidden('Your token is not good for this.', decision.permission);
      default:
        throw new TypeError(decision satisfies never);
    }
  }

  private report(error: unknown, context: Context): void {
    try {
      this.settings.onError(error, context);
    } catch (failure) {
      console.error(failure);
    }
  }
}

/** Whether an error is but the client's leaving, as it comes back from what waited for the signal. */
const isLeaving = (error: unknown, { aborted, reason }: AbortSignal) =>
  aborted && (error === reason || (error instanceof Error && error.cause === reason));
