import {
  circuitBreaker,
  memoryBreakerStore,
  shareBreaker,
  type BreakerStore,
  type ShareBreakerOptions,
} from '@holdfast/circuit-breaker';
import { manualClock, recordEvents } from '@holdfast/pipeline/testing';
import { describe, expect, it, vi } from 'vitest';
import { boom, fail, rig, succeed } from '../rig.ts';

/** Instances of one service that share a store. */
const service = (instances: number, quorum: number, options: Partial<ShareBreakerOptions> = {}) => {
  const clock = manualClock();
  const store = memoryBreakerStore({ quorum, clock });
  const breakers = Array.from({ length: instances }, () =>
    circuitBreaker({ name: 'db', clock, openMs: 1_000 }),
  );
  const shared = breakers.map((breaker, i) =>
    shareBreaker(breaker, { store, instance: `pod-${i}`, ...options }),
  );
  const [a, b, c] = breakers;
  if (a === undefined || b === undefined) throw new Error('a service has two instances at least');
  return { clock, store, a, b, c, breakers, shared, states: () => breakers.map(({ state }) => state) };
};

describe('breakers that share a store', () => {
  it('open together when the quorum has opened, not before', async () => {
    const { a, b, states } = service(3, 2);
    await fail(a, 5);
    expect(states()).toEqual(['open', 'closed', 'closed']);
    await fail(b, 5);
    expect(states()).toEqual(['open', 'open', 'open']);
  });

  it('say that the store opened them', async () => {
    const { a, b } = service(2, 1);
    const recorder = recordEvents(b);
    await fail(a, 5);
    expect(recorder.events).toMatchObject([{ type: 'circuit.opened', cause: 'store' }]);
  });

  it('do not take what they were told for an opinion of their own', async () => {
    const { a, states, clock } = service(3, 1);
    await fail(a, 5);
    a.reset();
    expect(states()).toEqual(['closed', 'closed', 'closed']);
    await clock.advance(0);
  });

  it('let one instance probe, and close together when it succeeds', async () => {
    const { a, b, c, clock, states } = service(3, 1, { leaseMs: 10_000 });
    await fail(a, 5);
    await clock.advance(11_000);
    await succeed(a);
    expect(a.state).toBe('half-open');
    for (const other of [b, c]) expect((await other?.try(() => 1))?.ok).toBe(false);
    expect(states()).toEqual(['half-open', 'open', 'open']);
    await succeed(a, 2);
    expect(states()).toEqual(['closed', 'closed', 'closed']);
  });

  it('let the next instance probe when the first has gone silent', async () => {
    const { a, b, clock } = service(2, 1, { leaseMs: 5_000 });
    await fail(a, 5);
    await clock.advance(6_000);
    expect(a.tryAcquire()).not.toBe(0);
    for (let asked = 0; asked < 5; asked++) {
      expect(await b.try(() => 1)).toMatchObject({ error: { retryAfterMs: 1_000 } });
      await clock.advance(1_000);
    }
    await succeed(b, 3);
    expect(b.state).toBe('closed');
  });

  it('ask for leave again while another probes, which may be over before its lease', async () => {
    const { a, b, clock } = service(2, 2, { leaseMs: 60_000 });
    for (const breaker of [a, b]) await fail(breaker, 5);
    await clock.advance(1_000);
    await succeed(a);
    expect((await b.try(() => 1)).ok).toBe(false);
    await succeed(a, 2);
    await clock.advance(1_000);
    await succeed(b, 3);
    expect(b.state).toBe('closed');
  });

  it('go on counting while they wait for leave to probe', async () => {
    const { a, b, clock, states } = service(3, 2, { leaseMs: 5_000 });
    for (const breaker of [a, b]) await fail(breaker, 5);
    for (let seconds = 0; seconds < 20; seconds++) {
      await clock.advance(1_000);
      await a.try(async () => {
        expect((await b.try(() => 1)).ok).toBe(false);
        throw boom;
      });
      expect(states()).toEqual(['open', 'open', 'open']);
    }
  });

  it('stay open by their own observation although the others have closed', async () => {
    const { a, b, c, states } = service(3, 2);
    for (const breaker of [a, b]) await fail(breaker, 5);
    expect(c?.state).toBe('open');
    a.reset();
    expect(states()).toEqual(['closed', 'open', 'closed']);
  });

  it('stop sharing when disposed of', async () => {
    const { a, b, shared, states } = service(2, 1);
    shared[1]?.[Symbol.dispose]();
    shared[1]?.[Symbol.dispose]();
    await fail(a, 5);
    expect(states()).toEqual(['open', 'closed']);
    await fail(b, 5);
    expect(b.state).toBe('open');
  });

  it('learn at once what the store knows already', async () => {
    const { a, clock, store } = service(2, 1);
    await fail(a, 5);
    const late = circuitBreaker({ name: 'db', clock });
    using _sharing = shareBreaker(late, { store, instance: 'late' });
    expect(late.state).toBe('open');
  });
});

describe('a store that fails', () => {
  const failing = (methods: Partial<BreakerStore>) => {
    const working = memoryBreakerStore({ quorum: 1 });
    const store: BreakerStore = {
      report: (...args) => working.report(...args),
      subscribe: (...args) => working.subscribe(...args),
      leaseProbe: (...args) => working.leaseProbe(...args),
      ...methods,
    };
    const it = rig({ openMs: 1_000 });
    return { ...it, sharing: shareBreaker(it.breaker, { store, instance: 'a', answerMs: 100 }) };
  };

  const outage = async (it: ReturnType<typeof failing>) => {
    await fail(it.breaker, 5);
    expect(it.breaker.state).toBe('open');
    await it.clock.advance(1_000);
    await it.breaker.try(() => 1);
    await it.clock.advance(100);
    await it.breaker.try(() => 1);
    await it.clock.advance(1);
    for (let i = 0; i < 3 && it.breaker.state !== 'closed'; i++) await it.breaker.try(() => 1);
    expect(it.breaker.state).toBe('closed');
  };

  it.each<[string, Partial<BreakerStore>, number]>([
    [
      'throws on report',
      {
        report: () => {
          throw boom;
        },
      },
      2,
    ],
    ['rejects a report', { report: () => Promise.reject(boom) }, 2],
    [
      'throws on a lease',
      {
        leaseProbe: () => {
          throw boom;
        },
      },
      1,
    ],
    ['rejects a lease', { leaseProbe: () => Promise.reject(boom) }, 1],
    [
      'throws on subscribe',
      {
        subscribe: () => {
          throw boom;
        },
      },
      1,
    ],
    [
      'never answers',
      { report: () => new Promise(() => undefined), leaseProbe: () => new Promise(() => undefined) },
      0,
    ],
    ['answers late', { leaseProbe: () => new Promise((resolve) => setImmediate(() => resolve(0))) }, 0],
    ['answers nonsense', { leaseProbe: () => NaN }, 0],
  ])('%s: is reported, and the breaker decides alone', async (_what, methods, reports) => {
    const it = failing(methods);
    await outage(it);
    expect(it.reported).toEqual(Array(reports).fill(boom));
  });

  it('throws when let go of: that is reported', () => {
    const it = failing({
      subscribe: () => () => {
        throw boom;
      },
    });
    it.sharing[Symbol.dispose]();
    expect(it.reported).toEqual([boom]);
  });

  it('never makes a call wait: it is refused until the answer is there, at most for answerMs', async () => {
    const it = failing({ leaseProbe: () => new Promise(() => undefined) });
    await fail(it.breaker, 5);
    await it.clock.advance(1_000);
    expect((await it.breaker.try(() => 1)).ok).toBe(false);
    await it.clock.advance(99);
    expect((await it.breaker.try(() => 1)).ok).toBe(false);
    await it.clock.advance(1);
    expect((await it.breaker.try(() => 1)).ok).toBe(true);
  });

  it.each<[string, Partial<BreakerStore>, number]>([
    ['fails', { leaseProbe: () => Promise.reject(boom) }, 1],
    ['never answers', { leaseProbe: () => new Promise(() => undefined) }, 1],
    ['answers', {}, 3],
  ])('%s: so many probes run at once as the others can bear', async (_what, methods, expected) => {
    const it = failing(methods);
    await fail(it.breaker, 5);
    for (const ms of [1_000, 100, 1]) {
      await it.clock.advance(ms);
      if (it.breaker.tryAcquire() !== 0) break;
    }
    const more = Array.from({ length: 10 }, () => it.breaker.tryAcquire());
    expect(1 + more.filter((permit) => permit !== 0).length).toBe(expected);
  });

  it.each<[string, (it: ReturnType<typeof failing>) => Promise<void> | void]>([
    ['after the circuit has closed without it', ({ breaker }) => succeed(breaker, 3)],
    ['after a reset', ({ breaker }) => breaker.reset()],
    ['after the end of the sharing', ({ sharing }) => sharing[Symbol.dispose]()],
  ])('that refuses %s is told nothing by that', async (_when, happens) => {
    let refuse = (_waitMs: number) => {};
    const report = vi.fn<BreakerStore['report']>();
    const it = failing({ report, leaseProbe: () => new Promise((resolve) => (refuse = resolve)) });
    await fail(it.breaker, 5);
    await it.clock.advance(1_000);
    await it.breaker.try(() => 1);
    await it.clock.advance(100);
    await happens(it);
    report.mockClear();
    refuse(60_000);
    await it.clock.advance(0);
    expect(report).not.toHaveBeenCalled();
  });

  it('asks again when the lease is over before the circuit has closed, and starts no probe meanwhile', async () => {
    const answers: ((waitMs: number) => void)[] = [];
    const it = failing({ leaseProbe: () => new Promise((resolve) => answers.push(resolve)) });
    await fail(it.breaker, 5);
    await it.clock.advance(1_000);
    expect(it.breaker.tryAcquire()).toBe(0);
    answers[0]?.(0);
    await it.clock.advance(1);
    await succeed(it.breaker);
    await it.clock.advance(9_998);
    await succeed(it.breaker);
    await it.clock.advance(1);
    expect(it.breaker.tryAcquire()).toBe(0);
    expect(it.breaker.state).toBe('half-open');
    answers[1]?.(500);
    await it.clock.advance(0);
    expect(it.breaker.tryAcquire()).toBe(0);
    await it.clock.advance(500);
    expect(it.breaker.tryAcquire()).toBe(0);
    answers[2]?.(0);
    await it.clock.advance(0);
    await succeed(it.breaker);
    expect(it.breaker.state).toBe('closed');
  });

  it('lets those in who wait for a probe as soon as it answers again', async () => {
    const answers: ((waitMs: number) => void)[] = [];
    const it = rig({ openMs: 1_000, overflow: 'wait', maxWaitMs: 60_000 });
    const working = memoryBreakerStore({ quorum: 1 });
    const store: BreakerStore = {
      report: () => undefined,
      subscribe: (...args) => working.subscribe(...args),
      leaseProbe: () => new Promise((resolve) => answers.push(resolve)),
    };
    using _sharing = shareBreaker(it.breaker, { store, instance: 'a' });
    await fail(it.breaker, 5);
    await it.clock.advance(1_000);
    it.breaker.tryAcquire();
    answers[0]?.(0);
    await it.clock.advance(1);
    await succeed(it.breaker);
    await it.clock.advance(10_000);
    let served = false;
    const waiting = it.breaker.execute(() => (served = true));
    await it.clock.advance(10);
    expect(served).toBe(false);
    answers[1]?.(0);
    await it.clock.advance(0);
    expect(served).toBe(true);
    await waiting;
  });

  it('ignores the answer to an earlier question', async () => {
    const answers: ((waitMs: number) => void)[] = [];
    const it = failing({ leaseProbe: () => new Promise((resolve) => answers.push(resolve)) });
    for (let outage = 0; outage < 2; outage++) {
      it.breaker.reset();
      await fail(it.breaker, 5);
      await it.clock.advance(1_000);
      await it.breaker.try(() => 1);
    }
    answers[1]?.(0);
    await it.clock.advance(0);
    answers[0]?.(1e9);
    await it.clock.advance(1);
    expect((await it.breaker.try(() => 1)).ok).toBe(true);
  });

  it.each([
    [{ store: undefined }, 'shareBreaker: store must be an object, got undefined'],
    [{ instance: undefined }, 'shareBreaker: instance must be a string, got undefined'],
    [{ leaseMs: 0 }, 'shareBreaker: leaseMs must be an integer >= 1, got 0'],
    [{ answerMs: -1 }, 'shareBreaker: answerMs must be an integer >= 0, got -1'],
  ])('checks %j', (options, message) => {
    const all = { store: memoryBreakerStore(), instance: 'a', ...options } as ShareBreakerOptions;
    expect(() => shareBreaker(circuitBreaker(), all)).toThrow(message);
  });
});
