import cluster from 'node:cluster';
import { createClusterMetrics } from '@holdfast/metrics/cluster';
import { describe, expect, it } from 'vitest';
import { createMetrics, processMetrics } from '../../src/index.ts';

describe('createClusterMetrics', () => {
  it.each([
    ['timeoutMs', 0, RangeError],
    ['seriesLimit', 0, RangeError],
    ['aggregators', { a: 'median' }, TypeError],
    ['metrics', {}, TypeError],
    ['clock', {}, TypeError],
    ['colour', 'red', TypeError],
  ])('refuses %s of %j', (option, value, Wrong) => {
    expect(() => createClusterMetrics({ [option]: value })).toThrow(Wrong);
    expect(cluster.listenerCount('exit')).toBe(0);
  });

  it('without workers has its own numbers, and what is to be told of workers', async () => {
    const metrics = createMetrics();
    metrics.counter({ name: 'starts_total', help: 'Starts' }).inc(2);
    const all = createClusterMetrics({ metrics });
    const text = (await all.expose()).body.toString();
    expect(text).toContain('starts_total 2\n');
    expect(text).toContain('metrics_workers{state="late"} 0\n');
    all.close();
  });

  it('merges a gauge as it is told to, or leaves it out', async () => {
    const metrics = createMetrics();
    processMetrics(metrics)();
    metrics.gauge({ name: 'secret_level', help: 'S' }).set(1);
    const all = createClusterMetrics({ metrics, aggregators: { secret_level: 'omit' } });
    const text = (await all.expose()).body.toString();
    expect(text).not.toContain('secret_level');
    expect(text).toContain('process_start_time_seconds ');
    all.close();
  });

  it('listens to the cluster until it is closed', () => {
    const all = createClusterMetrics();
    expect(cluster.listenerCount('exit')).toBe(1);
    all.close();
    for (const event of ['exit', 'online', 'message']) expect(cluster.listenerCount(event)).toBe(0);
  });
});
