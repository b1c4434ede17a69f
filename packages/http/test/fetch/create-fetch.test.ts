import { createFetch } from '@holdfast/http';
import { isCircuitOpen } from '@holdfast/circuit-breaker';
import { isTimeout } from '@holdfast/timeout';
import { pipeline } from '@holdfast/pipeline';
import { recordEvents, seededRandom } from '@holdfast/pipeline/testing';
import { timeout } from '@holdfast/timeout';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { serve } from './server.ts';

const quick = { retry: { baseDelayMs: 1 }, random: seededRandom(1) };
const reply = (response: ServerResponse, status: number, body = '', headers = {}) =>
  response.writeHead(status, headers).end(body);

describe('a guarded fetch against a real server', () => {
  it('answers with the response of the server', async () => {
    const { url } = await serve((_, response) => reply(response, 200, '{"a":1}', { 'x-it': 'yes' }));
    const response = await createFetch()(url);
    expect(response).toBeInstanceOf(Response);
    expect([response.status, response.url, response.headers.get('x-it')]).toEqual([200, url, 'yes']);
    expect(response.bodyUsed).toBe(false);
    expect(await response.clone().text()).toBe('{"a":1}');
    expect(await response.json()).toEqual({ a: 1 });
    expect(response.bodyUsed).toBe(true);
  });

  it('repeats a GET until a flapping server answers', async () => {
    const { url, requests } = await serve((_, response, nth) =>
      reply(response, nth < 2 ? 503 : 200, `${nth}`),
    );
    const guarded = createFetch(quick);
    const recorder = recordEvents(guarded);
    expect(await (await guarded(url)).text()).toBe('2');
    expect(requests).toHaveLength(3);
    expect(recorder.types).toEqual(['retry.scheduled', 'retry.scheduled', 'retry.recovered']);
    expect(guarded.stats()).toMatchObject({ calls: 1, attempts: 3, retries: 2, recovered: 1, running: 0 });
  });

  it('answers with the last response, whole, when no attempt was better', async () => {
    const { url, requests } = await serve((_, response, nth) => reply(response, 503, `no ${nth}`));
    const response = await createFetch(quick)(url);
    expect([response.status, await response.text(), requests.length]).toEqual([503, 'no 2', 3]);
  });

  it('lets go of the connections of responses that it does not answer with', async () => {
    let closed = 0;
    const { url } = await serve((request, response, nth) => {
      request.socket.once('close', () => closed++);
      if (nth === 2) return void reply(response, 200, 'ok');
      response.writeHead(503).write('never ends');
    });
    expect(await (await createFetch(quick)(url)).text()).toBe('ok');
    await expect.poll(() => closed).toBeGreaterThanOrEqual(2);
  });

  it('repeats a GET whose connection is reset', async () => {
    const { url, requests } = await serve((request, response, nth) =>
      nth === 0 ? request.socket.resetAndDestroy() : reply(response, 200, 'ok'),
    );
    expect(await (await createFetch(quick)(url)).text()).toBe('ok');
    expect(requests).toHaveLength(2);
  });

  it('waits as long as Retry-After asks', async () => {
    const { url } = await serve((_, response, nth) =>
      reply(response, nth === 0 ? 429 : 200, '', { 'retry-after-ms': '5' }),
    );
    const guarded = createFetch({ ...quick, retry: { baseDelayMs: 0 } });
    const recorder = recordEvents(guarded);
    expect((await guarded(url)).status).toBe(200);
    expect(recorder.events[0]).toMatchObject({ type: 'retry.scheduled', delayMs: 5 });
  });

  it('gives an attempt whose headers are slow up and makes another', async () => {
    const { url, requests } = await serve((_, response, nth) => {
      if (nth > 0) reply(response, 200, 'ok');
    });
    // As many attempts as a busy machine may need to answer one in time.
    const guarded = createFetch({ ...quick, retry: { baseDelayMs: 1, maxAttempts: 100 }, attemptMs: 30 });
    expect(await (await guarded(url)).text()).toBe('ok');
    expect(requests.length).toBeGreaterThanOrEqual(2);
    const { attempts, timeouts } = guarded.stats();
    expect(timeouts).toBe(attempts - 1);
  });

  it('throws a TimeoutError when the whole call is too slow', async () => {
    const { url } = await serve(() => {});
    const guarded = createFetch({ ...quick, timeoutMs: 30 });
    await expect(guarded(url)).rejects.toSatisfy(isTimeout);
  });

  it('does not take what the client did wrong for a failure of the server', async () => {
    const { url, requests } = await serve((_, response) => reply(response, 404));
    const guarded = createFetch({ ...quick, breaker: {} });
    for (let call = 0; call < 10; call++) expect((await guarded(url)).status).toBe(404);
    expect(requests).toHaveLength(10);
    expect(guarded.breakers.health().status).toBe('healthy');
  });

  it('opens the breaker of an origin that fails, and of no other', async () => {
    const bad = await serve((_, response) => reply(response, 500));
    const good = await serve((_, response) => reply(response, 200));
    const guarded = createFetch({ retry: false });
    for (let call = 0; call < 5; call++) await guarded(bad.url);
    await expect(guarded(bad.url)).rejects.toSatisfy(isCircuitOpen);
    expect((await guarded(good.url)).status).toBe(200);
    expect(bad.requests).toHaveLength(5);
    expect(guarded.stats().refused).toBe(1);
    expect(guarded.breakers.health().refusing).toEqual([`fetch:${bad.url.slice(0, -1)}`]);
  });
});

describe('what may be repeated', () => {
  const flapping = () => serve((_, response, nth) => reply(response, nth === 0 ? 503 : 200));

  it.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])('%s is', async (method) => {
    const { url, requests } = await flapping();
    expect((await createFetch(quick)(url, { method })).status).toBe(200);
    expect(requests).toHaveLength(2);
  });

  it.each(['POST', 'PATCH'])('%s is not', async (method) => {
    const { url, requests } = await flapping();
    expect((await createFetch(quick)(url, { method, body: 'x' })).status).toBe(503);
    expect(requests).toHaveLength(1);
  });

  it('POST is with a key of the caller', async () => {
    const { url, requests } = await flapping();
    const headers = { 'idempotency-key': '"mine"' };
    expect((await createFetch(quick)(url, { method: 'POST', headers })).status).toBe(200);
    expect(requests.map((request) => request.headers['idempotency-key'])).toEqual(['"mine"', '"mine"']);
  });

  it('POST is with a key made for the call, which stays over its attempts', async () => {
    const { url, requests } = await flapping();
    const guarded = createFetch({ ...quick, idempotencyKeys: true });
    await guarded(url, { method: 'POST', body: '{}', headers: [['x-own', 'kept']] });
    await guarded(url, { method: 'POST', body: '{}' });
    const keys = requests.map((request) => request.headers['idempotency-key']);
    expect(keys[0]).toMatch(/^"[0-9a-f-]{36}"$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
    expect(requests[0]?.headers['x-own']).toBe('kept');
  });

  it('takes keys from the function given', async () => {
    const { url, requests } = await serve((_, response) => reply(response, 200));
    await createFetch({ idempotencyKeys: () => 'k-1' })(url, { method: 'PATCH' });
    expect(requests[0]?.headers['idempotency-key']).toBe('k-1');
  });

  it('POST is when no connection came about', async () => {
    const { url, server } = await serve(() => {});
    server.close();
    await once(server, 'close');
    const guarded = createFetch(quick);
    await expect(guarded(url, { method: 'POST', body: 'x' })).rejects.toBeInstanceOf(TypeError);
    expect(guarded.stats().attempts).toBe(3);
  });

  it('a body that is a stream is not', async () => {
    const { url, requests } = await flapping();
    const body = new Blob(['x']).stream();
    const init = { method: 'PUT', body, duplex: 'half' } as RequestInit;
    expect((await createFetch(quick)(url, init)).status).toBe(503);
    expect((await createFetch(quick)(new Request(url, { method: 'PUT', body: 'y' }))).status).toBe(200);
    expect(requests).toHaveLength(2);
  });

  it('a Request without a body is', async () => {
    const { url, requests } = await flapping();
    const request = new Request(url, { headers: { 'x-own': 'kept' } });
    expect((await createFetch(quick)(request)).status).toBe(200);
    expect(requests.map((each) => each.headers['x-own'])).toEqual(['kept', 'kept']);
  });
});

describe('a request that cannot be', () => {
  const cannot: readonly (readonly [string, RequestInit])[] = [
    ['a header that is none', { headers: { 'no header': 'x' } }],
    ['a method that is none', { method: 'NO METHOD' }],
    ['a GET with a body', { method: 'GET', body: 'x' }],
    ['a mode that is none', { mode: 'x' as never }],
    ['a stream that is not told to be one', { method: 'PUT', body: new Blob(['x']).stream() }],
  ];

  it.each(cannot)('is the mistake of its caller: %s', async (_, init) => {
    const { url, requests } = await serve((_, response) => reply(response, 200));
    const guarded = createFetch({ ...quick, breaker: {} });
    for (let call = 0; call < 6; call++) {
      await expect(guarded(url, { ...init })).rejects.toBeInstanceOf(TypeError);
    }
    expect(guarded.stats().retries).toBe(0);
    expect(guarded.breakers.health().status).toBe('healthy');
    expect((await guarded(url)).status).toBe(200);
    expect(requests).toHaveLength(1);
  });

  it('is one to a port that no fetch asks', async () => {
    const guarded = createFetch(quick);
    for (let call = 0; call < 6; call++) {
      await expect(guarded('http://127.0.0.1:1/')).rejects.toMatchObject({ cause: { message: 'bad port' } });
    }
    expect(guarded.stats()).toMatchObject({ attempts: 6, retries: 0 });
    expect(guarded.breakers.health().status).toBe('healthy');
  });

  it('may be one because of a key that no header can hold', async () => {
    const { url } = await serve((_, response) => reply(response, 200));
    const guarded = createFetch({ ...quick, idempotencyKeys: () => 'a\nb' });
    for (let call = 0; call < 6; call++) {
      await expect(guarded(url, { method: 'POST', headers: { a: 'b' } })).rejects.toBeInstanceOf(TypeError);
      await expect(guarded(url, { method: 'POST' })).rejects.toBeInstanceOf(TypeError);
    }
    expect(guarded.stats().retries).toBe(0);
    expect((await guarded(url)).status).toBe(200);
  });

  it('is told from a network that fails, which is repeated and counted', async () => {
    const { url, requests } = await serve((request) => request.socket.resetAndDestroy());
    const guarded = createFetch({ ...quick, retry: { ...quick.retry, maxAttempts: 5 } });
    await expect(guarded(url, { headers: { a: 'b' } })).rejects.toBeInstanceOf(TypeError);
    expect(requests).toHaveLength(5);
    expect(guarded.breakers.health().status).toBe('unhealthy');
    const sent = createFetch({ retry: false });
    for (let call = 0; call < 5; call++) {
      const init = { method: 'PUT', body: new Blob(['x']).stream(), duplex: 'half' } as RequestInit;
      await expect(sent(url, init)).rejects.toBeInstanceOf(TypeError);
    }
    expect(sent.breakers.health().status).toBe('unhealthy');
  });

  it('does not take the word from the classifiers of the caller', async () => {
    const { url } = await serve((request) => request.socket.resetAndDestroy());
    const retryIf = vi.fn(() => false);
    const classifyError = vi.fn(() => 'ignored' as const);
    const guarded = createFetch({ ...quick, retry: { retryIf }, breaker: { classifyError } });
    for (let call = 0; call < 6; call++) await expect(guarded(url)).rejects.toBeInstanceOf(TypeError);
    expect([retryIf.mock.calls.length, classifyError.mock.calls.length]).toEqual([6, 6]);
    expect(guarded.breakers.health().status).toBe('healthy');
    expect(() => createFetch({ retry: { retryIf: 1 as never } })).toThrow(
      'createFetch: retry.retryIf must be a function',
    );
  });
});

it('leaves what is not asked over HTTP to the platform', async () => {
  const guarded = createFetch();
  expect(await (await guarded('data:text/plain,hello')).text()).toBe('hello');
  await expect(guarded('ftp://127.0.0.1/x')).rejects.toBeInstanceOf(TypeError);
  expect(guarded.stats()).toMatchObject({ calls: 0, attempts: 0 });
  expect([...guarded.breakers]).toEqual([]);
});

describe('what the server is told', () => {
  it('is how long the attempt is waited for', async () => {
    const { url, requests } = await serve((_, response) => reply(response, 200));
    await createFetch({ attemptMs: 1_000 })(url);
    const ms = Number(requests[0]?.headers['holdfast-timeout-ms']);
    expect(ms > 0 && ms <= 1_000).toBe(true);
  });

  it('is the deadline of the call that it is made for', async () => {
    const { url, requests } = await serve((_, response) => reply(response, 200));
    const guarded = createFetch();
    await timeout({ timeoutMs: 500 }).execute((ctx) => guarded.within(ctx)(new URL(url)));
    expect(Number(requests[0]?.headers['holdfast-timeout-ms'])).toBeLessThanOrEqual(500);
  });

  it('is nothing with deadlineHeader: false', async () => {
    const { url, requests } = await serve((_, response) => reply(response, 200));
    await createFetch({ deadlineHeader: false })(url);
    expect(requests[0]?.headers).not.toHaveProperty('holdfast-timeout-ms');
  });
});

describe('the body', () => {
  const stalling = (chunks: readonly string[]) =>
    serve((request, response) => {
      response.writeHead(200);
      response.flushHeaders();
      for (const chunk of chunks) response.write(chunk);
      // Whoever waits for more, although nobody should, fails in the end.
      const end = setTimeout(() => response.destroy(), 5_000);
      request.socket.once('close', () => {
        clearTimeout(end);
        response.destroy();
      });
    });

  it('that never begins fails, and lets go of its connection', async () => {
    const { url, requests } = await stalling([]);
    const guarded = createFetch({ firstByteMs: 20 });
    const recorder = recordEvents(guarded);
    const response = await guarded(url);
    await expect(response.text()).rejects.toSatisfy(isTimeout);
    await expect.poll(() => requests[0]?.socket.destroyed).toBe(true);
    expect(recorder.types).toEqual(['fetch.body_failed']);
    expect(JSON.stringify(recorder.events)).not.toContain('error');
    expect(guarded.stats().bodyFailures).toBe(1);
  });

  it('that stalls midway fails after what has come was delivered', async () => {
    const { url } = await stalling(['half']);
    const response = await createFetch({ idleMs: 20 })(url);
    const reader = response.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('half');
    await expect(reader?.read()).rejects.toMatchObject({ code: 'ERR_TIMEOUT', timeoutMs: 20 });
  });

  it('that takes too long as a whole fails', async () => {
    const { url } = await stalling(['half']);
    const response = await createFetch({ bodyMs: 20 })(url);
    await expect(response.text()).rejects.toMatchObject({ strategy: 'fetch: body', timeoutMs: 20 });
  });

  it('that stalls each time opens the breaker', async () => {
    const { url } = await stalling(['half']);
    const guarded = createFetch({ idleMs: 5 });
    for (let call = 0; call < 5; call++)
      await expect((await guarded(url)).text()).rejects.toSatisfy(isTimeout);
    await expect(guarded(url)).rejects.toSatisfy(isCircuitOpen);
  });

  it('that breaks off fails with the error of the platform', async () => {
    const { url } = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('half', () => request.socket.destroy());
    });
    const guarded = createFetch();
    await expect((await guarded(url)).text()).rejects.toBeInstanceOf(TypeError);
    expect(guarded.stats().bodyFailures).toBe(1);
  });

  it('ends in the turn of the abort, with the reason of the caller, and is no failure', async () => {
    const { url, requests } = await stalling(['half']);
    const guarded = createFetch();
    const stop = new AbortController();
    const reason = new Error('enough');
    const reading = (await guarded(url, { signal: stop.signal })).text();
    stop.abort(reason);
    await expect(reading).rejects.toBe(reason);
    await expect.poll(() => requests[0]?.socket.destroyed).toBe(true);
    expect(guarded.stats().bodyFailures).toBe(0);
  });

  it('ends by abort although nobody reads it', async () => {
    const { url, requests } = await stalling(['half']);
    const stop = new AbortController();
    const response = await createFetch()(url, { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect.poll(() => requests[0]?.socket.destroyed).toBe(true);
    await expect(response.text()).rejects.toThrow('enough');
  });

  it('may be left by its reader, which is a success', async () => {
    const { url, requests } = await stalling(['half']);
    const guarded = createFetch();
    const response = await guarded(url);
    await response.body?.cancel();
    await expect.poll(() => requests[0]?.socket.destroyed).toBe(true);
    const [breaker] = guarded.breakers;
    expect(breaker?.stats()).toMatchObject({ successes: 1, failures: 0 });
  });

  it('is handed on whole to whoever takes a response', async () => {
    const { url } = await serve((_, response) => reply(response, 200, 'abc', { 'content-type': 'text/x' }));
    const response = await createFetch()(url);
    const again = new Response(response.body, response);
    expect([await again.text(), again.headers.get('content-type')]).toEqual(['abc', 'text/x']);
  });

  it('is read once', async () => {
    const { url } = await serve((_, response) => reply(response, 200, 'abc'));
    const response = await createFetch()(url);
    await response.text();
    await expect(response.json()).rejects.toBeInstanceOf(TypeError);
    await expect(response.blob()).rejects.toBeInstanceOf(TypeError);
    expect(() => response.clone()).toThrow(TypeError);
    expect([response.bodyUsed, response.body?.locked]).toEqual([true, true]);
  });

  it('is read as bytes, blobs and forms', async () => {
    const form = 'a=1';
    const { url } = await serve((_, response) =>
      reply(response, 200, form, { 'content-type': 'application/x-www-form-urlencoded' }),
    );
    const guarded = createFetch();
    expect((await (await guarded(url)).bytes()).length).toBe(3);
    expect((await (await guarded(url)).arrayBuffer()).byteLength).toBe(3);
    expect(await (await (await guarded(url)).blob()).text()).toBe(form);
    expect((await (await guarded(url)).formData()).get('a')).toBe('1');
  });
});

describe('a caller who aborts', () => {
  it('gets the own reason during an attempt', async () => {
    const { url } = await serve(() => {});
    const stop = new AbortController();
    const reason = new Error('enough');
    const call = createFetch()(url, { signal: stop.signal });
    stop.abort(reason);
    await expect(call).rejects.toBe(reason);
  });

  it('frees the connection of the response that was to be repeated', async () => {
    const { url, requests } = await serve((_, response) => void response.writeHead(503).write('x'));
    const stop = new AbortController();
    const guarded = createFetch({
      retry: { baseDelayMs: 60_000, backoff: 'constant', maxDelayMs: 60_000 },
      timeoutMs: 120_000,
    });
    guarded.on('retry.scheduled', () => stop.abort(new Error('enough')));
    await expect(guarded(url, { signal: stop.signal })).rejects.toThrow('enough');
    await expect.poll(() => requests[0]?.socket.destroyed).toBe(true);
  });
});

it('is a part of other pipelines', async () => {
  const { url } = await serve((_, response) => reply(response, 200, 'ok'));
  const guarded = createFetch();
  const outer = pipeline(timeout({ timeoutMs: 5_000 }));
  expect(await outer.execute(async (ctx) => (await guarded.within(ctx)(url)).text())).toBe('ok');
});
