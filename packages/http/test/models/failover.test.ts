import { circuitBreaker } from '@holdfast/circuit-breaker';
import { failover, type ModelProvider } from '@holdfast/http/models';
import { pipeline } from '@holdfast/pipeline';
import { manualClock, recordEvents } from '@holdfast/pipeline/testing';
import { retry } from '@holdfast/retry';
import { describe, expect, it, vi } from 'vitest';

const overloaded = { status: 529, error: { type: 'overloaded_error' } };
const filtered = { status: 400, error: { code: 'content_filter' } };
type Provider = ModelProvider<string, string, string>;

const answers = (name: string, more: Partial<Provider> = {}): Provider => ({
  name,
  run: (prompt) => `${name}: ${prompt}`,
  ...more,
});
const fails = (name: string, error: unknown, more: Partial<Provider> = {}): Provider => ({
  name,
  run: () => Promise.reject(error),
  ...more,
});
async function* parts(...items: readonly (string | Error)[]): AsyncGenerator<string> {
  for (const item of items) {
    if (item instanceof Error) throw item;
    yield await Promise.resolve(item);
  }
}
const broken = () => Object.assign(new Error('x'), overloaded);
const collect = async (stream: AsyncIterable<string>) => {
  const items: string[] = [];
  for await (const item of stream) items.push(item);
  return items;
};

describe('a call', () => {
  it('is answered by the provider listed first', async () => {
    const models = failover({ providers: [answers('a'), answers('b')] });
    expect(await models.call('hi')).toEqual({ value: 'a: hi', provider: 'a', degraded: false, failures: [] });
  });

  it('is answered by the cheapest; one without a price is the dearest', async () => {
    const providers = [
      answers('x'),
      answers('a', { pricePerMillion: 3 }),
      answers('b', { pricePerMillion: 1 }),
    ];
    expect((await failover({ order: 'price', providers }).call('hi')).provider).toBe('b');
  });

  it('goes to the next provider, and says so', async () => {
    const models = failover({ providers: [fails('a', overloaded), answers('b')] });
    const recorder = recordEvents(models);
    const answer = await models.call('hi');
    expect(answer).toMatchObject({ value: 'b: hi', provider: 'b', degraded: true });
    expect(answer.failures).toEqual([{ provider: 'a', kind: 'overloaded', error: overloaded }]);
    expect(recorder.events).toEqual([
      { type: 'failover.provider_failed', strategy: 'failover', provider: 'a', kind: 'overloaded' },
    ]);
    expect(models.stats()).toEqual({ answered: { b: 1 }, failed: { a: 1 } });
  });

  it('ends with an error that another provider would repeat', async () => {
    const models = failover({ providers: [fails('a', filtered), answers('b')] });
    await expect(models.call('hi')).rejects.toBe(filtered);
  });

  it('ends with the last error, untouched, when no provider answers', async () => {
    const last = { status: 500 };
    await expect(failover({ providers: [fails('a', overloaded), fails('b', last)] }).call('')).rejects.toBe(
      last,
    );
  });

  it('asks those whose breakers refuse calls last, but asks them', async () => {
    const clock = manualClock();
    const breaker = circuitBreaker({ name: 'a', clock });
    const a = answers('a', { strategy: pipeline(breaker), breaker });
    const b = answers('b');
    using isolation = breaker.isolate();
    expect(await failover({ providers: [a, b] }).call('')).toMatchObject({ provider: 'b', failures: [] });
    isolation[Symbol.dispose]();
    breaker.trip(Infinity);
    expect(await failover({ providers: [a, b] }).call('')).toMatchObject({ provider: 'b', failures: [] });
    const unbroken = { ...a, strategy: undefined };
    const models = failover({ providers: [unbroken, fails('b', overloaded)] });
    expect(await models.call('')).toMatchObject({ provider: 'a', failures: [{ provider: 'b' }] });
  });

  it('asks one whose circuit is due in its turn, so that it recovers', async () => {
    const clock = manualClock();
    const strategy = circuitBreaker({ name: 'a', clock, openMs: 1_000, successesToClose: 2 });
    const models = failover({ providers: [answers('a', { strategy }), answers('b')], clock });
    const answeredBy = async () => (await models.call('')).provider;
    strategy.trip();
    await clock.advance(999);
    expect(await answeredBy()).toBe('b');
    await clock.advance(1);
    expect([await answeredBy(), strategy.state]).toEqual(['a', 'half-open']);
    expect([await answeredBy(), strategy.state]).toEqual(['a', 'closed']);
  });

  it('goes on when a breaker refuses, without asking that provider', async () => {
    const strategy = circuitBreaker({ name: 'a' });
    strategy.trip();
    let asked = 0;
    const a = answers('a', { strategy, run: () => `${asked++}` });
    await expect(failover({ providers: [a, fails('b', filtered)] }).call('')).rejects.toBe(filtered);
    expect(asked).toBe(0);
  });

  it('ends by the abort of the caller, with the own reason', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const a = fails('a', overloaded, { run: () => (stop.abort(reason), new Promise<string>(() => {})) });
    const models = failover({ providers: [a, answers('b')] });
    await expect(models.call('hi', { signal: stop.signal })).rejects.toBe(reason);
  });

  it('asks nobody any more whose caller has gone, and blames nobody for it', async () => {
    const reason = new Error('enough');
    const stop = new AbortController();
    const gone = fails('a', overloaded, { run: () => (stop.abort(reason), Promise.reject(overloaded)) });
    const models = failover({ providers: [gone, answers('b')] });
    await expect(models.call('hi', { signal: stop.signal })).rejects.toBeDefined();
    await expect(models.call('hi', { signal: stop.signal })).rejects.toBe(reason);
    expect(models.stats()).toEqual({ answered: {}, failed: {} });
  });

  it('asks nobody any more when its time is up', async () => {
    const clock = manualClock();
    const late = fails('a', overloaded, {
      run: () => new Promise((_resolve, reject) => clock.setTimer(() => reject(overloaded), 1_000)),
    });
    const models = failover({ providers: [late, answers('b')], clock });
    const call = models.call('', { timeoutMs: 1_000 });
    call.catch(() => undefined);
    await clock.advance(1_000);
    await expect(call).rejects.toBe(overloaded);
    expect(models.stats()).toEqual({ answered: {}, failed: { a: 1 } });
  });

  it('keeps its error where the classifier throws, which is reported', async () => {
    const onListenerError = vi.fn();
    const bug = new Error('bug');
    const classify = () => {
      throw bug;
    };
    const models = failover({ providers: [fails('a', overloaded)], classify, onListenerError });
    await expect(models.call('hi')).rejects.toBe(overloaded);
    expect(onListenerError).toHaveBeenCalledWith(bug);
  });

  it('gives the next provider only what is left of the time', async () => {
    const clock = manualClock();
    const left: (number | undefined)[] = [];
    const slow = fails('a', overloaded, {
      run: (_, ctx) =>
        new Promise((_resolve, reject) => {
          left.push(ctx.remainingMs());
          clock.setTimer(() => reject(overloaded), 600);
        }),
    });
    const b = answers('b', { run: (_, ctx) => `${left.push(ctx.remainingMs())}` });
    const strategy = retry({ maxAttempts: 1, clock });
    const call = failover({
      providers: [
        { ...slow, strategy },
        { ...b, strategy },
      ],
      clock,
    }).call('', {
      timeoutMs: 1_000,
    });
    await clock.advance(600);
    await call;
    expect(left).toEqual([1_000, 400]);
  });
});

describe('a stream', () => {
  it('says who answers', async () => {
    const a = answers('a', { stream: () => parts('x', 'y') });
    const models = failover({ providers: [a] });
    const stream = models.stream('hi');
    expect(stream.provider).toBeUndefined();
    expect(await collect(stream)).toEqual(['x', 'y']);
    expect([stream.provider, stream.degraded]).toEqual(['a', false]);
    const begun = models.stream('hi');
    await begun[Symbol.asyncIterator]().next();
    expect(begun.provider).toBe('a');
    expect(models.stats().answered).toEqual({ a: 1 });
  });

  it('goes to the next provider before its first part', async () => {
    const a = answers('a', { stream: () => parts(broken()) });
    const b = answers('b', { stream: () => parts('y') });
    const stream = failover({ providers: [a, answers('none'), b] }).stream('hi');
    expect(await collect(stream)).toEqual(['y']);
    expect([stream.provider, stream.degraded]).toEqual(['b', true]);
  });

  it('that has begun is not begun again', async () => {
    const a = answers('a', { stream: () => parts('x', broken()) });
    const b = answers('b', { stream: () => parts('y') });
    await expect(collect(failover({ providers: [a, b] }).stream('hi'))).rejects.toThrow('x');
  });

  it('that has begun goes on with a provider that can resume it', async () => {
    const a = answers('a', { stream: () => parts('1', '2', broken()) });
    const b = answers('b', {
      stream: () => parts('no'),
      resume: (_input, { delivered, last }) => parts(`after ${delivered}, ${last}`),
    });
    expect(await collect(failover({ providers: [a, b] }).stream('hi'))).toEqual(['1', '2', 'after 2, 2']);
  });

  it('is resumed by its own provider where that is retried', async () => {
    const clock = manualClock();
    const a = answers('a', {
      strategy: retry({ baseDelayMs: 0, clock }),
      stream: () => parts('1', broken()),
      resume: (_input, { delivered }) => parts(`after ${delivered}`),
    });
    expect(await collect(failover({ providers: [a], clock }).stream('hi'))).toEqual(['1', 'after 1']);
  });

  it('whose first part is late goes to the next provider', async () => {
    const clock = manualClock();
    const strategy = retry({ maxAttempts: 1, clock });
    async function* never(): AsyncGenerator<string> {
      await new Promise(() => {});
      yield '';
    }
    const a = answers('a', { strategy, stream: never });
    const b = answers('b', { strategy, stream: () => parts('y') });
    const items = collect(failover({ providers: [a, b], firstItemMs: 50, clock }).stream('hi'));
    await clock.advance(50);
    expect(await items).toEqual(['y']);
  });
});

it('refuses options that make no sense', () => {
  expect(() => failover({ providers: [] })).toThrow(
    'failover: providers must be an array of at least one provider',
  );
  expect(() => failover({ providers: [answers('a'), answers('a')] })).toThrow('different names');
  expect(() => failover({ providers: [{ name: 'a' } as never] })).toThrow('the method run');
  expect(() => failover({} as never)).toThrow('failover: providers');
  expect(() => failover({ providers: [answers('a')], idleMs: 0 })).toThrow(RangeError);
});
