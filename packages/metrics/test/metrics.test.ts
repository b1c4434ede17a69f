import { describe, expect, it } from 'vitest';
import { createMetrics } from '../src/index.ts';

const runs = { name: 'runs_total', help: 'Runs', labels: ['who'] } as const;

describe('createMetrics', () => {
  it('gives the same instrument for the same definition', () => {
    const metrics = createMetrics();
    expect(metrics.counter(runs)).toBe(metrics.counter({ ...runs, help: 'Said otherwise' }));
  });

  it('shares instruments with others that use the same registry, and with nobody else', () => {
    const metrics = createMetrics();
    expect(createMetrics({ registry: metrics.registry }).counter(runs)).toBe(metrics.counter(runs));
    expect(createMetrics().counter(runs)).not.toBe(metrics.counter(runs));
  });

  it.each([
    ['other labels', { ...runs, labels: ['whom'] }],
    ['no labels', { ...runs, labels: [] }],
  ])('refuses the same name with %s', (_, options) => {
    const metrics = createMetrics();
    metrics.counter(runs);
    expect(() => metrics.counter(options)).toThrow('runs_total is already registered as another metric');
  });

  it('refuses the same name with other bounds or as another kind', () => {
    const metrics = createMetrics();
    metrics.histogram({ name: 'wait_seconds', help: 'Waits' });
    expect(() => metrics.histogram({ name: 'wait_seconds', help: 'Waits', buckets: [1] })).toThrow(TypeError);
    expect(() => metrics.gauge({ name: 'wait_seconds', help: 'Waits' })).toThrow(TypeError);
  });

  it.each([
    [{ seriesLimit: 0 }, 'createMetrics: seriesLimit must be an integer >= 1'],
    [{ sliceMs: -1 }, 'createMetrics: sliceMs must be a number >= 0'],
    [{ exposeCreated: 'yes' }, 'createMetrics: exposeCreated must be a boolean'],
    [{ registry: 7 }, 'createMetrics: registry must be an object'],
    [{ prefix: 'x' }, 'createMetrics has no option "prefix"'],
  ])('refuses %j', (options, message) => {
    expect(() => createMetrics(options as never)).toThrow(message);
  });

  it('takes snapshots that later writes do not change', () => {
    const metrics = createMetrics();
    const counter = metrics.counter(runs);
    const histogram = metrics.histogram({ name: 'wait_seconds', help: 'Waits', buckets: [1] });
    counter.inc({ who: 'me' });
    histogram.observe(0.5);
    const snapshot = metrics.snapshot();
    const copy = structuredClone(snapshot);
    counter.inc({ who: 'me' });
    histogram.observe(0.5);
    expect(snapshot).toEqual(copy);
    expect(snapshot).toEqual([
      { type: 'counter', name: 'runs_total', help: 'Runs', series: [{ labels: { who: 'me' }, value: 1 }] },
      {
        type: 'histogram',
        name: 'wait_seconds',
        help: 'Waits',
        bounds: [1],
        series: [{ labels: {}, count: 1, sum: 0.5, buckets: [1, 0] }],
      },
    ]);
  });
});
