import { anyOf, failureRatio, slowRatio } from '@holdfast/circuit-breaker';
import { defineStrategy, pipeline, rejection, type ScopeHook, TimeoutError } from '@holdfast/pipeline';
import { describe, expect, it } from 'vitest';
import { boom, fail, hold, rig, succeed, untilHalfOpen } from './rig.ts';

describe('classifyError', () => {
  it('may take an error for a success or for nothing, and leaves it untouched', async () => {
    const notFound = new Error('404');
    const { breaker } = rig({ classifyError: (error) => (error === notFound ? 'success' : 'ignored') });
    await fail(breaker, 9);
    await expect(breaker.execute(() => Promise.reject(notFound))).rejects.toBe(notFound);
    expect(breaker.stats()).toMatchObject({ successes: 1, failures: 0, ignored: 9, state: 'closed' });
  });

  it('leaves the verdict as it is with undefined', async () => {
    const { breaker } = rig({ classifyError: () => undefined });
    await fail(breaker, 5);
    expect(breaker.state).toBe('open');
  });

  it('that throws changes nothing but is reported', async () => {
    const { breaker, reported } = rig({
      classifyError: () => {
        throw new Error('classifier');
      },
    });
    await expect(breaker.execute(() => Promise.reject(boom))).rejects.toBe(boom);
    expect(breaker.stats().failures).toBe(1);
    expect(reported).toEqual([new Error('classifier')]);
  });
});

describe('a classifier that answers with none of the three words', () => {
  it.each([true, 'fail', Promise.resolve('ignored')])(
    'changes nothing but is reported: %s',
    async (verdict) => {
      const classify = () => verdict as never;
      const it = rig({ classifyError: classify, classifyResult: classify });
      await succeed(it.breaker);
      await fail(it.breaker, 5);
      expect(it.breaker.stats()).toMatchObject({ successes: 1, failures: 5, ignored: 0, state: 'open' });
      expect(it.reported).toHaveLength(6);
      expect(String(it.reported[0])).toContain('must be one of "success", "failure", "ignored", got');
    },
  );
});

describe('classifyResult', () => {
  it('may take a value for a failure, and hands it through', async () => {
    const { breaker, recorder } = rig({ classifyResult: (value) => (value === 503 ? 'failure' : undefined) });
    for (let i = 0; i < 4; i++) expect(await breaker.execute(() => 503)).toBe(503);
    await succeed(breaker);
    for (let i = 0; i < 5; i++) await breaker.execute(() => 503);
    expect(recorder.events).toMatchObject([{ type: 'circuit.opened', error: 503 }]);
  });

  it('that throws changes nothing but is reported', async () => {
    const { breaker, reported } = rig({
      classifyResult: () => {
        throw new Error('classifier');
      },
    });
    await succeed(breaker);
    expect(breaker.stats().successes).toBe(1);
    expect(reported).toEqual([new Error('classifier')]);
  });

  it('is not asked about errors, nor classifyError about values', async () => {
    const asked: string[] = [];
    const { breaker } = rig({
      classifyError: () => void asked.push('error'),
      classifyResult: () => void asked.push('result'),
    });
    await succeed(breaker);
    await fail(breaker);
    expect(asked).toEqual(['result', 'error']);
  });
});

describe('what says nothing about the dependency', () => {
  it('is the abort of the caller, which settles at once with the own reason', async () => {
    const { breaker, clock } = rig();
    for (let i = 0; i < 10; i++) {
      const controller = new AbortController();
      const call = breaker.execute(() => new Promise(() => undefined), { signal: controller.signal });
      controller.abort(boom);
      await expect(call).rejects.toBe(boom);
    }
    expect(clock.now()).toBe(1_000);
    expect(breaker.stats()).toMatchObject({ ignored: 10, failures: 0, inFlight: 0, state: 'closed' });
  });

  it('stays nothing, whatever a classifier would say', async () => {
    const { breaker } = rig({ classifyError: () => 'failure', classifyResult: () => 'failure' });
    const controller = new AbortController();
    const call = breaker.try(() => new Promise(() => undefined), { signal: controller.signal });
    controller.abort();
    await call;
    expect(breaker.stats()).toMatchObject({ ignored: 1, failures: 0 });
  });

  it('is an aborted signal to begin with: the call is not even counted', async () => {
    const { breaker } = rig();
    await expect(breaker.execute(() => 1, { signal: AbortSignal.abort(boom) })).rejects.toBe(boom);
    expect(breaker.stats()).toMatchObject({ ignored: 0, rejected: 0, inFlight: 0 });
  });

  it('is the deadline of the whole call', async () => {
    const { breaker, clock } = rig();
    const call = breaker.try(() => new Promise(() => undefined), { timeoutMs: 100 });
    await clock.advance(100);
    expect(await call).toMatchObject({ error: { code: 'ERR_TIMEOUT' } });
    expect(breaker.stats()).toMatchObject({ ignored: 1, failures: 0 });
  });

  it('is the refusal of a gate inside, although it is an error', async () => {
    const { breaker } = rig();
    const full = defineStrategy('full', {
      kind: 'gate',
      name: 'full',
      admit: () => rejection('ERR_FULL', 'full'),
      settle: () => undefined,
      toError: () => Object.assign(new Error('full'), rejection('ERR_FULL', 'full')),
    });
    for (let i = 0; i < 10; i++) await pipeline(breaker, full).try(() => 1);
    expect(breaker.stats()).toMatchObject({ ignored: 10, state: 'closed' });
  });

  it('is the refusal of another breaker inside', async () => {
    const outer = rig();
    const inner = rig();
    inner.breaker.trip();
    for (let i = 0; i < 10; i++) await pipeline(outer.breaker, inner.breaker).try(() => 1);
    expect(outer.breaker.stats()).toMatchObject({ ignored: 10, failures: 0 });
    expect(inner.breaker.stats().rejected).toBe(10);
  });
});

/** A strict timeout, as small as it gets. */
function timeoutScope(clock: ReturnType<typeof rig>['clock'], timeoutMs: number): ScopeHook {
  return {
    kind: 'scope',
    name: 'timeout',
    strict: true,
    enter: (call, scope) => {
      const error = new TimeoutError(timeoutMs, { strategy: 'timeout' });
      const timer = clock.setTimer(() => call.end(scope, error, true), timeoutMs);
      return Object.assign(timer, { dueAtMs: clock.now() + timeoutMs });
    },
    exit: (handle) => (handle as { cancel?(): void } | undefined)?.cancel?.(),
  };
}

describe('in a pipeline', () => {
  it('a timeout inside is a failure, so a dependency that only hangs opens the circuit', async () => {
    const { breaker, clock } = rig();
    const guarded = pipeline(breaker, defineStrategy('timeout', timeoutScope(clock, 100)));
    for (let i = 0; i < 5; i++) {
      const call = guarded.try(() => new Promise(() => undefined));
      await clock.advance(100);
      expect(await call).toMatchObject({ error: { code: 'ERR_TIMEOUT' } });
    }
    expect(breaker.state).toBe('open');
  });

  it('a timeout outside counts as nothing', async () => {
    const { breaker, clock } = rig();
    const guarded = pipeline(defineStrategy('timeout', timeoutScope(clock, 100)), breaker);
    for (let i = 0; i < 5; i++) {
      const call = guarded.try(() => new Promise(() => undefined));
      await clock.advance(100);
      await call;
    }
    expect(breaker.stats()).toMatchObject({ state: 'closed', ignored: 5 });
  });

  it('a stream that breaks is a failure, one that ends a success', async () => {
    const { breaker } = rig();
    const read = async (error?: unknown) => {
      const source = async function* () {
        yield 1;
        if (error !== undefined) throw error;
      };
      for await (const item of breaker.stream(source)) expect(item).toBe(1);
    };
    await read();
    await expect(read(boom)).rejects.toBe(boom);
    expect(breaker.stats()).toMatchObject({ successes: 1, failures: 1, inFlight: 0 });
  });
});

describe('pace', () => {
  const slow = (options = {}) =>
    rig({ tripRule: slowRatio({ slowMs: 100, slowRatio: 0.5, minCalls: 4, ...options }) });

  const call = async ({ breaker, clock }: ReturnType<typeof slow>, ms: number) => {
    const held = hold(breaker);
    await clock.advance(ms);
    await held.succeed();
  };

  it('opens at the share of slow calls, where slow begins at slowMs', async () => {
    const it = slow();
    await call(it, 99);
    await call(it, 99);
    await call(it, 100);
    expect(it.breaker.state).toBe('closed');
    await call(it, 100);
    expect(it.breaker.state).toBe('open');
    expect(it.recorder.events).toMatchObject([
      { cause: 'slow-calls', reading: { rule: 'slow-ratio', calls: 4, hits: 2 } },
    ]);
  });

  it('does not wait for slow calls to end: a dependency that hangs opens the circuit', async () => {
    const { breaker, clock } = slow();
    const calls = Array.from({ length: 4 }, () => hold(breaker));
    await clock.advance(99);
    expect(hold(breaker).started).toBe(true);
    await clock.advance(1);
    expect(hold(breaker).started).toBe(false);
    expect(breaker.state).toBe('open');
    for (const held of calls) await held.succeed();
    expect(breaker.stats()).toMatchObject({ successes: 4, inFlight: 1 });
  });

  it('counts a slow call once, although it is noticed while it runs', async () => {
    const { breaker, clock } = slow({ minCalls: 10 });
    const held = hold(breaker);
    await clock.advance(150);
    await succeed(breaker);
    expect(breaker.stats().reading).toMatchObject({ calls: 2, hits: 1 });
    await held.succeed();
    expect(breaker.stats().reading).toMatchObject({ calls: 2, hits: 1 });
  });

  it('counts a failed call as slow too', async () => {
    const { breaker, clock } = slow({ minCalls: 10 });
    const held = hold(breaker);
    await clock.advance(150);
    await held.fail();
    expect(breaker.stats().reading).toMatchObject({ calls: 1, hits: 1 });
  });

  it('does not count an ignored call', async () => {
    const { breaker, clock } = slow({ minCalls: 10 });
    const controller = new AbortController();
    void breaker.try(() => new Promise(() => undefined), { signal: controller.signal });
    await clock.advance(50);
    controller.abort();
    await clock.advance(100);
    await succeed(breaker);
    expect(breaker.stats().reading).toMatchObject({ calls: 1, hits: 0 });
  });

  it('makes a breaker in metrics-only mode tell that it would have opened', async () => {
    const it = rig({ mode: 'metrics-only', tripRule: slowRatio({ slowMs: 100, minCalls: 2 }) });
    await call(it, 100);
    await call(it, 100);
    expect(it.recorder.events).toMatchObject([{ type: 'circuit.would_open', cause: 'slow-calls' }]);
  });

  it('takes a slow probe for a failed one', async () => {
    const it = slow();
    it.breaker.trip(0);
    await call(it, 99);
    expect(it.breaker.state).toBe('half-open');
    await call(it, 100);
    expect(it.breaker.state).toBe('open');
    expect(it.recorder.events.at(-1)).toMatchObject({ cause: 'probe-slow', openings: 2 });
  });

  it('takes a slow probe for a failed one also when another call notices it while it runs', async () => {
    const it = slow();
    await untilHalfOpen(it);
    const probe = hold(it.breaker);
    await it.clock.advance(100);
    expect(hold(it.breaker).started).toBe(false);
    expect(it.breaker.state).toBe('open');
    await probe.succeed();
    expect(it.breaker.state).toBe('open');
    expect(it.recorder.events.at(-1)).toMatchObject({ cause: 'probe-slow', openings: 2 });
  });

  it('lets a probe be noticed in time when its stream has begun', async () => {
    const { breaker, clock } = slow();
    breaker.trip(0);
    const source = async function* () {
      yield 1;
      await new Promise<void>((wake) => clock.setTimer(wake, 5_000));
    };
    const reading = (async () => {
      for await (const _ of breaker.stream(source));
    })();
    await clock.advance(200);
    expect(hold(breaker).started).toBe(true);
    expect(breaker.state).toBe('half-open');
    await clock.advance(5_000);
    await reading;
  });

  it('of a stream is that of its first item', async () => {
    const { breaker, clock } = slow({ minCalls: 10 });
    const source = async function* () {
      yield 1;
      await new Promise<void>((wake) => clock.setTimer(wake, 5_000));
      yield 2;
    };
    const items: number[] = [];
    const reading = (async () => {
      for await (const item of breaker.stream(source)) items.push(item);
    })();
    await clock.advance(200);
    await succeed(breaker);
    expect(breaker.stats().reading).toMatchObject({ calls: 2, hits: 0 });
    await clock.advance(5_000);
    await reading;
    expect(items).toEqual([1, 2]);
    expect(breaker.stats().reading.hits).toBe(0);
  });

  it('goes with other rules, each by its own measure', async () => {
    const tripRule = anyOf(failureRatio({ minCalls: 4 }), slowRatio({ slowMs: 100, minCalls: 4 }));
    const failing = rig({ tripRule });
    await fail(failing.breaker, 4);
    expect(failing.recorder.events).toMatchObject([
      { cause: 'failures', reading: { rule: 'failure-ratio' } },
    ]);
    const slowing = rig({ tripRule });
    for (let i = 0; i < 4; i++) await call(slowing, 100);
    expect(slowing.recorder.events).toMatchObject([{ cause: 'slow-calls', reading: { rule: 'slow-ratio' } }]);
  });
});
