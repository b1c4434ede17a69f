import { AsyncLocalStorage } from 'node:async_hooks';
import { request as httpRequest } from 'node:http';
import { createHealth } from '@holdfast/health';
import { RateLimitedError, slidingWindow } from '@holdfast/limiter';
import { TimeoutError } from '@holdfast/pipeline';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { callerOf } from '../../src/http/call.ts';
import { ProblemError, PROBLEMS } from '../../src/http/problem.ts';
import { auditContextOf, currentRequest } from '../../src/http/request-context.ts';
import type { ServiceOptions } from '../../src/http/service-options.ts';
import { createService } from '../../src/http/service.ts';
import { deferred, get, post, startRig, type Asked } from './rig.ts';

describe('a route', () => {
  test('answers JSON, text, bytes or nothing', async () => {
    const { ask } = await startRig({
      routes: [
        get('/json/:id', ({ params, query }) => ({ body: { ...params, page: query.get('page') } })),
        get('/text', () => ({ body: 'hello', status: 201, headers: { 'X-Own': 'yes' } })),
        get('/bytes', () => ({ body: Buffer.from('abc') })),
        post('/nothing', () => ({})),
      ],
    });
    expect((await ask('/json/a%20b?page=2')).json).toEqual({ id: 'a b', page: '2' });
    expect(await ask('/text')).toMatchObject({ status: 201, text: 'hello', headers: { 'x-own': 'yes' } });
    expect((await ask('/bytes')).headers['content-type']).toBe('application/octet-stream');
    expect(await ask('/nothing', { method: 'POST' })).toMatchObject({ status: 204, text: '' });
    expect(await ask('/text', { method: 'HEAD' })).toMatchObject({ status: 201, text: '' });
  });

  test('may write the answer itself', async () => {
    const stream = get('/stream', ({ response }) => {
      response.write('one ');
      response.end('two');
      return undefined;
    });
    const { ask } = await startRig({ routes: [stream] });
    expect((await ask('/stream')).text).toBe('one two');
  });

  test('is for those who may', async () => {
    const whoami = get('/me', (call) => ({ body: callerOf(call) }), 'authenticated');
    const things = get('/things', () => ({ body: [] }), { permission: 'things:read' });
    const { ask, as } = await startRig({ routes: [whoami, things] });
    expect((await ask('/me')).headers['www-authenticate']).toBe('Bearer realm="test"');
    expect((await ask('/me', as('u/acme'))).json).toMatchObject({ id: 'u', tenant: 'acme' });
    expect((await ask('/me', as('forged'))).status).toBe(401);
    expect((await ask('/things', as('u/acme/viewer'))).status).toBe(200);
    expect((await ask('/things', as('u/acme/root'))).status).toBe(403);
    expect((await ask('/thingsXYZ', as('u/acme/viewer'))).status).toBe(404);
    expect(await ask('/things', { ...as('u/acme/viewer'), method: 'DELETE' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    });
  });

  test('hears when the client leaves', async () => {
    const left = deferred<unknown>();
    const entered = deferred<void>();
    const wait = get('/wait', ({ signal }) => {
      signal.addEventListener('abort', () => left.resolve(signal.reason));
      entered.resolve();
      return left.promise.then(() => ({}));
    });
    const { port, errors } = await startRig({ routes: [wait] });
    const request = httpRequest({ host: '127.0.0.1', port, path: '/wait' }).on('error', () => undefined);
    request.end();
    await entered.promise;
    request.destroy();
    expect(await left.promise).toMatchObject({ message: 'the client has left' });
    expect(errors).toEqual([]);
  });

  /** A client leaves a route that then fails, with what is made of the reason why its signal aborted. */
  async function leave(fail: (reason: Error) => unknown) {
    const entered = deferred<void>();
    const ended = deferred<number | undefined>();
    const wait = get('/wait', async ({ signal }) => {
      const left = new Promise((resolve) => signal.addEventListener('abort', resolve));
      entered.resolve();
      await left;
      throw fail(signal.reason as Error);
    });
    const around = async (_context: unknown, body: () => Promise<number | undefined>) =>
      ended.resolve(await body());
    const { port, errors } = await startRig({ routes: [wait], around });
    const request = httpRequest({ host: '127.0.0.1', port, path: '/wait' }).on('error', () => undefined);
    request.end();
    await entered.promise;
    request.destroy();
    return { status: await ended.promise, errors };
  }

  test('that fails after its client has left is heard of', async () => {
    const error = new Error('our mistake');
    expect(await leave(() => error)).toEqual({ status: undefined, errors: [error] });
  });

  test.each([
    ['is the leaving itself', (reason: Error) => reason],
    ['comes of the leaving', (reason: Error) => new Error('aborted', { cause: reason })],
    ['is for the client', () => new ProblemError('conflict', 'No.')],
  ])('is not, where what it throws %s', async (_what, fail) => {
    expect((await leave(fail)).errors).toEqual([]);
  });
});

describe('a problem', () => {
  const throwing = (error: unknown) => get('/fails', () => Promise.reject(error));

  test('is told as RFC 9457 has it, with the id of the request', async () => {
    const errors = [{ pointer: '/name', detail: 'must be a text' }];
    const { ask } = await startRig({ routes: [throwing(new ProblemError('invalid', 'No.', { errors }))] });
    const answer = await ask('/fails', { headers: { 'x-request-id': 'request-42' } });
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json).toEqual({
      type: 'urn:holdfast:problem:invalid',
      title: 'The content is not valid',
      status: 422,
      detail: 'No.',
      errors,
      requestId: 'request-42',
    });
  });

  test.each([
    [new TimeoutError(5, { strategy: 'db-password' }), 504, undefined],
    [new RateLimitedError('full', { strategy: 'db-password', retryAfterMs: 1_200 }), 429, '2'],
    [{ code: 'ERR_CIRCUIT_OPEN', strategy: 'db-password', retryAfterMs: 2_000 }, 503, '2'],
  ])('of what stands behind is told by its kind (%#)', async (error, status, retryAfter) => {
    const { ask, errors } = await startRig({ routes: [throwing(error)] });
    const answer = await ask('/fails');
    expect(answer.status).toBe(status);
    expect(answer.headers['retry-after']).toBe(retryAfter);
    expect(answer.text).not.toContain('db-password');
    expect(errors).toEqual(status < 500 ? [] : [error]);
  });

  test.each(['internal', 'upstream-failed', 'unavailable', 'upstream-timeout'] as const)(
    'on our side is heard of with its cause: %s',
    async (name) => {
      const cause = new Error('canary-hunter2');
      const problem = new ProblemError(name, 'Come again later.', { cause });
      const { ask, errors } = await startRig({ routes: [throwing(problem)] });
      expect((await ask('/fails')).text).not.toContain('canary');
      expect(errors).toEqual([problem]);
      expect(errors[0]).toHaveProperty('cause', cause);
    },
  );

  test("on the side of the client is nobody else's", async () => {
    const problem = new ProblemError('conflict', 'No.', { cause: new Error('lost the race') });
    const { ask, errors } = await startRig({ routes: [throwing(problem)] });
    expect((await ask('/fails')).status).toBe(409);
    expect(errors).toEqual([]);
  });

  test.each([new Error('canary-hunter2'), 'canary-hunter2', undefined, { toString: () => 'canary-hunter2' }])(
    'of our own tells nothing to the client, and all to us (%#)',
    async (error) => {
      const { ask, errors } = await startRig({ routes: [throwing(error)] });
      const answer = await ask('/fails');
      expect(answer.status).toBe(500);
      expect(answer.text + JSON.stringify(answer.headers)).not.toContain('canary');
      expect(errors).toEqual([error]);
    },
  );

  test('after half an answer ends the connection', async () => {
    const half = get('/half', ({ response }) => {
      response.writeHead(200, { 'content-length': 10 }).write('half');
      throw new Error('broken');
    });
    const { raw } = await startRig({ routes: [half] });
    const seen = await raw('GET /half HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(seen).not.toContain('problem');
  });

  test('has a status and a name of its own', () => {
    const statuses = Object.values(PROBLEMS).map(([status]) => status);
    expect(new Set(statuses).size).toBe(statuses.length);
  });
});

describe('the context', () => {
  test('follows a request through all that it starts', async () => {
    const seen = get('/seen', async () => {
      await new Promise(setImmediate);
      const context = currentRequest();
      return { body: { context, audit: context && auditContextOf(context) } };
    });
    const { ask, as } = await startRig({ routes: [seen] });
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const [first, second] = await Promise.all([
      ask('/seen', { headers: { ...as('u/acme').headers, traceparent, 'x-request-id': 'request-1' } }),
      ask('/seen'),
    ]);
    expect(first?.json['context']).toMatchObject({ requestId: 'request-1', traceId: 'a'.repeat(32) });
    expect(first?.json['audit']).toEqual({
      requestId: 'request-1',
      traceId: 'a'.repeat(32),
      tenant: 'acme',
      actor: { type: 'user', id: 'u' },
      where: { ip: '127.0.0.1' },
    });
    const own = second?.json['context'] as Record<string, string>;
    expect(own['requestId']).toMatch(/^[0-9a-f-]{36}$/);
    expect(own['traceparent']).toMatch(new RegExp(`^00-${own['traceId']}-[0-9a-f]{16}-00$`));
    expect(currentRequest()).toBeUndefined();
  });

  test.each([
    ['x-request-id', 'short'],
    ['x-request-id', 'with spaces in it'],
    ['x-request-id', '"><script>alert(1)</script>'],
    ['x-request-id', 'a'.repeat(65)],
    ['traceparent', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`],
    ['traceparent', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01-extra`],
    ['traceparent', `ff-${'a'.repeat(32)}-${'b'.repeat(16)}-01`],
  ])('takes no %s that is %s', async (name, value) => {
    const { ask } = await startRig({ routes: [get('/', () => ({ body: currentRequest() }))] });
    const { json, headers } = await ask('/', { headers: { [name]: value } });
    expect(JSON.stringify(json) + JSON.stringify(headers)).not.toContain(value.slice(0, 36));
  });

  test('is made anew by whoever says nothing of it', async () => {
    const { ask } = await startRig({ routes: [get('/', () => ({ body: currentRequest() }))] });
    const [one, other] = [(await ask('/')).json, (await ask('/')).json];
    expect(one['requestId']).not.toBe(other['requestId']);
    expect(one['traceId']).not.toBe(other['traceId']);
  });

  test('names who acts for whom', () => {
    const context = { requestId: 'r', traceId: 't', traceparent: '', address: '::1', route: undefined };
    const identity = { id: 'bot', tenant: 'acme', type: 'agent', onBehalfOf: 'u' } as const;
    expect(auditContextOf({ ...context, identity })).toEqual({
      requestId: 'r',
      traceId: 't',
      tenant: 'acme',
      actor: { type: 'agent', id: 'bot' },
      onBehalfOf: { type: 'user', id: 'u' },
      where: { ip: '::1' },
    });
    expect(auditContextOf({ ...context, identity: undefined })).toEqual({
      requestId: 'r',
      traceId: 't',
      where: { ip: '::1' },
    });
  });
});

describe('what stands around a request', () => {
  /** Keeps what an audit log would: who, for whom, and what became of it. */
  async function audited(more: Partial<ServiceOptions> = {}) {
    const entries: object[] = [];
    const rig = await startRig({
      routes: [
        get('/', () => ({})),
        get('/me', () => ({ body: {} }), 'authenticated'),
        get('/things', () => ({ body: [] }), { permission: 'things:read' }),
        get('/fails', () => Promise.reject(new Error('x'))),
      ],
      origins: ['https://app.example'],
      around: async (context, body) => {
        const { tenant, actor } = auditContextOf(context) as { tenant?: string; actor?: { id: string } };
        const { requestId } = context;
        entries.push({ requestId, tenant, actor: actor?.id, status: await body() });
      },
      ...more,
    });
    const entryOf = async (path: string, { headers = {}, ...asked }: Asked = {}) => {
      const answer = await rig.ask(path, { headers: { 'x-request-id': 'request-7', ...headers }, ...asked });
      await expect.poll(() => entries).toHaveLength(1);
      const [entry] = entries.splice(0);
      expect(entry).toMatchObject({ requestId: 'request-7', status: answer.status });
      return entry as { readonly actor?: string; readonly tenant?: string; readonly status: number };
    };
    return { ...rig, entries, entryOf };
  }

  test('knows who makes it', async () => {
    const { entryOf, as } = await audited();
    const u = { actor: 'u', tenant: 'acme' };
    expect(await entryOf('/me', as('u/acme'))).toMatchObject({ ...u, status: 200 });
    expect(await entryOf('/', as('u/acme'))).toMatchObject({ ...u, status: 204 });
    expect(await entryOf('/things', as('u/acme'))).toMatchObject({ ...u, status: 403 });
    expect(await entryOf('/nothing', as('u/acme'))).toMatchObject({ ...u, status: 404 });
    expect(await entryOf('/fails', as('u/acme'))).toMatchObject({ ...u, status: 500 });
    expect(await entryOf('/')).toMatchObject({ actor: undefined, tenant: undefined, status: 204 });
  });

  test.each<[number, string, Asked]>([
    [401, 'a forged token', { headers: { authorization: 'Bearer forged' } }],
    [401, 'no token', {}],
    [400, 'a malformed token', { headers: { authorization: 'Bearer a b' } }],
    [403, 'a page of another origin', { headers: { origin: 'https://evil.example' } }],
    [421, 'another host', { headers: { host: 'evil.example' } }],
  ])('learns of a request that is refused with %i for %s', async (status, _what, asked) => {
    const { entryOf } = await audited();
    expect(await entryOf('/me', asked)).toMatchObject({ actor: undefined, tenant: undefined, status });
  });

  test('learns who came too often', async () => {
    const { entryOf, as } = await audited({ limit: { rule: slidingWindow({ limit: 1, windowMs: 60_000 }) } });
    await entryOf('/me', as('u/acme'));
    expect(await entryOf('/me', as('u/acme'))).toMatchObject({ actor: 'u', tenant: 'acme', status: 429 });
  });

  test('learns of the questions that browsers ask', async () => {
    const { entryOf } = await audited();
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'GET' };
    expect(await entryOf('/me', { method: 'OPTIONS', headers })).toMatchObject({ status: 204 });
  });

  test('is where its errors are heard of', async () => {
    const store = new AsyncLocalStorage<string>();
    const heard: unknown[] = [];
    const { ask } = await startRig({
      routes: [get('/fails', () => Promise.reject(new Error('x')))],
      around: (context, body) => store.run(context.requestId, body),
      onError: () => heard.push(store.getStore()),
    });
    await ask('/fails', { headers: { 'x-request-id': 'request-7' } });
    expect(heard).toEqual(['request-7']);
  });

  test('is a mistake of ours where it fails, and ends nothing else', async () => {
    const error = new Error('the log is full');
    let fails = true;
    const { ask, errors } = await startRig({
      routes: [get('/', () => ({}))],
      around: (_context, body) => {
        if (fails) throw error;
        return body();
      },
    });
    expect((await ask('/')).json).toMatchObject({ type: 'urn:holdfast:problem:internal' });
    expect(errors).toEqual([error]);
    fails = false;
    expect((await ask('/')).status).toBe(204);
  });

  test('takes no answer back where it fails afterwards', async () => {
    const { ask, errors } = await startRig({
      routes: [get('/', () => ({ body: 'x'.repeat(100_000) }))],
      around: async (_context, body) => {
        await body();
        throw new Error('the log is full');
      },
    });
    expect((await ask('/')).text).toHaveLength(100_000);
    expect(errors).toMatchObject([{ message: 'the log is full' }]);
  });
});

describe('those who run the service', () => {
  test('see metrics by routes, never by paths', async () => {
    const { ask } = await startRig({ routes: [get('/things/:id', () => ({}))] });
    await ask('/things/canary-1');
    await ask('/canary-2%22%7D%201');
    const { status, text } = await ask('/metrics');
    expect(status).toBe(200);
    expect(text).toContain('/things/:id');
    expect(text).not.toContain('canary');
    expect((await ask('/metrics/summary')).json).toHaveProperty('metrics');
    expect((await ask('/metrics/history')).status).toBe(200);
  });

  test('see the details of the health, and others the state', async () => {
    const health = createHealth({ checks: [{ name: 'canary', run: () => undefined }] });
    const { ask } = await startRig({ health });
    expect((await ask('/status')).text).toContain('canary');
    expect((await ask('/readyz')).status).toBe(200);
    const closed = await startRig({ isOperator: () => false, health: createHealth() });
    expect((await closed.ask('/metrics')).status).toBe(403);
    expect((await closed.ask('/status')).json).not.toHaveProperty('checks');
    expect((await closed.ask('/metricsXYZ')).status).toBe(404);
  });

  test('stay closed when nobody can tell who runs it', async () => {
    const failed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    onTestFinished(() => failed.mockRestore());
    const isOperator = () => {
      throw new Error('no answer');
    };
    const { ask } = await startRig({ isOperator });
    expect((await ask('/metrics')).status).toBe(403);
    expect((await ask('/status')).json).not.toHaveProperty('checks');
    expect(failed).toHaveBeenCalled();
  });

  test('are not a page whose name was made to lead here', async () => {
    const { ask } = await startRig();
    expect((await ask('/metrics', { headers: { host: 'evil.example' } })).status).toBe(403);
    const status = await ask('/status', { headers: { host: 'evil.example' } });
    expect(status.json).not.toHaveProperty('checks');
  });

  test('end it without losing a request', async () => {
    const entered = deferred<void>();
    const goOn = deferred<void>();
    const slow = get('/slow', async () => {
      entered.resolve();
      await goOn.promise;
      return { body: 'whole' };
    });
    const { ask, service } = await startRig({ routes: [slow] });
    const answer = ask('/slow');
    await entered.promise;
    const closed = service.close();
    goOn.resolve();
    expect((await answer).text).toBe('whole');
    await closed;
    expect(service.lifecycle.state).toBe('stopped');
    await expect(ask('/slow')).rejects.toThrow('ECONNREFUSED');
    await service.close();
  });

  test('are told when the port is taken', async () => {
    const { port } = await startRig();
    await using second = createService({ name: 'second', routes: [] });
    await expect(second.listen(port)).rejects.toThrow(`Port ${port} is taken.`);
  });

  test('are told as it is when it cannot listen for another reason', async () => {
    // Kept for documentation (RFC 5737): no machine has it.
    await using nowhere = createService({ name: 'nowhere', routes: [] });
    await expect(nowhere.listen(0, '192.0.2.1')).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  });

  test('are told where it is reached, also over IPv6', async (context) => {
    await using service = createService({ name: 'six', routes: [] });
    const url = await service.listen(0, '::1').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRNOTAVAIL' && error.code !== 'EAFNOSUPPORT') throw error;
      return context.skip('this machine has no IPv6');
    });
    expect(url.href).toMatch(/^http:\/\/\[::1\]:\d+\/$/);
  });

  test('have it go on for a while after it says that it is no longer ready', async () => {
    const { ask, service, clock } = await startRig({ routes: [get('/', () => ({}))], drainDelayMs: 1_234 });
    const ended = service.lifecycle.shutdown('SIGTERM');
    await expect.poll(async () => (await ask('/readyz')).status).toBe(503);
    await clock.advance(1_233);
    expect((await ask('/')).status).toBe(204);
    await clock.advance(1);
    await ended;
    expect(service.server.listening).toBe(false);
  });

  test('find nothing of it left behind', async () => {
    const { service, clock } = await startRig();
    expect(clock.pendingTimers).toBeGreaterThan(0);
    await service.close();
    expect(clock.pendingTimers).toBe(0);
  });
});

test('mistakes in options are found when the service is made', () => {
  const service = (more: object) => () => createService({ name: 'x', routes: [], ...more });
  expect(service({ maxBodyBytes: -1 })).toThrow(RangeError);
  expect(service({ trustedProxies: ['10.0.0.0/99'] })).toThrow(TypeError);
  expect(service({ routes: [{ method: 'GET', path: '/a', handle: () => ({}) }] })).toThrow(TypeError);
  expect(service({ unknown: 1 })).toThrow(TypeError);
});

test.each(['/status', '/health', '/live', '/livez', '/ready', '/metrics', '/metrics/summary'])(
  'a route that would never be reached is told of: %s',
  (path) => {
    const routes = [get('/own', () => ({})), get(path, () => ({}))];
    expect(() => createService({ name: 'x', routes })).toThrow(
      new TypeError(`createService: the path ${path} is taken by the service itself`),
    );
  },
);

test('a failing hearer of errors changes nothing', async () => {
  const routes = [get('/', () => Promise.reject(new Error('x')))];
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { ask } = await startRig({
    routes,
    onError: () => {
      throw new Error('listener');
    },
  });
  expect((await ask('/')).status).toBe(500);
});

test('a header that would break the answer in two becomes a problem of ours', async () => {
  const split = get('/', ({ query }) => ({ headers: { 'X-Name': query.get('name') ?? '' } }));
  const { ask, errors } = await startRig({ routes: [split] });
  const answer = await ask('/?name=a%0d%0aSet-Cookie:%20session=evil');
  expect(answer.status).toBe(500);
  expect(answer.headers).not.toHaveProperty('set-cookie');
  expect(errors).toMatchObject([{ code: 'ERR_INVALID_CHAR' }]);
});

test('a problem whose headers cannot be sent becomes one of ours', async () => {
  const split = new ProblemError('conflict', 'No.', { headers: { 'X-Name': 'a\r\nSet-Cookie: b' } });
  const { ask, errors } = await startRig({ routes: [get('/', () => Promise.reject(split))] });
  const { status, headers } = await ask('/');
  expect(status).toBe(500);
  expect(headers).not.toHaveProperty('set-cookie');
  expect(errors).toMatchObject([{ code: 'ERR_INVALID_CHAR' }]);
});

test('an error that cannot even be looked at ends its connection, and nothing else', async () => {
  const seen = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const hostile: object = {
    get code(): string {
      throw hostile;
    },
  };
  const routes = [get('/', () => ({})), get('/fails', () => Promise.reject(hostile))];
  const { ask } = await startRig({ routes });
  await expect(ask('/fails')).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect((await ask('/')).status).toBe(204);
  expect(seen).toHaveBeenCalledOnce();
});
