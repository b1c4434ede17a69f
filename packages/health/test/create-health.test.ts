import {
  manualClock,
  recordEvents,
  script,
  type ManualClock,
  type ScriptStep,
} from '@holdfast/pipeline/testing';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createHealth,
  type CheckContext,
  type CheckResult,
  type HealthCheck,
  type HealthOptions,
} from '../src/index.ts';

let clock: ManualClock;
beforeEach(() => {
  clock = manualClock();
});

const health = (checks: readonly HealthCheck[], more: HealthOptions = {}) =>
  createHealth({ clock, random: () => 0.5, checks, ...more });

/** A check that plays a script, one step a run. */
const scripted = (
  name: string,
  steps: readonly ScriptStep<CheckResult | void>[],
  more: Partial<HealthCheck> = {},
) => {
  const play = script<CheckResult | void>(clock, ...steps);
  const run = vi.fn(({ signal }: CheckContext) => play({ signal } as never));
  return { ...more, name, run };
};
const up = { value: undefined };
const fails = { error: new Error('no') };
const hangs = { afterMs: Infinity };

describe('the first run', () => {
  test('readiness is unknown until start, even where there is nothing to check', async () => {
    const subject = health([]);
    expect(subject.report('readiness')).toMatchObject({ state: 'unknown', reason: 'starting' });
    await subject.start();
    expect(subject.report('readiness')).toMatchObject({ state: 'up', checks: [] });
    expect(subject.report('readiness')).not.toHaveProperty('reason');
  });

  test('readiness is unknown until every check has been run once', async () => {
    const subject = health([scripted('fast', [up]), scripted('slow', [{ ...up, afterMs: 100 }])]);
    void subject.start();
    await clock.advance(99);
    expect(subject.state('readiness')).toBe('unknown');
    await clock.advance(1);
    expect(subject.state('readiness')).toBe('up');
  });

  test('a probe before start runs the checks but does not make it ready', async () => {
    const subject = health([scripted('a', [up])]);
    const report = await subject.check('readiness');
    expect(report.checks[0]?.state).toBe('up');
    expect(report.state).toBe('unknown');
  });

  test('liveness is up without a start', () => {
    expect(health([]).state('liveness')).toBe('up');
  });

  test('start may be called again', async () => {
    const check = scripted('a', [up]);
    const subject = health([check]);
    await Promise.all([subject.start(), subject.start()]);
    await subject.start();
    expect(check.run).toHaveBeenCalledTimes(1);
  });

  test('startup latches: what comes up once stays up', async () => {
    const subject = health([scripted('warm', [up, fails], { kinds: ['startup'] })]);
    expect(subject.state('startup')).toBe('unknown');
    await subject.start();
    expect(subject.state('startup')).toBe('up');
    await clock.advance(30_000);
    expect(subject.report('startup')).toMatchObject({ state: 'up', checks: [{ state: 'down' }] });
  });

  test('startup does not latch before it has come up', async () => {
    const subject = health([scripted('warm', [fails, up], { kinds: ['startup'] })]);
    await subject.start();
    expect(subject.state('startup')).toBe('down');
    await clock.advance(30_000);
    expect(subject.state('startup')).toBe('up');
  });
});

describe('a check', () => {
  test('that throws, rejects or returns nonsense is down', async () => {
    const subject = health([
      { name: 'throws', run: () => { throw new RangeError('x'); } }, // prettier-ignore
      { name: 'rejects', run: () => Promise.reject(Object.assign(new Error('x'), { code: 'EPIPE' })) },
      { name: 'nonsense', run: () => 'fine' as unknown as CheckResult },
    ]);
    await subject.start();
    expect(subject.report().checks.map(({ state, reason }) => [state, reason])).toEqual([
      ['down', 'RangeError'],
      ['down', 'EPIPE'],
      ['down', 'invalid-result'],
    ]);
  });

  test('tells what it has measured', async () => {
    const value: CheckResult = {
      state: 'degraded',
      reason: 'slow',
      observedValue: 12,
      observedUnit: 'ms',
      details: { a: 1 },
    };
    const subject = health([scripted('a', [{ value, afterMs: 30 }])]);
    void subject.start();
    await clock.advance(30);
    expect(subject.report().checks[0]).toEqual({
      name: 'a',
      critical: true,
      componentType: 'component',
      flapping: false,
      ...value,
      durationMs: 30,
      checkedAtMs: clock.wallNow(),
    });
  });

  test('keeps the error out of JSON', async () => {
    const subject = health([scripted('a', [fails])]);
    await subject.start();
    const report = subject.report().checks[0];
    expect(report?.error).toBe(fails.error);
    expect(report?.message).toBe('no');
    expect(Object.keys(report ?? {})).not.toContain('error');
  });

  test('that says more than it may does not reach the report', async () => {
    const subject = health([
      { name: 'a', run: () => ({ state: 'up', name: 'forged', password: 'x' }) as CheckResult },
    ]);
    await subject.start();
    expect(subject.report().checks[0]).not.toHaveProperty('password');
    expect(subject.report().checks[0]?.name).toBe('a');
  });
});

describe('a check that is done', () => {
  test('leaves no timer behind, and its signal never aborts', async () => {
    const check = scripted('a', [up], { refreshMs: Infinity });
    const subject = health([check]);
    await subject.check();
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(60_000);
    subject.close();
    expect(check.run.mock.calls[0]?.[0].signal.aborted).toBe(false);
  });
});

describe('a check that hangs', () => {
  test('is down after its timeout, and its signal aborts with the timeout', async () => {
    const check = scripted('a', [hangs], { timeoutMs: 100 });
    const subject = health([check]);
    void subject.start();
    await clock.advance(99);
    expect(check.run.mock.calls[0]?.[0].signal.aborted).toBe(false);
    await clock.advance(1);
    expect(subject.report().checks[0]).toMatchObject({ state: 'down', reason: 'timeout', durationMs: 100 });
    expect(check.run.mock.calls[0]?.[0].signal.reason).toMatchObject({ code: 'ERR_TIMEOUT', timeoutMs: 100 });
  });

  test('does not hold up the others', async () => {
    const subject = health([scripted('hangs', [hangs]), scripted('works', [up])]);
    void subject.start();
    await clock.advance(0);
    expect(subject.report().checks.map(({ state }) => state)).toEqual(['unknown', 'up']);
  });

  test('a result that comes too late is dropped and counted', async () => {
    const late = scripted('a', [{ ...up, afterMs: 150 }], { timeoutMs: 100, refreshMs: Infinity });
    const subject = health([late]);
    const events = recordEvents(subject);
    void subject.start();
    await clock.advance(100);
    expect(subject.stats()[0]).toMatchObject({ timeouts: 1, abandoned: 1, lateResults: 0 });
    await clock.advance(50);
    expect(subject.state()).toBe('down');
    expect(subject.stats()[0]).toMatchObject({ runs: 1, timeouts: 1, abandoned: 0, lateResults: 1 });
    expect(events.events.filter(({ type }) => type === 'health.check_changed')).toHaveLength(1);
  });

  test('a rejection that comes too late is dropped as well, and handled', async () => {
    const subject = health([
      scripted('a', [{ ...fails, afterMs: 150 }], { timeoutMs: 100, refreshMs: Infinity }),
    ]);
    void subject.start();
    await clock.advance(200);
    expect(subject.report().checks[0]?.reason).toBe('timeout');
    expect(subject.stats()[0]?.lateResults).toBe(1);
  });

  test('does not gather runs without bound, and recovers when they settle', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const run = vi.fn(() => gate);
    const subject = health([{ name: 'a', run, timeoutMs: 10, refreshMs: 100 }]);
    void subject.start();
    await clock.advance(60_000);
    expect(run).toHaveBeenCalledTimes(3);
    expect(subject.report().checks[0]).toMatchObject({ state: 'down', reason: 'stuck' });
    expect(subject.report().recommendations).toEqual([
      'a: runs go on after their timeout; pass the signal on to what it calls',
    ]);
    release();
    await clock.advance(200);
    expect(subject.state()).toBe('up');
    expect(subject.stats()[0]?.abandoned).toBe(0);
  });
});

describe('results', () => {
  const ageing = async () => {
    const ages = { ttlMs: 100, staleMs: 50, refreshMs: Infinity };
    const check = scripted('a', [up, { ...fails, afterMs: 5 }], ages);
    const subject = health([check]);
    await subject.start();
    return { check, subject };
  };

  test('are served while they are fresh', async () => {
    const check = scripted('a', [up], { ttlMs: 100, refreshMs: Infinity });
    const subject = health([check]);
    await subject.start();
    await clock.advance(99);
    expect(subject.refresh('overall')).toBeUndefined();
    expect(check.run).toHaveBeenCalledTimes(1);
  });

  test('are served stale while a new one is fetched', async () => {
    const { check, subject } = await ageing();
    await clock.advance(100);
    expect((await subject.check()).state).toBe('up');
    expect(check.run).toHaveBeenCalledTimes(2);
    await clock.advance(5);
    expect(subject.state()).toBe('down');
  });

  test('are waited for once they are too old to be served', async () => {
    const { subject } = await ageing();
    await clock.advance(150);
    const report = subject.check();
    await clock.advance(5);
    expect((await report).state).toBe('down');
  });

  test('a wait ends after waitMs with what is known', async () => {
    const subject = health([scripted('a', [hangs])]);
    const report = subject.check('overall', { waitMs: 50 });
    await clock.advance(50);
    expect((await report).checks[0]?.state).toBe('unknown');
  });

  test('a wait ends with the abort of whoever waits; the run goes on for the others', async () => {
    const check = scripted('a', [{ ...up, afterMs: 10 }]);
    const subject = health([check]);
    const controller = new AbortController();
    const leaving = subject.check('overall', { signal: controller.signal });
    const staying = subject.check();
    controller.abort('gone');
    await expect(leaving).rejects.toBe('gone');
    await expect(subject.check('overall', { signal: controller.signal })).rejects.toBe('gone');
    await clock.advance(10);
    expect((await staying).checks[0]?.state).toBe('up');
    expect(check.run).toHaveBeenCalledTimes(1);
  });

  test('ten thousand probes at once run each check once', async () => {
    const checks = ['a', 'b', 'c'].map((name) => scripted(name, [{ ...up, afterMs: 20 }]));
    const subject = health(checks);
    const probes = Array.from({ length: 10_000 }, () => subject.check('readiness'));
    await clock.advance(20);
    await Promise.all(probes);
    for (const { run } of checks) expect(run).toHaveBeenCalledTimes(1);
  });
});

describe('the background', () => {
  test('runs checks at their interval, jittered by a tenth', async () => {
    const [early, late] = [scripted('a', [up]), scripted('b', [up])];
    const jitter = [0, 1 - 1e-9];
    const subject = health([early, late], { random: () => jitter.shift() ?? 0.5 });
    await subject.start();
    await clock.advance(27_000);
    expect([early.run.mock.calls.length, late.run.mock.calls.length]).toEqual([2, 1]);
    await clock.advance(6_000);
    expect(late.run).toHaveBeenCalledTimes(2);
  });

  test('keeps no process alive, but a run that someone waits for does', async () => {
    const subject = health([scripted('a', [up, { ...up, afterMs: 50 }], { ttlMs: 0, staleMs: 0 })]);
    await subject.start();
    expect(clock.refedTimers).toBe(0);
    await clock.advance(30_000);
    expect(clock.refedTimers).toBe(1); // that of the script
    const probe = subject.check();
    expect(clock.refedTimers).toBeGreaterThan(1);
    await clock.advance(50);
    await probe;
    expect(clock.refedTimers).toBe(0);
  });

  test('never runs more than maxConcurrent checks at a time, and all in the end', async () => {
    let running = 0;
    let most = 0;
    const run = async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => clock.setTimer(resolve, 10));
      running--;
    };
    const names = Array.from({ length: 20 }, (_, index) => `c${index}`);
    const subject = health(
      names.map((name) => ({ name, run })),
      { maxConcurrent: 3 },
    );
    void subject.start();
    await clock.advance(70);
    expect(most).toBe(3);
    expect(subject.state()).toBe('up');
  });

  test('the timeout of a check starts when the check does, not while it waits for its turn', async () => {
    const checks = ['a', 'b'].map((name) => scripted(name, [{ ...up, afterMs: 80 }], { timeoutMs: 100 }));
    const subject = health(checks, { maxConcurrent: 1 });
    void subject.start();
    await clock.advance(160);
    expect(subject.state()).toBe('up');
  });

  test('close stops it, cancels what runs and lets go of what the checks hold', async () => {
    const closed = vi.fn();
    const check = scripted('a', [up, hangs], { close: closed });
    const subject = health([check]);
    await subject.start();
    await clock.advance(30_000);
    subject.close();
    subject[Symbol.dispose]();
    expect(check.run.mock.calls[1]?.[0].signal.reason).toMatchObject({ name: 'AbortError' });
    await clock.advance(3_600_000);
    expect(check.run).toHaveBeenCalledTimes(2);
    expect(clock.pendingTimers).toBe(0);
    expect(closed).toHaveBeenCalledTimes(1);
    expect(subject.state()).toBe('up');
  });

  test('what waits for its turn when the health is closed never starts', async () => {
    const second = scripted('b', [up]);
    const subject = health([scripted('a', [hangs]), second], { maxConcurrent: 1 });
    const started = subject.start();
    subject.close();
    await started;
    expect(second.run).not.toHaveBeenCalled();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('the whole', () => {
  const group = async (...found: readonly [CheckResult['state'], boolean][]) => {
    const subject = health(
      found.map(([state, critical], index) => ({ name: `c${index}`, critical, run: () => ({ state }) })),
    );
    await subject.start();
    return subject.state('readiness');
  };

  test('is as bad as its worst critical check', async () => {
    expect(await group(['up', true], ['degraded', true])).toBe('degraded');
    expect(await group(['down', true], ['degraded', true], ['up', true])).toBe('down');
  });

  test('is only degraded by a check that is not critical', async () => {
    expect(await group(['up', true], ['up', false])).toBe('up');
    expect(await group(['up', true], ['down', false])).toBe('degraded');
    expect(await group(['up', true], ['degraded', false])).toBe('degraded');
  });

  test('gets no worse than down', async () => {
    expect(await group(['down', true], ['down', false])).toBe('down');
  });
});

describe('drain', () => {
  test('fails readiness and the whole, and leaves liveness and startup green', async () => {
    const subject = health([scripted('a', [up])], { groups: { own: ['a'] } });
    await subject.start();
    subject.drain();
    expect(subject.draining).toBe(true);
    expect(subject.report('readiness')).toMatchObject({ state: 'down', reason: 'draining' });
    expect(subject.state('overall')).toBe('down');
    expect(subject.state('liveness')).toBe('up');
    expect(subject.state('startup')).toBe('up');
    expect(subject.state('own')).toBe('up');
  });

  test('is told once', async () => {
    const subject = health([]);
    await subject.start();
    const events = recordEvents(subject);
    subject.drain();
    subject.drain();
    expect(events.types).toEqual(['health.drain_started', 'health.group_changed', 'health.group_changed']);
  });
});

describe('events', () => {
  test('tell each change of a check and of a group once', async () => {
    const check = scripted('a', [up, up, fails], { alert: 'none' });
    const subject = health([check], { groups: { own: ['a'] } });
    const events = recordEvents(subject);
    await subject.start();
    await clock.advance(60_000);
    const told = events.events.map((event) =>
      'check' in event
        ? `${event.check} ${event.to}`
        : 'group' in event
          ? `${event.group} ${event.to}`
          : event.type,
    );
    expect(told).toEqual([
      'a up', 'readiness up', 'startup up', 'overall up', 'own up',
      'a down', 'readiness down', 'overall down', 'own down',
    ]); // prettier-ignore
  });

  test('a listener that throws changes nothing', async () => {
    const onListenerError = vi.fn();
    const subject = health([scripted('a', [up])], { onListenerError });
    subject.on('health.check_changed', () => {
      throw new Error('listener');
    });
    await subject.start();
    expect(subject.state()).toBe('up');
    expect(onListenerError).toHaveBeenCalledTimes(1);
  });

  test('the version grows with every result', async () => {
    const subject = health([scripted('a', [up])]);
    await subject.start();
    const { version } = subject;
    await clock.advance(30_000);
    expect(subject.version).toBeGreaterThan(version);
  });
});

describe('statistics', () => {
  test('count runs, failures and durations', async () => {
    const steps = [
      { ...up, afterMs: 10 },
      { ...fails, afterMs: 30 },
      { ...fails, afterMs: 20 },
    ];
    const subject = health([scripted('a', steps)]);
    void subject.start();
    await clock.advance(70_000);
    expect(subject.stats()).toMatchObject([
      { name: 'a', state: 'down', runs: 3, failures: 2, consecutiveFailures: 2, transitions: 1, timeouts: 0 },
    ]);
    expect(subject.stats()).toMatchObject([{ totalDurationMs: 60, lastDurationMs: 20, maxDurationMs: 30 }]);
    expect(subject.stats()[0]?.history.map(({ to }) => to)).toEqual(['up', 'down']);
  });

  test('a check that flaps is marked, and a recommendation says so', async () => {
    const steps = Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? up : fails));
    const subject = health([scripted('a', steps)]);
    await subject.start();
    await clock.advance(6 * 30_000);
    expect(subject.report().checks[0]?.flapping).toBe(true);
    expect(subject.report().recommendations).toContainEqual(expect.stringMatching(/^a: its state flaps/));
  });
});

describe('recommendations', () => {
  test('come from the checks that are not up, the most urgent first', async () => {
    const subject = health([
      scripted('soft', [fails], { critical: false, recommendation: 'warm the cache' }),
      scripted('fine', [up], { recommendation: 'nothing' }),
      scripted('hard', [fails], { recommendation: 'look at the database' }),
    ]);
    await subject.start();
    expect(subject.report().recommendations).toEqual(['hard: look at the database', 'soft: warm the cache']);
  });
});
