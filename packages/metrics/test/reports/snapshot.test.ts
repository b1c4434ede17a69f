import { Counter, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/index.ts';
import { scrape } from '../scrape.ts';

describe('a snapshot', () => {
  it('has every instrument of ours with its series, in plain objects that JSON keeps', () => {
    const metrics = createMetrics();
    metrics.counter({ name: 'a_total', help: 'A', labels: ['k'] }).inc({ k: 'v' }, 2);
    metrics.gauge({ name: 'b', help: 'B' }).set(-1);
    const durations = metrics.histogram({ name: 'c_seconds', help: 'C', buckets: [1, 2] });
    durations.observe(1);
    durations.observe(5);
    const snapshot = metrics.snapshot();
    expect(snapshot).toEqual([
      { type: 'counter', name: 'a_total', help: 'A', series: [{ labels: { k: 'v' }, value: 2 }] },
      { type: 'gauge', name: 'b', help: 'B', series: [{ labels: {}, value: -1 }] },
      {
        type: 'histogram',
        name: 'c_seconds',
        help: 'C',
        bounds: [1, 2],
        series: [{ labels: {}, count: 2, sum: 6, buckets: [1, 0, 1] }],
      },
    ]);
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  });

  it('has exponential buckets by their numbers', () => {
    const metrics = createMetrics();
    const sizes = metrics.histogram({
      name: 'sizes',
      help: 'S',
      native: { schema: 0, zeroThreshold: 0.001 },
    });
    for (const value of [0, 3, 4, 5, -3]) sizes.observe(value);
    const [family] = metrics.snapshot();
    expect(family).toMatchObject({ bounds: [], series: [{ count: 5, sum: 9, buckets: [5] }] });
    expect(family?.series[0]).toMatchObject({
      // 3 and 4 lie above 2 and up to 4, which is the second power; 5 up to the third.
      native: {
        schema: 0,
        zeroThreshold: 0.001,
        zeroCount: 1,
        positive: [
          [2, 2],
          [3, 1],
        ],
        negative: [[2, 1]],
      },
    });
  });

  it('stays as it is when counting goes on', () => {
    const metrics = createMetrics();
    const sizes = metrics.histogram({ name: 'sizes', help: 'S', buckets: [1], native: { schema: 0 } });
    sizes.observe(1);
    const before = metrics.snapshot();
    const copy = JSON.stringify(before);
    sizes.observe(100);
    expect(JSON.stringify(before)).toBe(copy);
    expect(JSON.stringify(metrics.snapshot())).not.toBe(copy);
  });

  it('that somebody changes, changes nothing of what is exposed', async () => {
    const metrics = createMetrics();
    metrics.counter({ name: 'a_total', help: 'A', labels: ['k'] }).inc({ k: 'v' });
    const [family] = metrics.snapshot();
    Object.assign(family?.series[0]?.labels ?? {}, { k: 'other' });
    expect(await scrape(metrics)).toContain('a_total{k="v"} 1\n');
  });

  it('brings pulled values up to date first, and leaves metrics of others out', () => {
    const registry = new Registry();
    new Counter({ name: 'theirs_total', help: 'T', registers: [registry] }).inc();
    const metrics = createMetrics({ registry });
    const pulled = metrics.gauge({ name: 'pulled', help: 'P' });
    metrics.onCollect(() => pulled.set(7));
    expect(metrics.snapshot()).toMatchObject([{ name: 'pulled', series: [{ value: 7 }] }]);
  });

  it('shows what found no room under the label overflow', () => {
    const metrics = createMetrics();
    const crowded = metrics.counter({ name: 'a_total', help: 'A', labels: ['k'], limit: 1 });
    for (const k of ['x', 'y', 'z']) crowded.inc({ k });
    expect(metrics.snapshot().find(({ name }) => name === 'a_total')?.series).toEqual([
      { labels: { k: 'x' }, value: 1 },
      { labels: { overflow: 'true' }, value: 2 },
    ]);
  });
});
