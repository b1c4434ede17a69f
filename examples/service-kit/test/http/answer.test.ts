import { BulkheadFullError, RateLimitedError } from '@holdfast/limiter';
import { TimeoutError } from '@holdfast/pipeline';
import { describe, expect, test } from 'vitest';
import { asProblem } from '../../src/http/answer.ts';
import { ProblemError } from '../../src/http/problem.ts';
import { contextOf } from '../../src/http/request-context.ts';
import { readServiceOptions } from '../../src/http/service-options.ts';
import { deferred, get, startRig } from './rig.ts';

const limited = (retryAfterMs?: number) => new RateLimitedError('full', { strategy: 'x', retryAfterMs });

describe('an error', () => {
  test.each<[unknown, string, string | undefined]>([
    [limited(), 'rate-limited', '1'],
    [limited(0), 'rate-limited', '1'],
    [limited(1), 'rate-limited', '1'],
    [limited(1_001), 'rate-limited', '2'],
    [new BulkheadFullError('full', { strategy: 'x', retryAfterMs: 3_000 }), 'unavailable', '3'],
    [new TimeoutError(5, { strategy: 'x', retryAfterMs: 3_000 }), 'upstream-timeout', undefined],
    [{ code: 'ERR_SHOP_CLOSED', strategy: 'x', retryAfterMs: undefined }, 'unavailable', '1'],
    [{ code: 'ERR_CIRCUIT_OPEN' }, 'internal', undefined],
    [new Error('x'), 'internal', undefined],
    [null, 'internal', undefined],
    ['rate-limited', 'internal', undefined],
  ])('is told by its kind, with the time to come again where that helps (%#)', (error, problem, seconds) => {
    const told = asProblem(error);
    expect(told).toMatchObject({ problem, cause: error });
    expect(told.headers['Retry-After']).toBe(seconds);
  });

  test('that is a problem already stays that problem', () => {
    const problem = new ProblemError('conflict', 'No.');
    expect(asProblem(problem)).toBe(problem);
    expect(problem).not.toHaveProperty('cause');
  });
});

describe('an answer', () => {
  test.each<[unknown, string, string]>([
    ['é', '2', 'text/plain; charset=utf-8'],
    ['', '0', 'text/plain; charset=utf-8'],
    [new Uint8Array(3), '3', 'application/octet-stream'],
    [null, '4', 'application/json; charset=utf-8'],
    [0, '1', 'application/json; charset=utf-8'],
    [{ a: 'é' }, '10', 'application/json; charset=utf-8'],
  ])('of %j says how many bytes it has, and of what kind', async (body, length, type) => {
    const { ask } = await startRig({ routes: [get('/', () => ({ body }))] });
    const { headers } = await ask('/');
    expect(headers).toMatchObject({ 'content-length': length, 'content-type': type });
  });

  test('that is whole leaves nobody behind', async () => {
    const closed = deferred<void>();
    let left: AbortSignal | undefined;
    const route = get('/', ({ signal, response }) => {
      left = signal;
      response.once('close', closed.resolve);
      return { body: 'x' };
    });
    const { ask } = await startRig({ routes: [route] });
    await ask('/');
    await closed.promise;
    expect(left?.aborted).toBe(false);
  });
});

describe('what a request says of itself', () => {
  const of = (headersDistinct: Record<string, string[]>) => contextOf({ headersDistinct }, '::1');
  const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

  test.each(['a'.repeat(8), 'a'.repeat(64), 'A-b_c.d-9'])('its id may be %s', (id) => {
    expect(of({ 'x-request-id': [id] }).requestId).toBe(id);
  });

  test.each([['a'.repeat(7)], ['a'.repeat(65)], ['aaaa aaaa'], ['aaaaaaaa', 'bbbbbbbb'], []])(
    'its id may not be %j',
    (...ids) => {
      const { requestId } = of({ 'x-request-id': ids });
      expect(requestId).toMatch(/^[0-9a-f]{8}-/);
      expect(ids).not.toContain(requestId);
    },
  );

  test('its trace goes on with a span of our own', () => {
    const { traceId, traceparent } = of({ traceparent: [trace] });
    expect(traceId).toBe('a'.repeat(32));
    expect(traceparent).toMatch(new RegExp(`^00-${traceId}-(?!b{16})[0-9a-f]{16}-01$`));
  });

  test.each([[trace, trace], [trace.toUpperCase()], [`00-${'a'.repeat(32)}-${'0'.repeat(16)}-01`], ['']])(
    'its trace may not be %j',
    (...traces) => {
      expect(of({ traceparent: traces })).toMatchObject({
        traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/) as string,
        traceId: expect.not.stringMatching(/^a{32}$/i) as string,
      });
    },
  );
});

test.each([
  ['127.0.0.1', true],
  ['127.8.8.8', true],
  ['::1', true],
  ['128.0.0.1', false],
  ['10.127.0.1', false],
  ['::10', false],
  ['2001:db8::1', false],
  ['unknown', false],
  ['', false],
])('without a word on it, whoever asks from %s runs the service: %s', (address, runs) => {
  const { isOperator } = readServiceOptions({ name: 'x', routes: [] });
  expect(isOperator({ ...contextOf({ headersDistinct: {} }, address) })).toBe(runs);
});
