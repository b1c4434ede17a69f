import type { IncomingMessage } from 'node:http';
import { readNodeRequest } from './node-handler.ts';
import type { Responder } from './responder.ts';

/** What the plugin needs of a reply of Fastify. */
export interface FastifyReplyLike {
  code(status: number): unknown;
  headers(values: Record<string, string>): unknown;
  send(body: string): unknown;
}

/** What the plugin needs of Fastify. */
export interface FastifyLike {
  get(
    path: string,
    handler: (request: { readonly raw: IncomingMessage }, reply: FastifyReplyLike) => Promise<unknown>,
  ): unknown;
}

/** A plugin of Fastify: registers one route a path, under the prefix that it is registered with. */
export type FastifyHealthPlugin = (instance: FastifyLike, options: unknown, done: () => void) => void;

export function fastifyPlugin(responder: Responder): FastifyHealthPlugin {
  return (instance, _options, done) => {
    for (const path of responder.paths) {
      // Fastify routes by itself: its path may have a prefix of which the responder knows nothing. It makes HEAD from GET.
      instance.get(path, async ({ raw }, reply) => {
        const answer = await responder.answer({ ...readNodeRequest(raw), method: 'GET', path });
        if (answer === undefined) throw new TypeError(`there is nothing at ${path}`);
        reply.code(answer.status);
        reply.headers({ ...answer.headers });
        return reply.send(answer.body);
      });
    }
    done();
  };
}
