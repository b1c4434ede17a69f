import { fc, test } from '@fast-check/vitest';
import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { BackendError, guardBackend, type GuardOptions } from '@holdfast/credential-broker';
import { manualClock, seededRandom, type ManualClock } from '@holdfast/pipeline/testing';
import { never, requestFor, revealed } from '../backend-request.ts';
import { FakeBackend } from './fake-backend.ts';

const HOUR = 3_600_000;
const ref = requestFor('prod/db');

function rig(options: GuardOptions = {}, backend = new FakeBackend()) {
  const clock = manualClock();
  const guard = guardBackend(backend, { clock, random: seededRandom(1), ...options });
  const issue = async (request = ref, signal = never()) =>
    revealed((await guard.issue(request, signal)).credential)['password'];
  return { clock, backend, guard, issue };
}

/** Lets time pass until a call has settled. */
async function settled<T>(clock: ManualClock, call: Promise<T>): Promise<T | BackendError> {
  const result = call.catch((error: unknown) => error as BackendError);
  await clock.run(clock.now() + 60_000);
  return result;
}

/** Holds up whoever waits for it. */
function closedGate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

const failed = (failure: string, message = '') =>
  expect.objectContaining({ failure, message: expect.stringContaining(message) as unknown }) as unknown;

describe('the cache of a guard', () => {
  it('gives an answer again while it is young', async () => {
    const { backend, clock, guard, issue } = rig({ cacheMs: 1_000 });
    expect(await issue()).toBe('first');
    backend.password = 'second';
    await clock.advance(999);
    expect(await issue()).toBe('first');
    await clock.advance(1);
    expect(await issue()).toBe('second');
    expect(guard.stats()).toMatchObject({ calls: { issue: 2 }, cache: { hits: 1, size: 1 } });
  });

  it('gives each caller a secret of its own', async () => {
    const { guard, issue } = rig();
    const { credential } = await guard.issue(ref, never());
    credential['password']?.dispose();
    expect(await issue()).toBe('first');
  });

  it('clears what it keeps no longer', async () => {
    const { backend, guard, issue } = rig({ maxEntries: 1 });
    const cleared = () => backend.given.map(({ disposed }) => disposed);
    await issue();
    await issue(requestFor('prod/other'));
    expect([guard.stats().cache.size, cleared()]).toEqual([1, [true, false]]);
    backend.says = { fleeting: true };
    await issue(requestFor('prod/code'));
    expect(cleared()).toEqual([true, false, true]);
    expect(backend.closed).toBe(false);
    await guard.close?.();
    expect([guard.stats().cache.size, cleared()]).toEqual([0, [true, true, true]]);
    expect(backend.closed).toBe(true);
  });

  it('tells apart whatever an answer may depend on', async () => {
    const { backend, issue } = rig();
    await issue();
    await issue(requestFor('prod/db', { principal: 'agent-2', leaseId: 'lease-2', ttlMs: 1 }));
    expect(backend.asked).toHaveLength(1);
    await issue(requestFor('prod/db2'));
    await issue(requestFor('prod/db', { tenant: 'globex' }));
    await issue(requestFor('prod/db', { scope: ['write'] }));
    await issue(requestFor('prod/db', { parameters: { role: 'x' } }));
    await issue(requestFor('prod/db', { resource: { type: 'api', ref: 'x' } }));
    expect(backend.asked).toHaveLength(6);
    const long = (end: string) => requestFor('prod/db', { parameters: { key: 'x'.repeat(4_000) + end } });
    await issue(long('a'));
    await issue(long('a'));
    await issue(long('b'));
    expect(backend.asked).toHaveLength(8);
  });

  it('never keeps a credential that is made for one lease', async () => {
    const { guard, backend } = rig({}, new FakeBackend({ keepsSecrets: false }));
    const leases = await Promise.all([guard.issue(ref, never()), guard.issue(ref, never())]);
    expect(leases.map((lease) => lease.ref).toSorted()).toEqual(['ref-2', 'ref-2']);
    await guard.issue(ref, never());
    expect(backend.asked).toHaveLength(3);
    expect(guard.stats().cache).toMatchObject({ size: 0, joined: 0 });
  });

  it.each([{ fleeting: true }, { expiresAtMs: 9e12 }, { ref: 'role-1' }])(
    'neither keeps nor shares a credential that is %j',
    async (says) => {
      const { guard, backend, issue } = rig({ maxStaleMs: 60_000 });
      backend.says = says;
      const gate = closedGate();
      backend.before = () => gate.opened;
      const waiting = [issue(), issue(), issue()];
      gate.open();
      await Promise.all(waiting);
      expect(guard.stats().cache.joined).toBe(2);
      // Each of those who joined asks alone, for what they waited for is somebody else's.
      expect(backend.asked).toHaveLength(3);
      await issue();
      expect(backend.asked).toHaveLength(4);
      expect(guard.stats().cache).toMatchObject({ size: 0, hits: 0 });
      backend.fail('unavailable', { transient: false });
      await expect(issue()).rejects.toEqual(failed('unavailable'));
    },
  );

  it('tells each of those who ask alone what became of their call', async () => {
    const { guard, backend, issue } = rig();
    backend.says = { fleeting: true };
    const gate = closedGate();
    backend.before = () => gate.opened;
    const abort = new AbortController();
    const [first, left, missed] = [issue(), issue(ref, abort.signal), issue()];
    backend.fail('not-found');
    gate.open();
    abort.abort(new Error('enough'));
    await expect(left).rejects.toThrow('enough');
    expect(await first).toBe('first');
    await expect(missed).rejects.toEqual(failed('not-found'));
    expect(guard.stats().calls.issue).toBe(2);
  });

  it('keeps what is said to last', async () => {
    const { backend, issue } = rig();
    backend.says = { fleeting: false, expiresAtMs: undefined, ref: undefined };
    await issue();
    await issue();
    expect(backend.asked).toHaveLength(1);
  });

  it('can be turned off', async () => {
    const { backend, guard, issue } = rig({ cacheMs: 0, missingMs: 0 });
    await issue();
    await issue();
    backend.fail('not-found');
    await expect(issue()).rejects.toEqual(failed('not-found'));
    backend.heal();
    expect(await issue()).toBe('first');
    expect(guard.stats().cache).toMatchObject({ size: 0, hits: 0, missing: 0 });
  });

  it('remembers that there is nothing, and what there is as well as what there is not', async () => {
    const { backend, clock, guard } = rig({ missingMs: 1_000 });
    backend.fail('not-found');
    await expect(guard.inspect(ref, never())).rejects.toEqual(failed('not-found', 'scripted'));
    backend.heal();
    await expect(guard.issue(ref, never())).rejects.toEqual(failed('not-found', 'scripted'));
    await expect(guard.inspect(ref, never())).rejects.toBeInstanceOf(BackendError);
    expect(backend.asked).toHaveLength(1);
    expect(guard.stats().cache.missing).toBe(2);
    await clock.advance(1_000);
    expect(await guard.inspect(ref, never())).toEqual({ maxTtlMs: 1_000 });
    expect(await guard.inspect(ref, never())).toEqual({ maxTtlMs: 1_000 });
    expect(backend.asked).toHaveLength(2);
  });

  it('forgets a credential that is found to be gone', async () => {
    const { backend, guard, issue } = rig({ cacheMs: 1_000, missingMs: 0 });
    await issue();
    backend.fail('not-found');
    await expect(guard.inspect(ref, never())).rejects.toEqual(failed('not-found'));
    await expect(issue()).rejects.toEqual(failed('not-found'));
  });

  it('gives what is too old only where it is told to, and only while there is no answer', async () => {
    const { backend, clock, guard, issue } = rig({ cacheMs: 1_000, maxStaleMs: 120_000 });
    await issue();
    await clock.advance(1_000);
    backend.fail('unavailable');
    expect(await settled(clock, issue())).toBe('first');
    expect(guard.stats().cache).toMatchObject({ stale: 1 });
    backend.fail('denied');
    await clock.advance(30_000);
    expect(await settled(clock, issue())).toEqual(failed('denied'));
    backend.fail('unavailable');
    await clock.advance(30_000);
    expect(await settled(clock, issue())).toEqual(failed('unavailable'));

    const strict = rig({ cacheMs: 1_000 });
    await strict.issue();
    await strict.clock.advance(1_000);
    strict.backend.fail('unavailable');
    expect(await settled(strict.clock, strict.issue())).toEqual(failed('unavailable'));
  });

  it('asks anew whether a credential exists that was found to be gone', async () => {
    const { backend, guard, issue } = rig({ missingMs: 0 });
    await guard.inspect(ref, never());
    backend.fail('not-found');
    await expect(issue()).rejects.toEqual(failed('not-found'));
    await expect(guard.inspect(ref, never())).rejects.toEqual(failed('not-found'));
    expect(backend.asked).toEqual(['inspect', 'issue', 'inspect']);
  });

  it.each([
    ['quota', 1],
    ['unavailable', 1],
    ['invalid', 0],
    ['denied', 0],
    ['not-found', 0],
  ] as const)('where the backend answers %s, gives what is too old %d times', async (failure, times) => {
    const { backend, clock, guard, issue } = rig({ cacheMs: 1_000, maxStaleMs: 60_000, maxAttempts: 1 });
    await issue();
    await clock.advance(2_000);
    backend.fail(failure);
    const answer = await issue().catch((error: unknown) => error);
    expect(answer).toEqual(times === 1 ? 'first' : failed(failure));
    expect(guard.stats().cache).toMatchObject({ hits: times, stale: times });
  });

  it('is beaten by an invalidation, also while an answer is on its way', async () => {
    const { backend, guard, issue } = rig();
    const gate = closedGate();
    backend.before = () => gate.opened;
    const before = issue();
    guard.invalidate('prod/');
    backend.before = () => undefined;
    backend.password = 'second';
    expect(await issue()).toBe('second');
    backend.password = 'third';
    gate.open();
    await before;
    // What was asked before the invalidation is kept no more.
    expect(await issue()).toBe('second');
    guard.invalidate('other/');
    expect(await issue()).toBe('second');
    guard.invalidate();
    expect(await issue()).toBe('third');
  });

  it('lets an answer from before an invalidation end nothing that was asked after it', async () => {
    const { backend, guard, issue } = rig();
    const [first, second] = [closedGate(), closedGate()];
    backend.before = () => first.opened;
    const before = issue();
    guard.invalidate();
    backend.before = () => second.opened;
    const after = issue();
    first.open();
    await before;
    const joining = issue();
    second.open();
    expect([await after, await joining]).toEqual(['first', 'first']);
    expect(backend.asked).toHaveLength(2);
    expect(guard.stats().cache.joined).toBe(1);
  });

  test.prop([
    fc.array(
      fc.oneof(
        fc.constant('rotate' as const),
        fc.constant('remove' as const),
        fc.constant('invalidate' as const),
        fc.constant('issue' as const),
        fc.integer({ min: 1, max: 600 }),
      ),
      { maxLength: 60 },
    ),
  ])('never gives a secret that was replaced or removed longer ago than it keeps it', async (steps) => {
    const { backend, clock, guard, issue } = rig({ cacheMs: 1_000, missingMs: 500, maxAttempts: 1 });
    let version = 0;
    // When each version came to an end, and since when nothing older may be given.
    const endedAtMs = new Map<string, number>();
    const end = () => endedAtMs.set(backend.password, clock.now());
    for (const step of steps) {
      if (typeof step === 'number') await clock.advance(step);
      else if (step === 'invalidate') {
        guard.invalidate();
        for (const password of endedAtMs.keys()) endedAtMs.set(password, -Infinity);
      } else if (step === 'issue') {
        const given = await issue().catch((error: unknown) => error);
        if (typeof given !== 'string') expect(given).toEqual(failed('not-found'));
        else expect(clock.now() - (endedAtMs.get(given) ?? Infinity)).toBeLessThan(1_000);
      } else {
        end();
        if (step === 'remove') backend.fail('not-found');
        else {
          backend.password = `v${++version}`;
          backend.heal();
        }
      }
    }
  });
});

describe('callers who ask the same at once', () => {
  it('share one answer', async () => {
    const { backend, guard, issue } = rig();
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => issue()));
    expect(new Set(answers)).toEqual(new Set(['first']));
    expect(backend.asked).toHaveLength(1);
    expect(guard.stats().cache.joined).toBe(999);
  });

  it('ask nothing where they have stopped waiting before, and join nobody', async () => {
    const { backend, guard, issue } = rig();
    const over = AbortSignal.abort(new Error('enough'));
    await expect(issue(ref, over)).rejects.toThrow('enough');
    await expect(guard.inspect(ref, over)).rejects.toThrow('enough');
    expect(backend.asked).toEqual([]);
    const running = issue();
    await expect(issue(ref, over)).rejects.toThrow('enough');
    expect(guard.stats().cache.joined).toBe(0);
    expect(await running).toBe('first');
  });

  it('share one failure', async () => {
    const { backend, issue } = rig();
    backend.fail('denied');
    const results = await Promise.allSettled([issue(), issue(), issue()]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(backend.asked).toHaveLength(1);
  });

  it('stop waiting alone, and the backend is told when the last one has', async () => {
    const { backend, issue, guard } = rig();
    const gate = closedGate();
    const told: unknown[] = [];
    backend.before = (signal) => {
      signal.addEventListener('abort', () => told.push(signal.reason));
      return gate.opened;
    };
    const [one, other] = [new AbortController(), new AbortController()];
    const [first, second, third] = [issue(ref, one.signal), issue(ref, other.signal), issue()];
    one.abort(new Error('one'));
    await expect(first).rejects.toThrow('one');
    expect(told).toEqual([]);
    gate.open();
    expect(await second).toBe('first');
    expect(await third).toBe('first');

    guard.invalidate();
    const last = new AbortController();
    const asked = closedGate();
    backend.before = (signal) => {
      asked.open();
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => (told.push(signal.reason), reject())),
      );
    };
    const alone = issue(ref, last.signal);
    await asked.opened;
    backend.heal();
    last.abort(new Error('last'));
    // Nobody joins a call that is given up.
    const next = issue();
    await expect(alone).rejects.toThrow('last');
    expect(await next).toBe('first');
    expect(told).toEqual([new Error('last')]);
  });

  it('leave nothing behind at signals that live on', async () => {
    const { backend, issue } = rig({ cacheMs: 0 });
    const { signal } = new AbortController();
    await Promise.all([issue(ref, signal), issue(ref, signal)]);
    backend.fail('denied');
    await expect(Promise.all([issue(ref, signal), issue(ref, signal)])).rejects.toEqual(failed('denied'));
    await new Promise(setImmediate);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('the backend behind a guard', () => {
  it('is asked again when it fails, a few times', async () => {
    const { backend, clock, issue } = rig();
    backend.fail('unavailable');
    expect(await settled(clock, issue())).toEqual(failed('unavailable', 'scripted'));
    expect(backend.asked).toHaveLength(3);
  });

  it('is asked once more when it refuses what may pass a moment later', async () => {
    const { backend, clock, issue } = rig();
    backend.fail('denied', { transient: true });
    expect(await settled(clock, issue())).toEqual(failed('denied'));
    expect(backend.asked).toHaveLength(2);
    backend.fail('denied');
    expect(await settled(clock, issue())).toEqual(failed('denied'));
    expect(backend.asked).toHaveLength(3);
  });

  it('is not asked again for a credential that it may have made', async () => {
    const { backend, clock, guard } = rig({}, new FakeBackend({ keepsSecrets: false }));
    backend.fail('unavailable');
    expect(await settled(clock, guard.issue(ref, never()))).toEqual(failed('unavailable'));
    expect(backend.asked).toHaveLength(1);
  });

  it('is not waited for too long, and ends what it made too late', async () => {
    const { backend, clock, guard } = rig({ timeoutMs: 100 }, new FakeBackend({ keepsSecrets: false }));
    const gate = closedGate();
    backend.before = () => gate.opened;
    expect(await settled(clock, guard.issue(ref, never()))).toEqual(
      failed('unavailable', 'fake did not answer in time'),
    );
    gate.open();
    await clock.advance(0);
    expect(backend.revoked).toEqual(['ref-1']);
  });

  it('retries within a budget', async () => {
    const { backend, clock, issue } = rig({ failures: 10_000 });
    backend.fail('unavailable');
    for (let i = 0; i < 100; i++) await settled(clock, issue(requestFor(`p${i}`)));
    // A tenth of the load, 6 a minute of 100 minutes, and the burst, instead of 200.
    expect(backend.asked.length).toBeGreaterThan(100);
    expect(backend.asked.length).toBeLessThanOrEqual(300);
  });

  it('is left alone after it failed, and says when to come again', async () => {
    const { backend, clock, guard, issue } = rig({ failures: 3, openMs: 30_000 });
    backend.fail('unavailable');
    const first = issue().catch((error: unknown) => error);
    await clock.advance(2_000);
    await first;
    expect(guard.stats().breaker).toBe('open');
    const refusal: unknown = await issue().catch((error: unknown) => error);
    expect(refusal).toEqual(failed('unavailable', 'fake has failed and is left alone'));
    expect((refusal as BackendError).retryAfterMs).toBeGreaterThan(25_000);
    expect(backend.asked).toHaveLength(3);
    expect(guard.stats().failures.unavailable).toBe(2);
  });

  it('is not run over when it is back', async () => {
    const { backend, clock, guard } = rig({ failures: 1, openMs: 1_000, maxConcurrent: 4, maxAttempts: 1 });
    const ask = (i: number) => guard.issue(requestFor(`p${i}`), never()).catch((error: unknown) => error);
    backend.fail('unavailable');
    await ask(0);
    await clock.advance(1_000);
    const gate = closedGate();
    backend.before = () => gate.opened;
    backend.asked.length = 0;
    const waiting = Array.from({ length: 100 }, (_, i) => ask(i));
    await clock.advance(0);
    expect(backend.asked).toHaveLength(1);
    gate.open();
    await clock.advance(0);
    await Promise.all(waiting);
    expect(guard.stats().breaker).toBe('closed');
    await Promise.all(Array.from({ length: 100 }, (_, i) => ask(i)));
    expect(backend.mostRunning).toBeLessThanOrEqual(4);
  });

  it('is not held against for saying no', async () => {
    const { backend, guard } = rig({ failures: 1, missingMs: 0 });
    for (const failure of ['not-found', 'denied', 'invalid'] as const) {
      backend.fail(failure);
      await expect(guard.issue(ref, never())).rejects.toEqual(failed(failure));
    }
    expect(guard.stats().breaker).toBe('closed');
  });

  it('keeps the errors of a driver to itself', async () => {
    const { backend, clock, issue } = rig();
    backend.before = () => {
      throw new Error('password canary rejected');
    };
    const error = await settled(clock, issue());
    expect(error).toEqual(failed('unavailable', 'fake failed'));
    expect(JSON.stringify(error) + String((error as BackendError).cause)).not.toContain('canary');
  });

  it('answers for its health past the breaker', async () => {
    const { backend, clock, guard, issue } = rig({ failures: 1 });
    backend.fail('unavailable');
    await settled(clock, issue());
    backend.heal();
    await expect(guard.health(never())).resolves.toBeUndefined();
    backend.fail('unavailable');
    await expect(guard.health(never())).rejects.toEqual(failed('unavailable'));
  });

  it('revokes and renews only where the backend can', async () => {
    const { guard, backend } = rig();
    await guard.revoke?.('ref', never());
    expect(backend.revoked).toEqual(['ref']);
    expect(guard.renew).toBeUndefined();
    const keeping = guardBackend({
      kind: 'keeping',
      inspect: async () => ({}),
      issue: async () => ({ credential: {} }),
      renew: async (ref, ttlMs) => ref.length + ttlMs,
      health: async () => {},
    });
    expect(await keeping.renew?.('ref', 1_000, never())).toBe(1_003);
    expect(keeping.revoke).toBeUndefined();
    await keeping.close?.();
  });
});

describe('the quota of a guard', () => {
  const quota = { requests: 1_000, windowMs: HOUR, perCall: 3 };

  it('stays below what the provider grants, over any hour', async () => {
    const { backend, clock, guard } = rig({ cacheMs: 0 }, new FakeBackend({ quota }));
    for (let minute = 0; minute < 60; minute++) {
      for (let i = 0; i < 50; i++) await guard.issue(ref, never()).catch(() => undefined);
      await clock.advance(60_000);
    }
    expect(backend.asked.length * quota.perCall).toBeLessThanOrEqual(830);
    expect(backend.asked.length * quota.perCall).toBeGreaterThan(700);
    expect(guard.stats().quota?.refused).toBeGreaterThan(0);
  });

  it('says when to come again, and how much is left', async () => {
    const { guard } = rig({ cacheMs: 0 }, new FakeBackend({ quota }));
    expect(guard.stats().quota).toEqual({ limit: 30, remaining: 30, refused: 0 });
    for (let i = 0; i < 10; i++) await guard.issue(ref, never());
    const refusal: unknown = await guard.issue(ref, never()).catch((error: unknown) => error);
    expect(refusal).toEqual(failed('quota', 'the share of its quota is used up'));
    expect((refusal as BackendError).retryAfterMs).toBeCloseTo((3 * HOUR) / 800, 0);
    expect(guard.stats().quota).toEqual({ limit: 30, remaining: 0, refused: 1 });
  });

  it('has no more to give at once where its store is silent', async () => {
    const silent = { take: () => Promise.reject(new Error('down')), charge: () => {} };
    const { backend, guard } = rig({ quotaStore: silent }, new FakeBackend({ quota }));
    const ask = (i: number) => guard.issue(requestFor(`p${i}`), never()).catch(() => undefined);
    for (let i = 0; i < 100; i++) await ask(i);
    expect(backend.asked).toHaveLength(10);
  });

  it('is not used by what is known', async () => {
    const { guard } = rig({}, new FakeBackend({ quota }));
    for (let i = 0; i < 1_000; i++) await guard.issue(ref, never());
    expect(guard.stats().quota?.remaining).toBe(27);
  });

  it('gives the provider the pause that it asks for', async () => {
    const { backend, clock, guard, issue } = rig({ cacheMs: 0 });
    backend.fail('quota', { retryAfterMs: 60_000 });
    await expect(issue()).rejects.toEqual(failed('quota', 'scripted'));
    backend.heal();
    await clock.advance(20_000);
    await expect(issue()).rejects.toMatchObject({ failure: 'quota', retryAfterMs: 40_000 });
    expect(backend.asked).toHaveLength(1);
    await clock.advance(40_000);
    expect(await issue()).toBe('first');
    expect(guard.stats().breaker).toBe('closed');
  });

  it.each([
    ['for a second, if nothing else is said', undefined, undefined, 1_000],
    ['for a second, if what is said is no number', NaN, undefined, 1_000],
    ['for a second, if what is said never ends', Infinity, undefined, 1_000],
    ['for a second, if what is said is over', -5, undefined, 1_000],
    ['for a minute at most', 1e12, undefined, 60_000],
    ['until its quota is new, at most', 1e12, quota, HOUR],
  ])('is left alone %s', async (_, retryAfterMs, granted, pauseMs) => {
    const { backend, clock, issue } = rig({ cacheMs: 0 }, new FakeBackend({ quota: granted }));
    backend.fail('quota', retryAfterMs === undefined ? {} : { retryAfterMs });
    await expect(issue()).rejects.toEqual(failed('quota', 'scripted'));
    backend.heal();
    await clock.advance(pauseMs - 1);
    await expect(issue()).rejects.toMatchObject({ failure: 'quota', retryAfterMs: 1 });
    await clock.advance(1);
    expect(await issue()).toBe('first');
  });

  it('is left alone by those who wait for a place as well', async () => {
    const { backend, guard } = rig({ maxConcurrent: 1 });
    backend.fail('quota', { retryAfterMs: 1_000 });
    const ask = (i: number) => guard.issue(requestFor(`p${i}`), never());
    const all = await Promise.allSettled(Array.from({ length: 10 }, (_, i) => ask(i)));
    expect(all.every(({ status }) => status === 'rejected')).toBe(true);
    expect(backend.asked.length).toBeLessThan(3);
  });
});

describe('guardBackend', () => {
  it('checks its options', () => {
    const backend = new FakeBackend();
    expect(() => guardBackend(backend, { cacheMs: -1 })).toThrow(
      'guardBackend: cacheMs must be an integer >= 0',
    );
    expect(() => guardBackend(backend, { quotaRatio: 2 })).toThrow('quotaRatio must be a number');
    expect(() => guardBackend(backend, { cache: 1 } as never)).toThrow('has no option "cache"');
  });
});
