import { systemClock, type Clock } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/index.ts';
import { OPEN_METRICS, scrape } from '../scrape.ts';

describe('a scrape', () => {
  it('is shared by all who ask at the same time for the same format', async () => {
    let collected = 0;
    const metrics = createMetrics();
    metrics.onCollect(() => void collected++);
    const [one, other] = await Promise.all([metrics.expose(), metrics.expose()]);
    expect(one).toBe(other);
    expect(collected).toBe(1);
    const [text, open] = await Promise.all([metrics.expose(), metrics.expose(OPEN_METRICS)]);
    expect(text.contentType).not.toBe(open.contentType);
    expect(collected).toBe(3);
  });

  it('lets other work run after each slice', async () => {
    // Every look at this clock takes a millisecond.
    let ticks = 0;
    let pauses = 0;
    const clock: Clock = {
      ...manualClock(),
      now: () => ticks++,
      setTimer: (callback, delayMs) => {
        pauses++;
        return systemClock.setTimer(callback, delayMs);
      },
    };
    const metrics = createMetrics({ clock, sliceMs: 2, seriesLimit: 10_000 });
    const counter = metrics.counter({ name: 'x_total', help: 'x', labels: ['id'] });
    for (let id = 0; id < 10_000; id++) counter.inc({ id });
    const text = await scrape(metrics);
    expect(pauses).toBeGreaterThanOrEqual(4);
    expect(text.split('\n')).toHaveLength(10_003);
  });

  it('calls hooks first, until they are taken away', async () => {
    const metrics = createMetrics();
    const gauge = metrics.gauge({ name: 'depth', help: 'Depth' });
    let depth = 3;
    const stop = metrics.onCollect(() => gauge.set(depth));
    expect(await scrape(metrics)).toContain('depth 3');
    stop();
    stop();
    depth = 4;
    expect(await scrape(metrics)).toContain('depth 3');
  });

  it('goes on when a hook throws', async () => {
    const errors: unknown[] = [];
    const metrics = createMetrics({ onListenerError: (error) => errors.push(error) });
    metrics.gauge({ name: 'depth', help: 'Depth' });
    metrics.onCollect(() => {
      throw new Error('mine');
    });
    expect(await scrape(metrics)).toContain('depth 0');
    expect(errors).toEqual([new Error('mine')]);
  });
});
