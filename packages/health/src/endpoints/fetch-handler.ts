import { pathOf } from './health-request.ts';
import type { Responder } from './responder.ts';

/** Answers a `Request`, or `undefined` where it is not for it. */
export type FetchHealthHandler = (request: Request) => Promise<Response | undefined>;

/** A middleware of Hono, which needs no more of it than this. */
export type HonoHealthMiddleware = (
  context: { readonly req: { readonly raw: Request } },
  next: () => Promise<void>,
) => Promise<Response | undefined>;

export function fetchHandler(responder: Responder): FetchHealthHandler {
  return async (request) => {
    const answer = await responder.answer({
      method: request.method,
      path: pathOf(request.url.replace(/^[a-z]+:\/\/[^/?#]*/i, '')),
      header: (name) => request.headers.get(name) ?? undefined,
      raw: request,
    });
    if (answer === undefined) return undefined;
    const { status, headers, body } = answer;
    return new Response(request.method === 'HEAD' ? null : body, { status, headers });
  };
}

export function honoMiddleware(handle: FetchHealthHandler): HonoHealthMiddleware {
  return async (context, next) => {
    const response = await handle(context.req.raw);
    if (response === undefined) await next();
    return response;
  };
}
