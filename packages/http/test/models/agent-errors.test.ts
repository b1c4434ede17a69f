import { circuitBreaker } from '@holdfast/circuit-breaker';
import {
  classifyAgentError,
  modelError,
  readModelError,
  toHttpError,
  toJsonRpcError,
} from '@holdfast/http/models';
import { rejection, TimeoutError } from '@holdfast/pipeline';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

const kindOf = (answer: unknown) => classifyAgentError(answer)?.kind;

describe('answers of MCP servers', () => {
  it.each([
    [-32700, 'invalid-request'],
    [-32601, 'invalid-request'],
    [-32602, 'invalid-request'],
    [-32603, 'server'],
    [-32000, 'server'],
    [-32002, 'invalid-request'],
    [-32020, 'invalid-request'],
    [-32021, 'invalid-request'],
    [-32022, 'invalid-request'],
    [-32042, 'authentication'],
    [-1, 'aborted'],
    [-32099, 'unknown'],
  ])('%i is %s', (code, kind) => {
    expect(kindOf({ jsonrpc: '2.0', id: 1, error: { code, message: 'x' } })).toBe(kind);
    expect(kindOf(Object.assign(new Error('x'), { code }))).toBe(kind);
  });

  it('are no codes of other systems, which are above 0', () => {
    expect(kindOf({ code: 429, status: 429 })).toBe('rate-limited');
    expect(kindOf({ code: 0, content: [] })).toBeUndefined();
  });

  it('tells a request that timed out from a task that is not there', () => {
    expect(kindOf({ code: -32001, message: 'Request timed out' })).toBe('timeout');
    expect(kindOf({ code: -32001, message: 'Task not found' })).toBe('invalid-request');
  });

  it('of tools that complain are for the model to mend', () => {
    expect(classifyAgentError({ result: { content: [], isError: true } })).toEqual(
      modelError('invalid-request'),
    );
    expect(kindOf({ content: [], isError: false })).toBeUndefined();
  });

  it('are judged by what failed below where it is no answer at all', () => {
    expect(kindOf(new TimeoutError(5, { strategy: 'a' }))).toBe('timeout');
    expect(kindOf({ error: { type: 'overloaded_error' } })).toBe('overloaded');
    expect(kindOf('nonsense')).toBe('unknown');
  });

  it('are waited for only as long as can be, and where waiting helps', () => {
    const asked = (code: number, retryAfterMs: number) =>
      classifyAgentError({ code, message: 'x', data: { retryAfterMs } })?.retryAfterMs;
    expect([asked(-32603, 5), asked(-32603, -5), asked(-32602, 5)]).toEqual([5, undefined, undefined]);
    expect(kindOf({ code: -32602, message: 'timed out' })).toBe('invalid-request');
  });
});

describe('a breaker around the calls of an MCP server', () => {
  const guard = () =>
    circuitBreaker({
      name: 'mcp',
      classifyError: (error) => (classifyAgentError(error)?.countsAsFailure === true ? 'failure' : 'ignored'),
      classifyResult: (result) =>
        classifyAgentError(result)?.countsAsFailure === true ? 'failure' : 'success',
    });
  const mcpError = (code: number) => Object.assign(new Error('x'), { code });

  it('opens for a server that fails, in errors or in answers', async () => {
    const breaker = guard();
    for (let call = 0; call < 3; call++) await breaker.try(() => Promise.reject(mcpError(-32603)));
    for (let call = 0; call < 2; call++) {
      await breaker.try(() => ({ jsonrpc: '2.0', id: 1, error: { code: -32603, message: 'x' } }));
    }
    expect(breaker.state).toBe('open');
  });

  it('stays closed for what its callers do wrong, and for tools that complain', async () => {
    const breaker = guard();
    for (let call = 0; call < 20; call++) {
      await breaker.try(() => Promise.reject(mcpError(-32602)));
      await breaker.try(() => ({ content: [], isError: true }));
    }
    expect(breaker.state).toBe('closed');
  });
});

describe('answers of A2A agents', () => {
  it.each([
    ['failed', 'server'],
    ['TASK_STATE_FAILED', 'server'],
    ['rejected', 'invalid-request'],
    ['canceled', 'aborted'],
    ['auth-required', 'authentication'],
    ['TASK_STATE_AUTH_REQUIRED', 'authentication'],
    ['completed', undefined],
    ['input-required', undefined],
    ['TASK_STATE_WORKING', undefined],
  ])('%s is %s', (state, kind) => {
    expect(kindOf({ id: 't', status: { state } })).toBe(kind);
    expect(kindOf({ jsonrpc: '2.0', result: { task: { id: 't', status: { state } } } })).toBe(kind);
  });

  it.each([
    [-32001, 'invalid-request'],
    [-32002, 'invalid-request'],
    [-32003, 'invalid-request'],
    [-32004, 'invalid-request'],
    [-32005, 'invalid-request'],
    [-32006, 'server'],
    [-32007, 'invalid-request'],
    [-32008, 'invalid-request'],
    [-32009, 'invalid-request'],
  ])('%i is %s', (code, kind) => expect(kindOf({ code, message: 'x' })).toBe(kind));
});

describe('errors on their way out', () => {
  it.each([
    [rejection('ERR_RATE_LIMITED', 'a', 1_500), 429, '2', -32029],
    [rejection('ERR_BULKHEAD_FULL', 'a'), 429, undefined, -32029],
    [rejection('ERR_CIRCUIT_OPEN', 'a', 30_000), 503, '30', -32053],
    [rejection('ERR_CIRCUIT_OPEN', 'a', Infinity), 503, undefined, -32053],
    [rejection('ERR_BUDGET_EXHAUSTED', 'a', 100), 429, '1', -32029],
    [new TimeoutError(5, { strategy: 'a' }), 504, undefined, -32054],
    [{ status: 401 }, 502, undefined, -32603],
    [{ status: 400 }, 400, undefined, -32602],
    [new Error('secret'), 500, undefined, -32603],
  ])('%o is HTTP %i', (error, status, after, code) => {
    expect(toHttpError(error)).toEqual({
      status,
      headers: after === undefined ? {} : { 'retry-after': after },
    });
    expect(toJsonRpcError(error).code).toBe(code);
    expect(JSON.stringify(toJsonRpcError(error))).not.toContain('secret');
  });

  it('mean the same to whoever reads them', () => {
    const status = fc.constantFrom(400, 408, 429, 500, 503, 529, 402, 401);
    fc.assert(
      fc.property(status, fc.nat(100), (status, seconds) => {
        const error = { status, headers: { 'retry-after': `${seconds}` } };
        const { kind, retryAfterMs } = classifyAgentError(error) ?? modelError('unknown');
        expect(classifyAgentError({ jsonrpc: '2.0', error: toJsonRpcError(error) })).toEqual(
          modelError(kind, retryAfterMs),
        );
      }),
    );
  });
});

it('judges any value without throwing', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const verdict = classifyAgentError(value);
      expect(verdict === undefined || typeof verdict.retryable === 'boolean').toBe(true);
      expect(toHttpError(value).status).toBeGreaterThanOrEqual(400);
      expect(toJsonRpcError(value).code).toBeLessThan(0);
    }),
  );
});

describe('a response of a model API', () => {
  it('is judged by its body, its headers and its status', async () => {
    const body = JSON.stringify({ error: { type: 'insufficient_quota' } });
    expect(await readModelError(new Response(body, { status: 429 }))).toEqual(modelError('quota-exhausted'));
    const headers = { 'retry-after': '2' };
    expect(await readModelError(new Response('busy', { status: 429, headers }))).toEqual(
      modelError('rate-limited', 2_000),
    );
    expect(await readModelError(new Response(null, { status: 503 }))).toEqual(modelError('overloaded'));
  });

  it('that is ok is left alone', async () => {
    const response = new Response('fine');
    expect(await readModelError(response)).toBeUndefined();
    expect(response.bodyUsed).toBe(false);
  });

  it('whose body fails, or never ends, is judged by the rest', async () => {
    const failing = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) });
    expect((await readModelError(new Response(failing, { status: 529 })))?.kind).toBe('overloaded');
    let pulls = 0;
    const cancel = vi.fn();
    const endless = new ReadableStream({
      pull: (controller) => (pulls++ < 100 ? controller.enqueue(new Uint8Array(4_096).fill(65)) : undefined),
      cancel,
    });
    expect((await readModelError(new Response(endless, { status: 500 })))?.kind).toBe('server');
    expect(cancel).toHaveBeenCalledOnce();
  });
});

it.each([
  ['rate-limited', true, true, false],
  ['overloaded', true, true, true],
  ['quota-exhausted', false, true, true],
  ['content-filtered', false, false, false],
  ['invalid-request', false, false, false],
  ['authentication', false, true, false],
  ['timeout', true, true, true],
  ['aborted', false, false, false],
  ['server', true, true, true],
  ['unknown', false, true, true],
] as const)('what is %s is retried: %s, goes to another provider: %s, counts: %s', (kind, ...verdict) => {
  const { retryable, failover, countsAsFailure } = modelError(kind);
  expect([retryable, failover, countsAsFailure]).toEqual(verdict);
});
