import { getEventListeners } from 'node:events';
import { createFetch, isTransientStatus, statusOutcome, type FetchOptions } from '@holdfast/http';
import { manualClock, seededRandom } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

const url = 'https://api.example/items';

/** A fetch on virtual time that plays responses, errors and silence, and remembers what it was asked. */
function standIn(answers: readonly (() => Response | Promise<Response>)[], options: FetchOptions = {}) {
  const clock = manualClock();
  const inits: (RequestInit | undefined)[] = [];
  const fetch = (_: unknown, init?: RequestInit) => {
    inits.push(init);
    const answer = answers[Math.min(inits.length, answers.length) - 1];
    return Promise.resolve().then(() => (answer ?? (() => new Response()))());
  };
  return { clock, inits, guarded: createFetch({ fetch, clock, random: seededRandom(1), ...options }) };
}
/** What a promise has come to by now, or that it has not: no test waits for what may never come. */
const byNow = async (promise: Promise<unknown> | undefined) => {
  const caught = promise?.catch((error: unknown) => error);
  return Promise.race([caught, new Promise((resolve) => setImmediate(() => resolve('nothing yet')))]);
};
const never = () => new Promise<never>(() => {});
const streaming = (chunks: readonly string[]) => {
  const cancel = vi.fn();
  let next = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = chunks[next++];
        if (chunk === undefined) return never();
        controller.enqueue(Buffer.from(chunk));
        return undefined;
      },
      cancel,
    },
    { highWaterMark: 0 },
  );
  return { response: () => new Response(body), cancel };
};
const outcomes = (guarded: ReturnType<typeof createFetch>) => {
  const [breaker] = guarded.breakers;
  const { successes, failures } = breaker?.stats() ?? { successes: 0, failures: 0 };
  return { successes, failures };
};

describe('the breaker hears of a good response', () => {
  it('at once when it has no body', async () => {
    const { guarded, clock } = standIn([() => new Response(null)]);
    await guarded(url);
    expect(outcomes(guarded)).toEqual({ successes: 1, failures: 0 });
    expect(clock.pendingTimers).toBeLessThanOrEqual(2);
  });

  it('when its body has ended', async () => {
    const { guarded } = standIn([() => new Response('ok')]);
    const response = await guarded(url);
    expect(outcomes(guarded)).toEqual({ successes: 0, failures: 0 });
    await response.text();
    expect(outcomes(guarded)).toEqual({ successes: 1, failures: 0 });
  });

  it('after the idle time when nobody reads its body, which stays readable', async () => {
    const { guarded, clock } = standIn([() => new Response('ok')], { idleMs: 500 });
    const response = await guarded(url);
    expect(clock.refedTimers).toBe(0);
    await clock.advance(500);
    expect(outcomes(guarded)).toEqual({ successes: 1, failures: 0 });
    expect(await response.text()).toBe('ok');
    expect(outcomes(guarded)).toEqual({ successes: 1, failures: 0 });
  });

  it('as a failure when its body stalls', async () => {
    const { response, cancel } = streaming(['a']);
    const { guarded, clock } = standIn([response], { idleMs: 500 });
    const reading = (await guarded(url)).text().catch((error: unknown) => error);
    await clock.advance(500);
    expect(await byNow(reading)).toMatchObject({ code: 'ERR_TIMEOUT', strategy: 'fetch: next bytes' });
    expect(outcomes(guarded)).toEqual({ successes: 0, failures: 1 });
    expect(cancel).toHaveBeenCalledOnce();
  });
});

describe('the time for a body', () => {
  it('keeps a process alive as long as somebody waits for more', async () => {
    const { response } = streaming(['a']);
    const { guarded, clock } = standIn([response], { idleMs: 100 });
    const answer = await guarded(url);
    expect(clock.refedTimers).toBe(0);
    const reading = answer.text().catch((error: unknown) => error);
    await clock.advance(0);
    expect(clock.refedTimers).toBe(1);
    await clock.advance(100);
    expect(await byNow(reading)).toMatchObject({ timeoutMs: 100 });
    expect(clock.refedTimers).toBe(0);
  });

  it('does not run while the reader is busy', async () => {
    const { response } = streaming(['a', 'b']);
    const { guarded, clock } = standIn([response], { idleMs: 100, firstByteMs: 100 });
    const reader = (await guarded(url)).body?.getReader();
    for (const expected of ['a', 'b']) {
      await clock.advance(10_000);
      expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe(expected);
    }
  });

  it('runs for the body as a whole even while the reader is busy', async () => {
    const { response } = streaming(['a', 'b']);
    const { guarded, clock } = standIn([response], { bodyMs: 1_000 });
    const reader = (await guarded(url)).body?.getReader();
    await reader?.read();
    await clock.advance(2_000);
    const late = reader?.read().catch((error: unknown) => error);
    await clock.advance(0);
    expect(await byNow(late)).not.toBe('nothing yet');
    const last = reader?.read().catch((error: unknown) => error);
    await clock.advance(0);
    expect(await byNow(last)).toMatchObject({ timeoutMs: 1_000 });
  });

  it.each([
    ['in a record', { 'x-own': 'kept', 'holdfast-timeout-ms': '1' }],
    ['in pairs', [['x-own', 'kept'] as [string, string], ['HOLDFAST-TIMEOUT-MS', '1'] as [string, string]]],
    ['in Headers', new Headers({ 'x-own': 'kept', 'Holdfast-Timeout-Ms': '1' })],
    ['without it', { 'x-own': 'kept' }],
  ])('is told in place of what the caller says (%s), beside the other headers', async (_, headers) => {
    const { guarded, inits } = standIn([() => new Response(null)], { timeoutMs: 900, attemptMs: 700 });
    await guarded(url, { headers });
    const sent = new Headers(inits[0]?.headers);
    expect(sent.get('holdfast-timeout-ms')).toBe('700');
    expect(sent.get('x-own')).toBe('kept');
  });

  it('is bounded for each attempt and the call before the headers', async () => {
    const { guarded, clock, inits } = standIn([never], {
      attemptMs: 100,
      timeoutMs: 250,
      retry: { baseDelayMs: 0 },
    });
    const call = guarded(url).catch((error: unknown) => error);
    await clock.advance(250);
    expect(await byNow(call)).toMatchObject({ code: 'ERR_TIMEOUT', strategy: 'fetch', timeoutMs: 250 });
    const told = inits.map((init) => new Headers(init?.headers).get('holdfast-timeout-ms'));
    expect(told).toEqual(['100', '100', '50']);
    expect(guarded.stats()).toMatchObject({ attempts: 3, timeouts: 3, running: 0 });
  });
});

it('lets go of a response that comes after its attempt was given up', async () => {
  const { response, cancel } = streaming(['a']);
  let answer: (late: Response) => void = () => {};
  const slow = () => new Promise<Response>((resolve) => (answer = resolve));
  const { guarded, clock } = standIn([slow, () => new Response('ok')], {
    attemptMs: 100,
    retry: { baseDelayMs: 0 },
  });
  const call = guarded(url);
  await clock.advance(100);
  expect(await byNow(call.then((given) => given.text()))).toBe('ok');
  answer(response());
  await clock.advance(0);
  expect(cancel).toHaveBeenCalledOnce();
});

it('inherits the abort of the call that it is made for, also for the body', async () => {
  const { response, cancel } = streaming(['a']);
  const { guarded } = standIn([response]);
  const stop = new AbortController();
  const ctx = { signal: stop.signal, attempt: 1, attributes: { tenant: 't' }, remainingMs: () => undefined };
  const reading = (await guarded.within(ctx)(url)).text();
  stop.abort(new Error('enough'));
  expect(await byNow(reading)).toMatchObject({ message: 'enough' });
  expect(cancel).toHaveBeenCalledOnce();
  expect(outcomes(guarded)).toEqual({ successes: 0, failures: 0 });
});

it('leaves nothing on the signal of a caller who goes on', async () => {
  const stop = new AbortController();
  const { guarded } = standIn([() => new Response('ok')]);
  const response = await guarded(url, { signal: stop.signal });
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1);
  await response.text();
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
});

it('leaves an URL that is none to the platform', async () => {
  const guarded = createFetch();
  await expect(guarded('no url')).rejects.toBeInstanceOf(TypeError);
  expect(guarded.stats()).toMatchObject({ calls: 0, attempts: 0 });
});

it('works without breakers', async () => {
  const { guarded } = standIn([() => new Response('x', { status: 500 })], { breaker: false, retry: false });
  for (let call = 0; call < 10; call++) expect((await guarded(url)).status).toBe(500);
  expect([...guarded.breakers]).toEqual([]);
});

it('refuses options that make no sense', () => {
  expect(() => createFetch({ attemptMs: 0 })).toThrow('createFetch: attemptMs must be a number >= 1, got 0');
  expect(() => createFetch({ retry: true as never })).toThrow(
    'createFetch: retry must be false or an object',
  );
  expect(() => createFetch({ retries: 3 } as never)).toThrow('createFetch has no option "retries"');
  expect(() => createFetch({ retry: { maxAttempts: 0 } })).toThrow(RangeError);
  expect(() => createFetch({ breaker: { maxProbes: 0 } })).toThrow(RangeError);
});

it('judges every status', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 599 }), (status) => {
      const outcome = statusOutcome(status);
      expect(isTransientStatus(status)).toBe(outcome !== 'success');
      expect(outcome === 'failure').toBe(status >= 500 && status !== 501 && status !== 505);
    }),
  );
});

it('sends nothing twice that may not be sent twice, whatever goes wrong', async () => {
  const wrong = fc.constantFrom(
    () => new Response('x', { status: 503 }),
    () => new Response(null, { status: 429 }),
    () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } })),
  );
  const method = fc.constantFrom('GET', 'PUT', 'POST', 'PATCH', 'DELETE', 'post');
  const body = fc.constantFrom<(() => BodyInit) | undefined>(
    undefined,
    () => 'text',
    () => new Blob(['x']).stream(),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(wrong, { minLength: 3, maxLength: 3 }),
      method,
      body,
      fc.boolean(),
      async (answers, method, body, keyed) => {
        const isStream = body?.() instanceof ReadableStream;
        const { guarded, clock, inits } = standIn(answers, { idempotencyKeys: keyed, breaker: false });
        const call = guarded(url, { method, ...(body && method !== 'GET' ? { body: body() } : {}) }).catch(
          () => {},
        );
        await clock.run();
        await call;
        const mayRepeat = keyed || !/^(post|patch)$/i.test(method);
        const isGone = isStream && method !== 'GET';
        expect(inits.length).toBe(mayRepeat && !isGone ? 3 : 1);
        const keys = new Set(inits.map((init) => new Headers(init?.headers).get('idempotency-key')));
        expect(keys.size).toBe(1);
      },
    ),
  );
});
