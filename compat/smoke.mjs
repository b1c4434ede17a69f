/**
 * What must work wherever JavaScript runs; imports the built packages as users do and nothing of any runtime.
 */
import { chaos } from '@holdfast/chaos';
import { circuitBreaker, isCircuitOpen } from '@holdfast/circuit-breaker';
import { basic, batch, cache, fallback } from '@holdfast/fallback';
import { createFetch } from '@holdfast/http';
import { bulkhead, isBulkheadFull, isRateLimited, rateLimit, slidingWindow } from '@holdfast/limiter';
import { pipeline } from '@holdfast/pipeline';
import { retry } from '@holdfast/retry';
import { isTimeout, timeout } from '@holdfast/timeout';

function expect(condition, what) {
  if (!condition) throw new Error(`does not hold: ${what}`);
}

const never = () => new Promise(() => {});
const fail = () => Promise.reject(new Error('down'));

const checks = {
  async 'a pipeline returns what the operation returns'() {
    const guarded = pipeline(
      timeout({ timeoutMs: 5_000 }),
      retry({ maxAttempts: 3 }),
      circuitBreaker({ name: 'smoke' }),
      timeout({ timeoutMs: 1_000 }),
    );
    expect((await guarded.execute(() => 42)) === 42, 'the value');
    expect((await guarded.try(() => 42)).ok, 'the result');
  },
  async 'a breaker opens, fails fast and is reset'() {
    const breaker = circuitBreaker({ name: 'smoke' });
    for (let call = 0; call < 5; call++) await breaker.try(fail);
    expect(breaker.state === 'open', 'five failures open it');
    const result = await breaker.try(() => 1);
    expect(!result.ok && isCircuitOpen(result.error), 'it refuses');
    breaker.reset();
    expect((await breaker.execute(() => 1)) === 1, 'it works again');
  },
  async 'a retry tries again after a pause'() {
    let calls = 0;
    const value = await retry({ maxAttempts: 3, baseDelayMs: 1 }).execute(() => {
      calls++;
      return calls < 3 ? fail() : calls;
    });
    expect(value === 3, 'the third attempt succeeds');
  },
  async 'a timeout ends what hangs and aborts its signal'() {
    let signal;
    const result = await timeout({ timeoutMs: 20 }).try((ctx) => {
      signal = ctx.signal;
      return never();
    });
    expect(!result.ok && isTimeout(result.error), 'it times out');
    expect(signal.aborted && signal.reason === result.error, 'the operation hears of it');
  },
  async 'a caller that aborts is heard at once, with its own reason'() {
    const controller = new AbortController();
    const reason = new Error('enough');
    const pending = timeout({ timeoutMs: 60_000 }).execute(never, { signal: controller.signal });
    controller.abort(reason);
    expect((await pending.catch((error) => error)) === reason, 'the reason');
  },
  async 'a bulkhead holds back what is too much, and lets it in later'() {
    const limit = bulkhead({ maxConcurrent: 1, maxQueue: 1 });
    let finish;
    const first = limit.execute(() => new Promise((resolve) => (finish = resolve)));
    const second = limit.execute(() => 2);
    const third = await limit.try(() => 3);
    expect(!third.ok && isBulkheadFull(third.error), 'the third is refused');
    finish(1);
    expect((await first) === 1 && (await second) === 2, 'the second has its turn');
  },
  async 'a rate limit refuses what is too much'() {
    const limit = rateLimit({ rule: slidingWindow({ limit: 2, windowMs: 60_000 }) });
    expect(limit.tryAcquire() && limit.tryAcquire(), 'two pass');
    const result = await limit.try(() => 1);
    expect(!result.ok && isRateLimited(result.error), 'the third does not');
  },
  async 'a fallback answers for what fails, a cache for what it knows'() {
    const result = await fallback({ steps: [basic(7)] }).try(fail);
    expect(result.ok && result.value === 7 && result.degraded, 'the substitute');
    const known = cache({ keyBy: ({ id }) => id });
    const attributes = { id: 'a' };
    expect((await known.execute(() => 1, { attributes })) === 1, 'the value');
    expect((await known.execute(fail, { attributes })) === 1, 'the value again');
  },
  async 'a batch does the work for several at once'() {
    const run = (items) => Promise.resolve(items.map((value) => ({ ok: true, value: value * 2 })));
    const doubled = batch({ run, maxItems: 2 });
    expect((await Promise.all([doubled.add(1), doubled.add(2)])).join() === '2,4', 'each has its own');
  },
  async 'chaos fails what it is told to'() {
    const strategy = chaos({ enabled: true, faults: [{ kind: 'error', ratio: 1, error: () => 'injected' }] });
    expect((await strategy.try(() => 1)).error === 'injected', 'the fault');
  },
  async 'a guarded fetch answers like fetch'() {
    const guarded = createFetch({ fetch: () => Promise.resolve(new Response('hello')) });
    expect((await (await guarded('https://upstream.example/')).text()) === 'hello', 'the text');
  },
  async 'a stream is guarded item by item'() {
    const items = [];
    const guarded = pipeline(circuitBreaker({ name: 'stream' }));
    for await (const item of guarded.stream(async function* () {
      yield 1;
      yield 2;
    })) {
      items.push(item);
    }
    expect(items.join() === '1,2', 'all items');
  },
};

/** Runs every check; returns their names or throws at the first that does not hold. */
export async function smoke() {
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check();
    } catch (error) {
      throw new Error(`${name}: ${error?.message ?? error}`, { cause: error });
    }
  }
  return Object.keys(checks);
}
