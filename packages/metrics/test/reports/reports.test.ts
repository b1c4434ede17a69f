import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { createMetrics, createReports, type ReportsOptions } from '../../src/index.ts';

const DURATION = 'http_server_request_duration_seconds';

function setUp(options: ReportsOptions = {}) {
  const clock = manualClock();
  const metrics = createMetrics({ clock, seriesLimit: 10_000 });
  const orders = metrics.counter({ name: 'orders_total', help: 'Orders', labels: ['country'] });
  const depth = metrics.gauge({ name: 'depth', help: 'Depth' });
  const wait = metrics.histogram({ name: 'wait_seconds', help: 'Waits', labels: ['at'], buckets: [1, 2, 4] });
  const history = ['orders_total', 'depth', 'wait_seconds'];
  return { clock, metrics, orders, depth, wait, reports: createReports(metrics, { history, ...options }) };
}

describe('a summary', () => {
  it('tells rates and percentiles of the window, in sum and by labels', async () => {
    const { clock, orders, depth, wait, reports } = setUp();
    await clock.advance(60_000);
    orders.inc({ country: 'NZ' }, 30);
    orders.inc({ country: 'CL' }, 90);
    depth.set(7);
    for (let i = 0; i < 10; i++) wait.observe({ at: 'door' }, 1.5);
    const { metrics, windowMs } = reports.summary();
    expect(windowMs).toBe(60_000);
    expect(metrics['orders_total']).toEqual({
      type: 'counter',
      total: 120,
      recent: 120,
      perSecond: 2,
      series: [
        { labels: { country: 'NZ' }, total: 30, recent: 30, perSecond: 0.5 },
        { labels: { country: 'CL' }, total: 90, recent: 90, perSecond: 1.5 },
      ],
    });
    expect(metrics['depth']).toEqual({ type: 'gauge', series: [{ labels: {}, value: 7 }] });
    expect(metrics['wait_seconds']).toMatchObject({ total: 10, recent: 10, mean: 1.5, p50: 1.5, p95: 1.95 });
  });

  it('looks no further back than its window, give or take one reading', async () => {
    const { clock, orders, reports } = setUp({ windowMs: 120_000 });
    orders.inc({ country: 'NZ' }, 1_000);
    await clock.advance(600_000);
    orders.inc({ country: 'NZ' }, 12);
    expect(reports.summary().metrics['orders_total']).toMatchObject({
      total: 1_012,
      recent: 12,
      perSecond: 0.1,
    });
  });

  it('takes a counter that was reset for one that began again', async () => {
    const { clock, orders, reports } = setUp({ windowMs: 30_000 });
    orders.inc({ country: 'NZ' }, 1_000);
    await clock.advance(60_000);
    orders.reset();
    orders.inc({ country: 'NZ' }, 3);
    expect(reports.summary().metrics['orders_total']).toMatchObject({ total: 3, recent: 3 });
  });

  it('tells what found no room from a series whose only label has the value true', async () => {
    const { clock, metrics, reports } = setUp();
    const flags = metrics.counter({ name: 'flags_total', help: 'Flags', labels: ['on'], limit: 1 });
    flags.inc({ on: 'true' }, 100);
    flags.inc({ on: 'false' }, 7);
    await clock.advance(600_000);
    expect(reports.summary().metrics['flags_total']).toMatchObject({
      recent: 0,
      series: [{ recent: 0 }, { recent: 0 }],
    });
  });

  it('asks no hook how the requests went', () => {
    const { metrics, reports } = setUp();
    metrics.histogram({ name: DURATION, help: 'Requests' }).observe(0.02);
    let asked = 0;
    metrics.onCollect(() => asked++);
    expect(reports.requestStats()).toMatchObject({ requests: 1 });
    expect(asked).toBe(0);
  });

  it('knows how the requests went', async () => {
    const { clock, metrics, reports } = setUp();
    expect(reports.requestStats()).toBeUndefined();
    const labels = ['http_route', 'error_type'] as const;
    const requests = metrics.histogram({ name: DURATION, help: 'Requests', labels });
    await clock.advance(10_000);
    expect(reports.requestStats()).toMatchObject({
      requests: 0,
      successRatio: 1,
      meanMs: 0,
      p95Ms: undefined,
    });
    for (let i = 0; i < 9; i++) requests.observe({ http_route: '/a', error_type: '' }, 0.02);
    requests.observe({ http_route: '/b', error_type: '500' }, 0.12);
    const stats = reports.requestStats();
    expect(stats).toMatchObject({ requests: 10, failures: 1, successRatio: 0.9, windowMs: 10_000 });
    expect(stats?.meanMs).toBeCloseTo(30);
    expect(stats?.p50Ms).toBeGreaterThan(10);
    expect(stats?.p50Ms).toBeLessThan(25);
    expect(reports.summary().requests).toEqual(stats);
  });
});

describe('a history', () => {
  it('holds a reading for each interval', async () => {
    const { clock, orders, wait, reports } = setUp();
    orders.inc({ country: 'NZ' });
    wait.observe({ at: 'door' }, 1.5);
    await clock.advance(30_000);
    orders.inc({ country: 'NZ' }, 4);
    await clock.advance(30_000);
    const { atMs, intervalMs, series } = reports.history();
    const startMs = Date.UTC(2026, 0, 1);
    expect(intervalMs).toBe(30_000);
    expect(atMs).toEqual([startMs, startMs + 30_000, startMs + 60_000]);
    expect(series).toEqual([
      { name: 'depth', labels: {}, points: { value: [0, 0, 0] } },
      { name: 'orders_total', labels: { country: 'NZ' }, points: { value: [null, 1, 5] } },
      {
        name: 'wait_seconds',
        labels: { at: 'door' },
        points: {
          count: [null, 1, 0],
          mean: [null, 1.5, null],
          p50: [null, 1.5, null],
          p95: [null, 1.95, null],
          p99: [null, 1.99, null],
        },
      },
    ]);
  });

  it('goes back as far as it is asked to', async () => {
    const { clock, reports } = setUp();
    await clock.advance(4 * 3_600_000);
    expect(reports.history(1).atMs).toHaveLength(121);
    expect(reports.history(100).atMs).toHaveLength(481);
    expect(() => reports.history(0)).toThrow(RangeError);
  });

  it('forgets what is older than it keeps', async () => {
    const { clock, orders, reports } = setUp({ retentionMs: 120_000 });
    orders.inc({ country: 'NZ' });
    await clock.advance(30_000);
    orders.reset();
    await clock.advance(90_000);
    expect(reports.history().atMs).toHaveLength(4);
    expect(reports.history().series.find(({ name }) => name === 'orders_total')?.points['value']).toEqual([
      1,
      null,
      null,
      null,
    ]);
    await clock.advance(30_000);
    expect(reports.history().series.map(({ name }) => name)).toEqual(['depth']);
  });

  it('shows nothing where a series was gone, also in places that are used again', async () => {
    const { clock, orders, reports } = setUp({ retentionMs: 120_000 });
    orders.inc({ country: 'NZ' });
    await clock.advance(120_000);
    orders.reset();
    await clock.advance(30_000);
    const [series] = reports.history().series.filter(({ name }) => name === 'orders_total');
    expect(series?.points['value']).toEqual([1, 1, 1, null]);
  });

  it('does not grow, whatever comes', async () => {
    const { clock, orders, reports } = setUp({ retentionMs: 300_000, maxSeries: 20 });
    let country = 0;
    for (let hour = 0; hour < 120; hour++) {
      for (let i = 0; i < 10; i++) orders.inc({ country: country++ });
      await clock.advance(30_000);
    }
    const { atMs, series } = reports.history();
    expect(atMs).toHaveLength(10);
    expect(series).toHaveLength(20);
  });

  it('is taken in the background, by a timer that keeps no process alive, until it is closed', async () => {
    const { clock, reports } = setUp();
    expect([clock.pendingTimers, clock.refedTimers]).toEqual([1, 0]);
    reports.close();
    reports.close();
    await clock.advance(300_000);
    expect(clock.pendingTimers).toBe(0);
    expect(reports.history().atMs).toHaveLength(1);
  });

  it.each([
    [{ intervalMs: 0 }, 'createReports: intervalMs must be a number >= 1'],
    [{ windowMs: 10 }, 'createReports: windowMs must be a number >= 30000'],
    [{ retentionMs: 10 }, 'createReports: retentionMs must be a number >= 30000'],
    [{ maxSeries: 0 }, 'createReports: maxSeries must be an integer >= 1'],
    [{ history: 'x' }, 'createReports: history must be an array of metric names'],
  ])('refuses %j', (options, message) => {
    expect(() => setUp(options as never)).toThrow(message);
  });
});
