import { CircuitOpenError } from '@holdfast/circuit-breaker';
import { classifyModelError, modelError, type ModelErrorKind } from '@holdfast/http/models';
import { rejection, TimeoutError } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const clock = manualClock();
const kindOf = (error: unknown) => classifyModelError(error, { clock }).kind;

describe('the shapes of OpenAI and Azure', () => {
  const openai = (status: number, type: string | null, code: string | null) =>
    Object.assign(new Error('x'), { status, type, code, error: { message: 'x', type, code, param: null } });

  it.each<[number, string | null, string | null, ModelErrorKind]>([
    [429, 'tokens', 'rate_limit_exceeded', 'rate-limited'],
    [429, 'rate_limit_error', 'slow_down', 'rate-limited'],
    [429, 'insufficient_quota', 'insufficient_quota', 'quota-exhausted'],
    [429, 'insufficient_quota', 'credit_balance_exhausted', 'quota-exhausted'],
    [429, 'insufficient_quota', 'project_spend_limit_exceeded', 'quota-exhausted'],
    [400, 'invalid_request_error', 'context_length_exceeded', 'invalid-request'],
    [400, 'invalid_request_error', 'content_policy_violation', 'content-filtered'],
    [400, null, 'content_filter', 'content-filtered'],
    [401, 'invalid_request_error', 'invalid_api_key', 'authentication'],
    [404, 'invalid_request_error', 'model_not_found', 'invalid-request'],
    [500, 'server_error', null, 'server'],
    [503, null, null, 'overloaded'],
    [502, null, null, 'server'],
  ])('%i %s %s is %s', (status, type, code, kind) => {
    expect(kindOf(openai(status, type, code))).toBe(kind);
    expect(kindOf({ status, body: JSON.stringify({ error: { type, code } }) })).toBe(kind);
  });

  it('reads what a content filter says of prompts and images, and a status that is text', () => {
    expect(kindOf(openai(400, 'invalid_request_error', 'invalid_prompt'))).toBe('content-filtered');
    expect(kindOf(openai(400, 'image_generation_user_error', 'moderation_blocked'))).toBe('content-filtered');
    expect(kindOf({ error: { code: '429', message: 'Requests have exceeded the rate limit' } })).toBe(
      'rate-limited',
    );
    expect(kindOf({ error: { code: '404', message: 'Resource not found' } })).toBe('invalid-request');
  });

  it('reads the inner error of Azure and the reason why a completion ended', () => {
    const innererror = { code: 'ResponsibleAIPolicyViolation', content_filter_result: {} };
    expect(kindOf({ error: { code: 'x', status: 400, innererror } })).toBe('content-filtered');
    expect(kindOf({ choices: [{ finish_reason: 'content_filter' }] })).toBe('content-filtered');
  });

  it('waits until the limit that is used up is full again', () => {
    const headers = new Headers({
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '1m1s',
      'x-ratelimit-remaining-tokens': '5',
      'x-ratelimit-reset-tokens': '6h0m0s',
    });
    expect(classifyModelError({ status: 429, headers }, { clock }).retryAfterMs).toBe(61_000);
  });
});

describe('the shapes of Anthropic', () => {
  const anthropic = (status: number | undefined, type: string, more: object = {}) => ({
    ...(status === undefined ? {} : { status }),
    error: { type: 'error', error: { type, message: 'x', ...more }, request_id: 'req_1' },
  });

  it.each<[number, string, ModelErrorKind]>([
    [400, 'invalid_request_error', 'invalid-request'],
    [401, 'authentication_error', 'authentication'],
    [402, 'billing_error', 'quota-exhausted'],
    [403, 'permission_error', 'authentication'],
    [404, 'not_found_error', 'invalid-request'],
    [413, 'request_too_large', 'invalid-request'],
    [429, 'rate_limit_error', 'rate-limited'],
    [500, 'api_error', 'server'],
    [504, 'timeout_error', 'timeout'],
    [529, 'overloaded_error', 'overloaded'],
  ])('%i %s is %s, in the midst of a stream as well', (status, type, kind) => {
    expect(kindOf(anthropic(status, type))).toBe(kind);
    expect(kindOf(anthropic(undefined, type))).toBe(kind);
  });

  it('tells a spend limit from a rate limit, and knows the words for an empty account', () => {
    const details = { error_code: 'enforced_spend_limit_reached' };
    expect(kindOf(anthropic(429, 'rate_limit_error', { details }))).toBe('quota-exhausted');
    const message = 'Your credit balance is too low to access the API.';
    expect(kindOf(anthropic(400, 'invalid_request_error', { message }))).toBe('quota-exhausted');
    const spent = 'You have reached your specified API usage limits.';
    expect(kindOf(anthropic(400, 'invalid_request_error', { message: spent }))).toBe('quota-exhausted');
    expect(kindOf({ stop_reason: 'refusal' })).toBe('content-filtered');
  });

  it('reads retry-after and the reset of limits', () => {
    const error = anthropic(429, 'rate_limit_error');
    const after = { ...error, headers: { 'Retry-After': '3' } };
    expect(classifyModelError(after, { clock }).retryAfterMs).toBe(3_000);
    const reset = {
      'anthropic-ratelimit-input-tokens-remaining': '0',
      'anthropic-ratelimit-input-tokens-reset': '2026-01-01T00:00:07Z',
    };
    expect(classifyModelError({ ...error, headers: reset }, { clock }).retryAfterMs).toBe(7_000);
  });
});

describe('the shapes of Google', () => {
  const google = (code: number, status: string, details: readonly object[] = []) => ({
    error: { code, message: 'x', status, details },
  });
  const retryInfo = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '47.4s' };
  const quota = (quotaId: string) => ({
    '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
    violations: [{ quotaId }],
  });

  it.each<[number, string, ModelErrorKind]>([
    [400, 'INVALID_ARGUMENT', 'invalid-request'],
    [400, 'FAILED_PRECONDITION', 'invalid-request'],
    [403, 'PERMISSION_DENIED', 'authentication'],
    [404, 'NOT_FOUND', 'invalid-request'],
    [429, 'RESOURCE_EXHAUSTED', 'rate-limited'],
    [500, 'INTERNAL', 'server'],
    [503, 'UNAVAILABLE', 'overloaded'],
    [504, 'DEADLINE_EXCEEDED', 'timeout'],
  ])('%i %s is %s', (code, status, kind) => expect(kindOf(google(code, status))).toBe(kind));

  it('waits for a quota a minute, and not for one a day', () => {
    const minute = google(429, 'RESOURCE_EXHAUSTED', [
      quota('GenerateRequestsPerMinutePerProject'),
      retryInfo,
    ]);
    expect(classifyModelError(minute, { clock })).toEqual(modelError('rate-limited', 47_400));
    const day = google(429, 'RESOURCE_EXHAUSTED', [quota('GenerateRequestsPerDayPerProject'), retryInfo]);
    expect(kindOf(day)).toBe('quota-exhausted');
    expect(kindOf(google(503, 'UNAVAILABLE', [quota('GenerateRequestsPerDayPerProject')]))).toBe(
      'overloaded',
    );
  });

  it('reads errors that the SDK keeps as text, and a key that is refused', () => {
    expect(kindOf(new Error(JSON.stringify(google(503, 'UNAVAILABLE'))))).toBe('overloaded');
    expect(kindOf(new Error(`got status: 429. ${JSON.stringify(google(429, 'RESOURCE_EXHAUSTED'))}`))).toBe(
      'rate-limited',
    );
    expect(kindOf(google(400, 'INVALID_ARGUMENT', [{ reason: 'API_KEY_INVALID' }]))).toBe('authentication');
    expect(kindOf({ promptFeedback: { blockReason: 'SAFETY' } })).toBe('content-filtered');
  });
});

describe('the shapes of Bedrock', () => {
  it.each<[string, number, ModelErrorKind]>([
    ['ThrottlingException', 429, 'rate-limited'],
    ['ServiceQuotaExceededException', 400, 'rate-limited'],
    ['ModelNotReadyException', 429, 'overloaded'],
    ['ServiceUnavailableException', 503, 'overloaded'],
    ['ModelTimeoutException', 408, 'timeout'],
    ['ModelErrorException', 424, 'server'],
    ['ModelStreamErrorException', 424, 'server'],
    ['InternalServerException', 500, 'server'],
    ['ValidationException', 400, 'invalid-request'],
    ['AccessDeniedException', 403, 'authentication'],
  ])('%s is %s', (name, httpStatusCode, kind) => {
    expect(kindOf(Object.assign(new Error('x'), { name, $metadata: { httpStatusCode } }))).toBe(kind);
    expect(kindOf({ headers: { 'x-amzn-ErrorType': `${name}:http://internal.amazon.com/` } })).toBe(kind);
    expect(kindOf({ __type: `com.amazonaws.bedrock#${name}` })).toBe(kind);
    const field = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    expect(kindOf({ [field]: { message: 'x' } })).toBe(kind);
  });
});

describe('what no API has said', () => {
  it('is judged by status, name or network', () => {
    expect(kindOf(new Response('busy', { status: 503 }))).toBe('overloaded');
    expect(kindOf(new DOMException('x', 'AbortError'))).toBe('aborted');
    expect(kindOf(new DOMException('x', 'TimeoutError'))).toBe('timeout');
    expect(kindOf(new TypeError('fetch failed'))).toBe('server');
    expect(kindOf(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).toBe('server');
    expect(kindOf({ status: 200 })).toBe('unknown');
    expect(kindOf(undefined)).toBe('unknown');
  });

  it('that a strategy refused speaks against no provider', () => {
    const open = new CircuitOpenError('open', { strategy: 'a', retryAfterMs: 5 });
    expect(classifyModelError(open)).toEqual({ ...modelError('overloaded', 5), countsAsFailure: false });
    expect(kindOf(rejection('ERR_RATE_LIMITED', 'a'))).toBe('rate-limited');
    expect(classifyModelError(new TimeoutError(5, { strategy: 'a' })).countsAsFailure).toBe(true);
  });

  it('has the status that is told first; the codes of other protocols are none', () => {
    expect(kindOf({ status: 429, cause: { status: 500 } })).toBe('rate-limited');
    expect(kindOf({ code: 14, response: { status: 503 } })).toBe('overloaded');
  });

  it('is looked for in causes and in data that is text', () => {
    expect(kindOf(new Error('x', { cause: { type: 'overloaded_error' } }))).toBe('overloaded');
    expect(kindOf({ data: '{"error":{"type":"overloaded_error"}}' })).toBe('overloaded');
  });

  it('is looked for no further than any of them would put it', () => {
    let deep: object = { type: 'overloaded_error' };
    for (let level = 0; level < 8; level++) deep = { error: deep };
    expect(kindOf(deep)).toBe('unknown');
    const fields = Array.from({ length: 600 }, (_, index) => [`field${index}`, index] as const);
    expect(kindOf({ ...Object.fromEntries(fields), type: 'overloaded_error' })).toBe('unknown');
    const body = '{"type":"overloaded_error"}';
    expect(kindOf({ body: `${'x'.repeat(201)}${body}` })).toBe('unknown');
    expect(kindOf({ body: `${body}${' '.repeat(65_536)}` })).toBe('unknown');
  });

  it('survives getters and proxies that throw', () => {
    const hostile = {
      get status(): number {
        throw new Error('no');
      },
    };
    expect(kindOf(hostile)).toBe('unknown');
    const trap = () => {
      throw new Error('no');
    };
    expect(kindOf(new Proxy({}, { get: trap, has: trap, ownKeys: trap }))).toBe('unknown');
  });
});

describe('any value', () => {
  const words = fc.constantFrom(
    'error',
    'type',
    'code',
    'status',
    'headers',
    'details',
    'retryDelay',
    'message',
    'body',
  );
  const json = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      fc.string(),
      fc.integer(),
      fc.constantFrom('rate_limit_error', '47s', 'RESOURCE_EXHAUSTED', '{"error":{"code":429}}'),
      fc.array(tie('node'), { maxLength: 4 }),
      fc.dictionary(words, tie('node'), { maxKeys: 5 }),
    ),
  })).node;

  it('has a verdict of its kind', () => {
    fc.assert(
      fc.property(fc.oneof(json, fc.anything()), (value) => {
        const { kind, retryAfterMs, retryable } = classifyModelError(value, { clock });
        const { retryAfterMs: _, countsAsFailure: _counts, ...verdict } = modelError(kind);
        expect({ kind, retryable }).toMatchObject({ kind: verdict.kind, retryable: verdict.retryable });
        expect(retryAfterMs === undefined || retryAfterMs >= 0).toBe(true);
      }),
    );
  });

  it('gets the same verdict however deep the SDK wraps it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('overloaded_error', 'insufficient_quota', 'content_filter'),
        fc.nat(4),
        (type, depth) => {
          let wrapped: unknown = { type };
          for (let level = 0; level < depth; level++) wrapped = { error: wrapped };
          expect(kindOf(wrapped)).toBe(kindOf({ type }));
        },
      ),
    );
  });
});
