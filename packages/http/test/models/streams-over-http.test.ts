import { circuitBreaker } from '@holdfast/circuit-breaker';
import { createFetch } from '@holdfast/http';
import { failover, modelEvents, readModelError, type ModelProvider } from '@holdfast/http/models';
import { pipeline } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import { retry } from '@holdfast/retry';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { serve, type Serve } from '../fetch/server.ts';

const TOKENS = ['a', 'b', 'c', 'd', 'e'];

/** Sends tokens as events, from the one that the request asks for, up to but not including another. */
function send(response: ServerResponse, from: number, to: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let id = from; id < to; id++) response.write(`id: ${id}\ndata: ${JSON.stringify(TOKENS[id])}\n\n`);
}
const fromOf = (request: { url?: string | undefined }) =>
  Number(new URL(request.url ?? '', 'http://host').searchParams.get('from'));
const whole: Serve = (request, response) => {
  send(response, fromOf(request), TOKENS.length);
  response.end('data: [DONE]\n\n');
};

/** A provider behind a server of its own, asked by a guarded fetch. */
async function provider(
  name: string,
  handle: Serve,
  more: Partial<ModelProvider<string, string, string>> = {},
) {
  const { url, requests } = await serve(handle);
  const guarded = createFetch({ name, retry: false, breaker: false });
  const breaker = circuitBreaker({ name, clock });
  async function* ask(from: number, signal: AbortSignal): AsyncGenerator<string> {
    const response = await guarded(`${url}?from=${from}`, { method: 'POST', signal });
    const problem = await readModelError(response.clone());
    if (problem !== undefined || response.body === null) {
      throw Object.assign(new Error('no stream'), { status: response.status });
    }
    for await (const { data } of modelEvents(response.body)) yield data as string;
  }
  const model: ModelProvider<string, string, string> = {
    name,
    strategy: breaker,
    run: () => '',
    stream: (_, { signal }) => ask(0, signal),
    resume: (_, { delivered }, { signal }) => ask(delivered, signal),
    ...more,
  };
  return { model, breaker, requests };
}
/** On virtual time, so that only the test says when a wait is too long. */
const clock = manualClock();
const collect = async (stream: AsyncIterable<string>) => {
  const items: string[] = [];
  for await (const item of stream) items.push(item);
  return items.join('');
};

describe('a stream of a real server', () => {
  it('is read to its end', async () => {
    const { model, breaker } = await provider('a', whole);
    expect(await collect(failover({ providers: [model] }).stream(''))).toBe('abcde');
    expect(breaker.stats()).toMatchObject({ successes: 1, failures: 0 });
  });

  it('whose first token does not come is given up for that of another provider', async () => {
    const silent = await provider('silent', (_, response) => void response.writeHead(200).flushHeaders());
    const other = await provider('other', whole);
    const models = failover({ providers: [silent.model, other.model], firstItemMs: 50, clock });
    const stream = models.stream('');
    const answer = collect(stream);
    await expect.poll(() => silent.requests.length).toBe(1);
    await clock.advance(50);
    expect(await answer).toBe('abcde');
    expect([stream.provider, stream.degraded]).toEqual(['other', true]);
    expect(silent.breaker.stats().failures).toBe(1);
    await expect.poll(() => silent.requests[0]?.socket.destroyed).toBe(true);
  });

  it('that stalls in its midst goes on where it was, with another provider', async () => {
    const stalls = await provider('stalls', (request, response) => send(response, fromOf(request), 2));
    const other = await provider('other', whole);
    const models = failover({ providers: [stalls.model, other.model], idleMs: 50, clock });
    const items: string[] = [];
    const reading = (async () => {
      for await (const item of models.stream('')) items.push(item);
    })();
    await expect.poll(() => items.length).toBe(2);
    await clock.advance(50);
    await reading;
    expect(items.join('')).toBe('abcde');
    expect(other.requests[0]?.url).toBe('/?from=2');
    expect(models.stats()).toEqual({ answered: { other: 1 }, failed: { stalls: 1 } });
    await expect.poll(() => stalls.requests[0]?.socket.destroyed).toBe(true);
  });

  it('that breaks off, again and again, is resumed by its own provider without a token lost or doubled', async () => {
    const brittle: Serve = (request, response) => {
      const from = fromOf(request);
      if (from === TOKENS.length - 1) return whole(request, response, 0);
      send(response, from, from + 1);
      response.write('', () => setImmediate(() => request.socket.resetAndDestroy()));
    };
    const { model, requests } = await provider('brittle', brittle, {
      strategy: pipeline(retry({ maxAttempts: 10, baseDelayMs: 0 })),
    });
    expect(await collect(failover({ providers: [model] }).stream(''))).toBe('abcde');
    expect(requests.length).toBeGreaterThanOrEqual(TOKENS.length);
  });

  it.each([
    ['event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}\n\n'],
    ['data: {"error":{"type":"server_error","message":"x"}}\n\n'],
    ['data: {"error":{"code":503,"status":"UNAVAILABLE"}}\n\n'],
  ])('that ends with an error of the provider goes on elsewhere: %j', async (error) => {
    const failing = await provider('failing', (request, response) => {
      send(response, fromOf(request), 3);
      response.end(error);
    });
    const other = await provider('other', whole);
    expect(await collect(failover({ providers: [failing.model, other.model] }).stream(''))).toBe('abcde');
    expect(failing.breaker.stats().failures).toBe(1);
  });

  it('that is refused before it begins goes on elsewhere, unless nobody else would answer either', async () => {
    const refuses =
      (status: number, body: object): Serve =>
      (_, response) =>
        void response.writeHead(status).end(JSON.stringify(body));
    const busy = await provider('busy', refuses(529, { error: { type: 'overloaded_error' } }));
    const other = await provider('other', whole);
    expect(await collect(failover({ providers: [busy.model, other.model] }).stream(''))).toBe('abcde');
    const wrong = await provider('wrong', refuses(400, { error: { type: 'invalid_request_error' } }));
    const models = failover({ providers: [wrong.model, other.model] });
    await expect(collect(models.stream(''))).rejects.toMatchObject({ status: 400 });
    expect(other.requests).toHaveLength(1);
  });

  it('ends by the abort of its reader, who gets the own reason, and its connection with it', async () => {
    const { model, breaker, requests } = await provider('a', (_, response) => send(response, 0, 1));
    const stop = new AbortController();
    const reason = new Error('enough');
    const stream = failover({ providers: [model] }).stream('', { signal: stop.signal });
    expect(await stream.next()).toEqual({ done: false, value: 'a' });
    const next = stream.next();
    stop.abort(reason);
    await expect(next).rejects.toBe(reason);
    await expect.poll(() => requests[0]?.socket.destroyed).toBe(true);
    expect(breaker.stats().failures).toBe(0);
  });
});
