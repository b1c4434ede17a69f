import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/index.ts';
import { samplesOf } from '../scrape.ts';

const depth = { name: 'depth', help: 'Depth' };

describe('a gauge', () => {
  it('is set, raised and lowered', async () => {
    const metrics = createMetrics();
    const gauge = metrics.gauge(depth);
    gauge.set(7);
    gauge.inc();
    gauge.inc(2);
    gauge.dec();
    gauge.dec(0.5);
    expect((await samplesOf(metrics, 'depth'))[0]?.value).toBe(8.5);
  });

  it('is set, raised and lowered by labels, bound or not', () => {
    const gauge = createMetrics().gauge({ ...depth, labels: ['of'] });
    const bound = gauge.with('a');
    gauge.set({ of: 'a' }, 7);
    gauge.inc({ of: 'a' });
    gauge.dec({ of: 'a' }, 3);
    bound.dec();
    bound.inc();
    expect(bound.value).toBe(5);
    bound.set(-1);
    expect(bound.value).toBe(-1);
  });

  it('shows what is no finite number as it is', async () => {
    const metrics = createMetrics();
    const gauge = metrics.gauge({ ...depth, labels: ['of'] });
    gauge.set({ of: 'nan' }, NaN);
    gauge.set({ of: 'inf' }, Infinity);
    gauge.set({ of: '-inf' }, -Infinity);
    const { body } = await metrics.expose();
    expect(body.toString().split('\n').slice(2, 5)).toEqual([
      'depth{of="nan"} NaN',
      'depth{of="inf"} +Inf',
      'depth{of="-inf"} -Inf',
    ]);
  });

  it('refuses what is no number', () => {
    const gauge = createMetrics().gauge(depth);
    expect(() => gauge.set('1' as never)).toThrow(new TypeError('depth must be given a number, got string'));
    expect(() => gauge.inc(null as never)).toThrow(TypeError);
    expect(() => gauge.dec('1' as never)).toThrow(TypeError);
  });

  it('keeps its value when a removed child is used again beside a new one', () => {
    const gauge = createMetrics().gauge({ ...depth, labels: ['of'] });
    const old = gauge.with('a');
    gauge.remove({ of: 'a' });
    gauge.set({ of: 'a' }, 10);
    old.inc();
    expect(gauge.with('a').value).toBe(11);
  });
});
