import { callSpans } from '@holdfast/metrics/otel';
import { pipeline, rejection, defineStrategy, explain, type GateHook } from '@holdfast/pipeline';
import { manualClock, script } from '@holdfast/pipeline/testing';
import { retry } from '@holdfast/retry';
import { SpanStatusCode } from '@opentelemetry/api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordingTracer } from './recording-tracer.ts';

function traced() {
  const { spans, tracer } = recordingTracer();
  return { spans, strategy: callSpans({ name: 'charge', tracer }), tracer };
}

describe('a span of a call', () => {
  it('ends with the call, which gets its value', async () => {
    const { spans, strategy } = traced();
    expect(await strategy.execute(() => 7, { attributes: { tenant: 'acme' } })).toBe(7);
    expect(spans).toEqual([
      {
        name: 'charge',
        attributes: { 'holdfast.attempt': 1, 'holdfast.call.tenant': 'acme' },
        status: undefined,
        ends: 1,
      },
    ]);
  });

  it.each([
    ['an error with a code', Object.assign(new Error('busy'), { code: 'EBUSY' }), 'EBUSY', 'busy'],
    ['an error without', new TypeError('bad'), 'TypeError', 'bad'],
    ['a string', 'no', 'string', 'string'],
    ['nothing', undefined, 'undefined', 'undefined'],
    ['an object', {}, '_OTHER', '_OTHER'],
  ])('fails with %s, which the caller gets untouched', async (_what, error, type, message) => {
    const { spans, strategy } = traced();
    await expect(
      strategy.execute(() => {
        throw error;
      }),
    ).rejects.toBe(error);
    expect(spans).toMatchObject([
      { attributes: { 'error.type': type }, status: { code: SpanStatusCode.ERROR, message }, ends: 1 },
    ]);
  });

  it('is one for each attempt inside of a retry, and tells which', async () => {
    const { spans, strategy, tracer } = traced();
    const clock = manualClock();
    const operation = script(clock, { error: new Error('1') }, { error: new Error('2') }, { value: 'ok' });
    const guarded = pipeline(
      callSpans({ name: 'whole', tracer }),
      retry({ maxAttempts: 3, baseDelayMs: 1, clock }),
      strategy,
    );
    const answer = guarded.execute(operation);
    await clock.run();
    expect(await answer).toBe('ok');
    expect(spans.map(({ name, attributes }) => [name, attributes['holdfast.attempt']])).toEqual([
      ['whole', 1],
      ['charge', 1],
      ['charge', 2],
      ['charge', 3],
    ]);
    expect(spans.map(({ status }) => status === undefined)).toEqual([true, false, false, true]);
    expect(operation.calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  it('ends as the caller aborts, although the operation hangs', async () => {
    const { spans, strategy } = traced();
    const controller = new AbortController();
    const answer = strategy.execute(() => new Promise(() => undefined), { signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(answer).rejects.toBe(reason);
    expect(spans).toMatchObject([{ attributes: { 'error.type': 'Error' }, ends: 1 }]);
  });

  it('names the code of a rejection, in try as well', async () => {
    const { spans, strategy } = traced();
    const full: GateHook = {
      kind: 'gate',
      name: 'full',
      admit: () => rejection('FULL', 'full', 100),
      settle: () => undefined,
      toError: ({ code }) => Object.assign(new Error('full'), { code }),
    };
    const guarded = pipeline(strategy, defineStrategy('full', full));
    expect(await guarded.try(() => 1)).toMatchObject({ ok: false, error: { code: 'FULL' } });
    await expect(guarded.execute(() => 1)).rejects.toMatchObject({ code: 'FULL' });
    expect(spans.map(({ attributes }) => attributes['error.type'])).toEqual(['FULL', 'FULL']);
  });

  it('lasts as long as a stream', async () => {
    const { spans, strategy } = traced();
    const items: number[] = [];
    const stream = strategy.stream(async function* () {
      yield 1;
      yield 2;
    });
    for await (const item of stream) {
      expect(spans[0]?.ends).toBe(0);
      items.push(item);
    }
    expect(items).toEqual([1, 2]);
    expect(spans).toMatchObject([{ status: undefined, ends: 1 }]);
  });

  it('ends exactly once, whatever happens', async () => {
    const step = fc.record({ fails: fc.boolean(), afterMs: fc.integer({ min: 0, max: 20 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 30 }),
        async (steps, abortMs) => {
          const clock = manualClock();
          const { spans, strategy } = traced();
          const controller = new AbortController();
          clock.setTimer(() => controller.abort(new Error('abort')), abortMs);
          const calls = steps.map(({ fails, afterMs }) =>
            strategy.try(script(clock, fails ? { error: new Error('x'), afterMs } : { value: 1, afterMs }), {
              signal: controller.signal,
            }),
          );
          await clock.run();
          const results = await Promise.all(calls);
          expect(spans.map(({ ends }) => ends)).toEqual(steps.map(() => 1));
          expect(spans.map(({ status }) => status === undefined)).toEqual(results.map(({ ok }) => ok));
        },
      ),
    );
  });
});

describe('callSpans', () => {
  it('records nothing where no SDK is registered', async () => {
    expect(await callSpans({ name: 'charge' }).execute(() => 7)).toBe(7);
  });

  it('says what it is', () => {
    expect(JSON.stringify(explain(callSpans({ name: 'charge' })))).toContain('call-spans');
  });

  it('refuses wrong options', () => {
    expect(() => callSpans({} as never)).toThrow(/callSpans: name must be a string/);
    expect(() => callSpans({ name: 'x', color: 'red' } as never)).toThrow(TypeError);
    expect(() => callSpans({ name: 'x', tracer: {} as never })).toThrow(/callSpans: tracer/);
  });
});
