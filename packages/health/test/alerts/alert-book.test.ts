import { manualClock, recordEvents, type ManualClock } from '@holdfast/pipeline/testing';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createHealth,
  type AlertRule,
  type CheckResult,
  type HealthCheck,
  type HealthOptions,
} from '../../src/index.ts';

let clock: ManualClock;
let state: CheckResult['state'];
let trouble: string | undefined;
beforeEach(() => {
  clock = manualClock();
  state = 'up';
  trouble = undefined;
});

const rule = (more: Partial<AlertRule> = {}): AlertRule => ({
  name: 'rule',
  severity: 'warning',
  condition: () => trouble,
  ...more,
});

const start = async (options: HealthOptions = {}, check: Partial<HealthCheck> = {}) => {
  const health = createHealth({
    clock,
    random: () => 0.5,
    alerts: [],
    checks: [{ name: 'a', run: () => ({ state, reason: 'why' }), refreshMs: 10_000, ...check }],
    ...options,
  });
  const told: string[] = [];
  health.on('health.alert_raised', ({ alert, again }) =>
    told.push(`${again ? 'again' : 'raised'} ${alert.name} ${alert.severity}`),
  );
  health.on('health.alert_resolved', ({ alert }) => told.push(`resolved ${alert.name}`));
  await health.start();
  return { health, told };
};
const becomes = async (next: CheckResult['state']) => {
  state = next;
  await clock.advance(10_000);
};

describe('checks', () => {
  test('raise an alert when they are down, and resolve it when they are not', async () => {
    const { health, told } = await start({}, { recommendation: 'look' });
    await becomes('down');
    expect(health.report().alerts).toEqual([
      {
        name: 'check:a',
        severity: 'critical',
        message: 'a is down: why',
        recommendation: 'look',
        raisedAtMs: clock.wallNow(),
      },
    ]);
    await becomes('up');
    expect(health.report().alerts).toEqual([]);
    expect(health.alertHistory()).toMatchObject([{ name: 'check:a', resolvedAtMs: clock.wallNow() }]);
    expect(told).toEqual(['raised check:a critical', 'resolved check:a']);
  });

  test('that are degraded or not critical only warn', async () => {
    const { told } = await start({ checks: [
      { name: 'slow', run: () => ({ state: 'degraded' }) },
      { name: 'soft', critical: false, run: () => ({ state: 'down' }) },
      { name: 'breaker', critical: false, alert: 'critical', run: () => ({ state: 'down' }) },
      { name: 'quiet', alert: 'none', run: () => ({ state: 'down' }) },
    ] }); // prettier-ignore
    expect(told).toEqual([
      'raised check:slow warning',
      'raised check:soft warning',
      'raised check:breaker critical',
    ]);
  });

  test('critical alerts come first in a report', async () => {
    const { health } = await start({ checks: [
      { name: 'soft', critical: false, run: () => ({ state: 'down' }) },
      { name: 'hard', run: () => ({ state: 'down' }) },
    ] }); // prettier-ignore
    expect(health.report().alerts.map(({ name }) => name)).toEqual(['check:hard', 'check:soft']);
  });
});

describe('the cooldown', () => {
  test('an alert that lasts is told again once it is over', async () => {
    const { told } = await start();
    await becomes('down');
    await clock.advance(299_999);
    expect(told).toEqual(['raised check:a critical']);
    await clock.advance(1);
    expect(told).toEqual(['raised check:a critical', 'again check:a critical']);
  });

  test('an alert that comes back within it is in the report but not told, nor is its end', async () => {
    const { health, told } = await start();
    await becomes('down');
    await becomes('up');
    told.length = 0;
    await becomes('down');
    expect(health.report().alerts).toHaveLength(1);
    await becomes('up');
    expect(told).toEqual([]);
    expect(health.alertHistory()).toHaveLength(2);
  });

  test('an alert that came back within it is told if it still lasts when it is over', async () => {
    const { told } = await start();
    await becomes('down');
    await becomes('up');
    told.length = 0;
    await becomes('down');
    await clock.advance(300_000);
    expect(told).toEqual(['raised check:a critical']);
  });

  test('a warning that becomes critical is told at once', async () => {
    const { told } = await start();
    await becomes('degraded');
    await becomes('down');
    expect(told).toEqual(['raised check:a warning', 'again check:a critical']);
    await becomes('degraded');
    expect(told).toHaveLength(2);
  });
});

describe('rules', () => {
  test('are looked at every alertIntervalMs, and in the background', async () => {
    const { told } = await start({ alerts: [rule()], alertIntervalMs: 1_000, checks: [] });
    expect(clock.refedTimers).toBe(0);
    trouble = 'it is bad';
    await clock.advance(999);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual(['raised rule warning']);
  });

  test('put their recommendation in the report', async () => {
    trouble = 'bad';
    const { health } = await start({ alerts: [rule({ recommendation: 'do this' })] });
    expect(health.report()).toMatchObject({
      alerts: [{ message: 'bad' }],
      recommendations: ['rule: do this'],
    });
  });

  test('see the checks and the requests', async () => {
    const condition = vi.fn(() => undefined);
    const requests = { requests: 1, failures: 0, meanMs: 5 };
    await start({ alerts: [rule({ condition })], requestStats: () => requests });
    expect(condition).toHaveBeenLastCalledWith({
      requests,
      checks: [expect.objectContaining({ name: 'a', state: 'up' })],
    });
  });

  test('that throw are reported, and leave their alert as it was', async () => {
    const onListenerError = vi.fn();
    let broken = false;
    const condition = () => {
      if (broken) throw new Error('rule');
      return 'bad';
    };
    const { health } = await start({ alerts: [rule({ condition })], onListenerError });
    broken = true;
    await clock.advance(30_000);
    expect(health.report().alerts).toHaveLength(1);
    expect(onListenerError).toHaveBeenCalledWith(expect.objectContaining({ message: 'rule' }));
  });

  test('a source of figures that throws is reported and changes nothing else', async () => {
    const onListenerError = vi.fn();
    const requestStats = () => { throw new Error('figures'); }; // prettier-ignore
    const { health } = await start({ requestStats, onListenerError });
    expect(health.report()).not.toHaveProperty('requests');
    expect(onListenerError).toHaveBeenCalled();
  });

  test('a change of an alert is a new version for those who cache reports', async () => {
    const { health } = await start({ alerts: [rule()], checks: [], alertIntervalMs: 1_000 });
    const { version } = health;
    await clock.advance(1_000);
    expect(health.version).toBe(version);
    trouble = 'bad';
    await clock.advance(1_000);
    expect(health.version).toBeGreaterThan(version);
  });

  test.each<[AlertRule[], string]>([
    [[rule(), rule()], "alerts must have different names, got 'rule' twice"],
    [[rule({ name: 'no name' })], 'an alert rule: name must be 1 to 100 letters'],
    [[rule({ severity: 'bad' as 'warning' })], 'severity must be one of "warning", "critical"'],
  ])('%j are refused', (alerts, message) => {
    expect(() => createHealth({ alerts })).toThrow(message);
  });
});

test('the history is bounded', async () => {
  const { health } = await start({ alertHistorySize: 3 });
  for (let i = 0; i < 8; i++) await becomes(i % 2 === 0 ? 'down' : 'up');
  expect(health.alertHistory()).toHaveLength(3);
});

test('a closed health raises nothing more', async () => {
  const { health } = await start({ alerts: [rule()] });
  const events = recordEvents(health);
  health.close();
  trouble = 'bad';
  await clock.advance(3_600_000);
  expect(events.events).toEqual([]);
  expect(clock.pendingTimers).toBe(0);
});
