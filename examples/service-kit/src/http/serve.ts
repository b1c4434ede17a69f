import type { IncomingMessage, ServerResponse } from 'node:http';
import { decideAccess } from '../rbac/access-control.ts';
import { createRouteTable, type RouteTable } from '../rbac/route-table.ts';
import { asProblem, sendAnswer, sendProblem } from './answer.ts';
import type { Call, Route } from './call.ts';
import { clientLimit, type ClientLimit } from './client-limit.ts';
import { answerPreflight, checkOrigin, isPreflight } from './origins.ts';
import { JSON_TYPE, parseJson } from './parse-json.ts';
import { ProblemError } from './problem.ts';
import { readBody } from './read-body.ts';
import type { contextOf } from './request-context.ts';
import type { ServiceSettings } from './service-options.ts';
import { checkSingleHeaders } from './single-headers.ts';

type Context = ReturnType<typeof contextOf>;

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

  /** Answers a request. Never rejects. */
  async serve(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
    const client = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) client.abort(new Error('the client has left'));
    });
    try {
      const answer = await this.answer(request, response, context, client.signal);
      if (answer !== undefined) sendAnswer(response, answer);
    } catch (error) {
      if (client.signal.aborted) return;
      const problem = asProblem(error);
      if (problem.problem === 'internal') this.report(error, context);
      sendProblem(request, response, problem, context.requestId);
    }
  }

  private async answer(
    request: IncomingMessage,
    response: ServerResponse,
    context: Context,
    signal: AbortSignal,
  ) {
    const { method = '', url = '' } = request;
    checkSingleHeaders(request);
    checkOrigin(request, response, this.settings);
    if (isPreflight(request)) {
      const match = this.table.match(method, url);
      return void answerPreflight(response, match.found === 'path' ? match.allow : []);
    }
    await this.identify(request, response, context);
    const { route, params } = this.admit(method, url, context);
    const query = new URLSearchParams(url.split('?').slice(1).join('?'));
    const json = async () => parseJson(await readBody(request, JSON_TYPE, this.settings));
    const { identity } = context;
    const call: Call = { params, query, identity, context, signal, json, request, response };
    return route.handle(call);
  }

  /** Who fails to prove who they are is counted by their address, so that guessing has an end. */
  private async identify(
    request: IncomingMessage,
    response: ServerResponse,
    context: Context,
  ): Promise<void> {
    try {
      context.identity = await this.settings.authenticator.authenticate(request);
    } finally {
      await this.limit(response, context);
    }
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
