import { manualClock } from '@holdfast/pipeline/testing';
import { Counter, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { Hub } from '../src/hub.ts';
import { createMetrics } from '../src/index.ts';
import { readMetricsOptions } from '../src/options.ts';
import { ownRegistry } from '../src/registry/registry.ts';
import { OPEN_METRICS, samplesOf, scrape } from './scrape.ts';

describe('the name of a metric', () => {
  it.each([
    ['a counter', 'a gauge of the same family', 'counter', 'gauge'],
    ['a gauge', 'a counter of the same family', 'gauge', 'counter'],
    ['a counter', 'a histogram of the same family', 'counter', 'histogram'],
  ] as const)('of %s leaves no room for %s', (_one, _other, first, second) => {
    const metrics = createMetrics();
    const make = (kind: 'counter' | 'gauge' | 'histogram') =>
      metrics[kind]({ name: kind === 'counter' ? 'runs_total' : 'runs', help: 'Runs' });
    make(first);
    expect(() => make(second)).toThrow(/^runs(_total)? has the same name as runs(_total)? in OpenMetrics$/);
    expect(() => make(first)).not.toThrow();
  });

  it('is that of one family in OpenMetrics', async () => {
    const metrics = createMetrics();
    metrics.counter({ name: 'runs_total', help: 'Runs' });
    metrics.gauge({ name: 'runs_running', help: 'Runs' });
    const families = (await scrape(metrics, OPEN_METRICS)).match(/^# TYPE \S+/gm);
    expect(families).toEqual(['# TYPE runs', '# TYPE runs_running']);
  });
});

describe('what is dropped', () => {
  it('is counted by the metric that had no room for it, and once for each write', async () => {
    const metrics = createMetrics();
    const counter = metrics.counter({ name: 'a_total', help: 'A', labels: ['id'], limit: 1 });
    const gauge = metrics.gauge({ name: 'b', help: 'B', labels: ['id'], limit: 1 });
    for (const id of [1, 2, 3, 2]) counter.inc({ id });
    for (const id of [1, 2]) gauge.set({ id }, 7);
    expect(
      (await samplesOf(metrics, 'metrics_series_dropped')).map(({ labels, value }) => [labels, value]),
    ).toEqual([
      [{ metric: 'a_total' }, 3],
      [{ metric: 'b' }, 1],
    ]);
  });

  it('reaches no caller where the name of its counter is taken', () => {
    const registry = new Registry();
    new Counter({ name: 'metrics_series_dropped_total', help: 'Not ours', registers: [registry] });
    const errors: unknown[] = [];
    const metrics = createMetrics({ registry, onListenerError: (error) => errors.push(error) });
    const counter = metrics.counter({ name: 'a_total', help: 'A', labels: ['id'], limit: 1 });
    counter.inc({ id: 1 });
    expect(() => counter.inc({ id: 2 })).not.toThrow();
    expect(errors).toHaveLength(1);
  });

  it('is not limited itself', () => {
    const metrics = createMetrics({ seriesLimit: 1 });
    for (let index = 0; index < 5; index++) {
      const counter = metrics.counter({ name: `n${index}_total`, help: 'N', labels: ['id'] });
      for (const id of [1, 2]) counter.inc({ id });
    }
    const dropped = metrics.snapshot().find(({ name }) => name === 'metrics_series_dropped_total');
    expect(dropped?.series).toHaveLength(5);
  });
});

describe('a collect hook', () => {
  it('may end itself, and add another one, while hooks are called', async () => {
    const metrics = createMetrics();
    const called: string[] = [];
    const stop = metrics.onCollect(() => {
      called.push('first');
      stop();
      metrics.onCollect(() => called.push('second'));
    });
    await metrics.expose();
    await metrics.expose();
    expect(called).toEqual(['first', 'second', 'second']);
  });

  it('counts as often as it is added', async () => {
    const metrics = createMetrics();
    let calls = 0;
    const hook = () => void calls++;
    const stops = [metrics.onCollect(hook), metrics.onCollect(hook)];
    await metrics.expose();
    stops[0]?.();
    await metrics.expose();
    expect(calls).toBe(3);
  });

  it('run once a reading, although one of them reads the registry itself', () => {
    const metrics = createMetrics();
    const gauge = metrics.gauge({ name: 'depth', help: 'Depth' });
    let runs = 0;
    metrics.onCollect(() => {
      runs++;
      gauge.set(metrics.snapshot().length);
    });
    expect(metrics.snapshot().find(({ name }) => name === 'depth')?.series[0]).toMatchObject({ value: 1 });
    expect(runs).toBe(1);
    metrics.snapshot();
    expect(runs).toBe(2);
  });

  it('runs before a snapshot, too', () => {
    const metrics = createMetrics();
    const gauge = metrics.gauge({ name: 'depth', help: 'D' });
    metrics.onCollect(() => gauge.set(3));
    expect(metrics.snapshot()).toMatchObject([{ series: [{ value: 3 }] }]);
  });

  it('runs again for a foreign registry in the next turn', async () => {
    const hub = new Hub(readMetricsOptions({}));
    let calls = 0;
    hub.onCollect(() => void calls++);
    hub.refresh();
    hub.refresh();
    expect(calls).toBe(1);
    await Promise.resolve();
    hub.refresh();
    expect(calls).toBe(2);
  });
});

describe('a hub', () => {
  it('sends errors of others to where they are to go', () => {
    const errors: unknown[] = [];
    const hub = new Hub(readMetricsOptions({ onListenerError: (error) => errors.push(error) }));
    hub.attempt(() => {
      throw new Error('mine');
    });
    expect(errors).toEqual([new Error('mine')]);
  });

  it('takes the time from its clock', () => {
    const clock = manualClock();
    expect(new Hub(readMetricsOptions({ clock })).clock).toBe(clock);
  });

  it('knows whether its registry writes OpenMetrics', () => {
    const registry = new Registry();
    const hub = new Hub(readMetricsOptions({ registry }));
    expect(hub.foreignOpenMetrics).toBe(false);
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
    expect(hub.foreignOpenMetrics).toBe(true);
    expect(new Hub(readMetricsOptions({})).foreignOpenMetrics).toBe(false);
  });

  it('refuses a counter whose family somebody else has', () => {
    const registry = new Registry();
    new Counter({ name: 'runs', help: 'Theirs', registers: [registry] });
    expect(() => createMetrics({ registry }).counter({ name: 'runs_total', help: 'R' })).toThrow(TypeError);
  });
});

describe('our own registry', () => {
  it('holds metrics in the order in which they came', () => {
    const registry = ownRegistry();
    const [one, other] = [{ name: 'b' }, { name: 'a' }];
    registry.registerMetric(one as never);
    registry.registerMetric(other as never);
    expect(registry.getMetricsAsArray()).toEqual([one, other]);
    expect(registry.getSingleMetric('a')).toBe(other);
    registry.removeSingleMetric('b');
    expect(registry.getMetricsAsArray()).toEqual([other]);
    expect(registry.getSingleMetric('b')).toBeUndefined();
    expect(registry.getSingleMetric('toString')).toBeUndefined();
  });

  it('hands out a list that later metrics do not change', () => {
    const registry = ownRegistry();
    const before = registry.getMetricsAsArray();
    registry.registerMetric({ name: 'a' } as never);
    expect(before).toEqual([]);
  });
});
