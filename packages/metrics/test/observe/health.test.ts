import { createHealth, type CheckResult, type Health } from '@holdfast/health';
import { manualClock, seededRandom } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { createMetrics, observe, type ObservedHealth } from '../../src/index.ts';
import { hasPromtool, lint } from '../promtool.ts';
import { samplesOf, scrape } from '../scrape.ts';
import { valuesOf } from './values.ts';

/** A health with a database that is as the test says, and a disk that always works. */
function setup() {
  const clock = manualClock();
  const metrics = createMetrics({ clock });
  const database: { answer: CheckResult['state'] | 'hangs' } = { answer: 'up' };
  const health = createHealth({
    clock,
    random: seededRandom(1),
    checks: [
      {
        name: 'database',
        run: () => (database.answer === 'hangs' ? new Promise(() => undefined) : { state: database.answer }),
        timeoutMs: 1_000,
      },
      { name: 'disk', run: () => undefined, critical: false },
    ],
  });
  return { clock, metrics, database, health };
}

describe('observing a health', () => {
  it('shows how its checks and groups are', async () => {
    const { metrics, health, database } = setup();
    observe(metrics, health);
    expect(await valuesOf(metrics, 'health_check_status')).toEqual({
      'database unknown': 1,
      'disk unknown': 1,
    });
    database.answer = 'degraded';
    await health.start();
    expect(await valuesOf(metrics, 'health_check_status')).toEqual({ 'database degraded': 1, 'disk up': 1 });
    expect(await valuesOf(metrics, 'health_group_status')).toEqual({
      'liveness up': 1,
      'readiness degraded': 1,
      'startup up': 1,
      'overall degraded': 1,
    });
    health.close();
  });

  it('shows how often checks ran, failed and took too long, and for how long', async () => {
    const { clock, metrics, health, database } = setup();
    observe(metrics, health);
    database.answer = 'hangs';
    const started = health.start();
    await clock.advance(1_000);
    await started;
    expect(await valuesOf(metrics, 'health_check_runs_total')).toEqual({ database: 1, disk: 1 });
    expect(await valuesOf(metrics, 'health_check_failures_total')).toEqual({ database: 1 });
    expect(await valuesOf(metrics, 'health_check_timeouts_total')).toEqual({ database: 1 });
    expect(await valuesOf(metrics, 'health_check_duration_seconds')).toEqual({ database: 1 });
    expect(await valuesOf(metrics, 'health_check_run_seconds_total')).toEqual({ database: 1 });
    expect(await valuesOf(metrics, 'health_check_abandoned_runs')).toEqual({ database: 1 });
    health.close();
  });

  it('counts what it is told of: transitions and alerts', async () => {
    const { clock, metrics, health, database } = setup();
    observe(metrics, health);
    await health.start();
    database.answer = 'down';
    await clock.advance(60_000);
    expect(await valuesOf(metrics, 'health_check_transitions_total')).toMatchObject({ 'database down': 1 });
    expect(await valuesOf(metrics, 'health_alerts_raised_total')).toEqual({ 'check:database critical': 1 });
    expect(await valuesOf(metrics, 'health_alerts_active')).toEqual({ critical: 1 });
    database.answer = 'up';
    await clock.advance(60_000);
    expect(await valuesOf(metrics, 'health_check_transitions_total')).toEqual({
      'database up': 2, // the first look tells of a change too
      'database down': 1,
      'disk up': 1,
    });
    expect(await valuesOf(metrics, 'health_alerts_active')).toEqual({});
    health.close();
  });

  it('counts an alert once, however often it is told', async () => {
    const { clock, metrics, health, database } = setup();
    observe(metrics, health);
    database.answer = 'down';
    await health.start();
    await clock.advance(1_200_000);
    expect(await valuesOf(metrics, 'health_alerts_raised_total')).toEqual({ 'check:database critical': 1 });
    health.close();
  });

  it('shows that the process is about to stop', async () => {
    const { metrics, health } = setup();
    observe(metrics, health);
    await health.start();
    health.drain();
    expect(await valuesOf(metrics, 'health_draining')).toEqual({ '': 1 });
    expect((await valuesOf(metrics, 'health_group_status'))['readiness down']).toBe(1);
    health.close();
  });

  it('ends when it is told to, and keeps what was counted', async () => {
    const { metrics, health } = setup();
    const stop = observe(metrics, health);
    await health.start();
    await scrape(metrics);
    stop();
    stop();
    for (const family of ['health_check_status', 'health_group_status', 'health_alerts_active'])
      expect(await samplesOf(metrics, family)).toEqual([]);
    expect(await valuesOf(metrics, 'health_check_runs_total')).toEqual({ database: 1, disk: 1 });
    health.close();
  });

  it('ends by itself at the scrape after it was closed, and lets go of it', async () => {
    const { metrics, health } = setup();
    let closed = false;
    let listeners = 0;
    const source: ObservedHealth = {
      ...spread(health),
      get closed() {
        return closed;
      },
      get draining() {
        return health.draining;
      },
      subscribe: () => {
        listeners++;
        return () => listeners--;
      },
    };
    observe(metrics, source);
    expect(listeners).toBe(1);
    closed = true;
    await scrape(metrics);
    expect(listeners).toBe(0);
    expect(await samplesOf(metrics, 'health_check_status')).toEqual([]);
    observe(metrics, source);
    expect(listeners).toBe(0);
    health.close();
  });

  it.skipIf(!hasPromtool)('uses names that promtool likes', async () => {
    const { metrics, health } = setup();
    observe(metrics, health);
    await health.start();
    expect(lint(await scrape(metrics))).toBe('');
    health.close();
  });
});

function spread(health: Health): Omit<ObservedHealth, 'closed' | 'draining' | 'subscribe'> {
  return {
    groups: health.groups,
    stats: () => health.stats(),
    state: (group) => health.state(group),
    report: () => health.report(),
  };
}
