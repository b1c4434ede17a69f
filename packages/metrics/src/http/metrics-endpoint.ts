import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Metrics } from '../metrics.ts';
import type { Reports } from '../reports/reports.ts';

/** Answers scrapes, and with reports also `…/summary` and `…/history?hours=24`. */
export interface MetricsEndpoint {
  /** For `node:http`, Express and, with `request.raw` and `reply.hijack().raw`, Fastify. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** For Hono and whatever else speaks `fetch`. */
  fetch(request: Request): Promise<Response>;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

interface Question {
  readonly method: string;
  readonly url: string;
  readonly accept: string | undefined;
  readonly acceptEncoding: string | undefined;
}

/** Below this a body is not worth compressing. */
const MIN_COMPRESSED_BYTES = 1_024;
const compress = promisify(gzip);

/**
 * Makes an endpoint for scrapers and dashboards.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createMetrics, createReports, metricsEndpoint } from '@holdfast/metrics';
 *
 * const metrics = createMetrics();
 * const endpoint = metricsEndpoint(metrics, createReports(metrics));
 * createServer((request, response) => {
 *   if (request.url?.startsWith('/metrics')) endpoint.handle(request, response);
 *   else response.end('hello');
 * });
 * ```
 */
export function metricsEndpoint(metrics: Pick<Metrics, 'expose'>, reports?: Reports): MetricsEndpoint {
  const answer = async (question: Question): Promise<Answer> => {
    if (question.method !== 'GET' && question.method !== 'HEAD') {
      return { status: 405, headers: { allow: 'GET, HEAD' }, body: new Uint8Array() };
    }
    const { pathname, searchParams } = new URL(question.url, 'http://localhost');
    if (reports !== undefined && pathname.endsWith('/summary'))
      return packed(question, json(reports.summary()));
    if (reports !== undefined && pathname.endsWith('/history')) {
      return packed(question, historyAnswer(reports, searchParams.get('hours')));
    }
    const { contentType, body } = await metrics.expose(question.accept);
    return packed(question, { status: 200, contentType, body });
  };
  return {
    handle(request, response) {
      const { method = '', url = '/', headers } = request;
      const { accept, 'accept-encoding': encodings } = headers;
      const acceptEncoding = encodings?.toString();
      answer({ method, url, accept, acceptEncoding }).then(
        ({ status, headers: answerHeaders, body }) => {
          // Something else may have answered meanwhile, such as a limit on how long requests may take.
          if (response.headersSent) return;
          response.writeHead(status, answerHeaders).end(method === 'HEAD' ? undefined : body);
        },
        () => {
          if (!response.headersSent) response.writeHead(500).end();
        },
      );
    },
    async fetch({ method, url, headers }) {
      const accept = headers.get('accept') ?? undefined;
      const acceptEncoding = headers.get('accept-encoding') ?? undefined;
      const { body, ...init } = await answer({ method, url, accept, acceptEncoding });
      return new Response(method === 'HEAD' ? null : body, init);
    },
  };
}

interface Plain {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer<ArrayBuffer>;
}

function json(value: unknown, status = 200): Plain {
  return { status, contentType: 'application/json; charset=utf-8', body: Buffer.from(JSON.stringify(value)) };
}

function historyAnswer(reports: Reports, hours: string | null): Plain {
  if (hours === null) return json(reports.history());
  return Number(hours) > 0
    ? json(reports.history(Number(hours)))
    : json({ error: 'hours must be a number above 0' }, 400);
}

async function packed(
  { acceptEncoding = '' }: Question,
  { status, contentType, body }: Plain,
): Promise<Answer> {
  const zip = body.length >= MIN_COMPRESSED_BYTES && acceptsGzip(acceptEncoding);
  const packedBody = zip ? await compress(body) : body;
  const headers = {
    'content-type': contentType,
    'content-length': String(packedBody.length),
    'cache-control': 'no-store',
    vary: 'Accept, Accept-Encoding',
    ...(zip ? { 'content-encoding': 'gzip' } : {}),
  };
  return { status, headers, body: packedBody };
}

function acceptsGzip(header: string): boolean {
  return header
    .split(',')
    .some((each) => /^\s*(gzip|\*)\s*(;\s*q=(1(\.0*)?|0?\.\d*[1-9]\d*)\s*)?$/i.test(each));
}
