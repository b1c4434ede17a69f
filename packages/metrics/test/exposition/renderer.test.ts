import { manualClock } from '@holdfast/pipeline/testing';
import { Counter, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createMetrics, type Metrics } from '../../src/index.ts';
import { PROTOBUF } from '../metric-families.ts';
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

  describe.each([
    ['text', undefined],
    ['OpenMetrics', OPEN_METRICS],
    ['protobuf', PROTOBUF],
  ])('as %s', (_, accept) => {
    /** How often other work ran while a scrape was written whose clock moves a millisecond with every look at it. */
    const turnsWithin = async (metrics: Metrics) => {
      let turns = 0;
      let done = false;
      const count = (): void => void (done || (turns++, setImmediate(count)));
      setImmediate(count);
      const { body } = await metrics.expose(accept);
      done = true;
      return { turns, body };
    };
    const clock = () => {
      let ticks = 0;
      return Object.assign(manualClock(), { wallNow: () => 0, now: () => ticks++ });
    };

    it('lets other work run after each slice', async () => {
      const metrics = createMetrics({ clock: clock(), sliceMs: 2, seriesLimit: 10_000 });
      const counter = metrics.counter({ name: 'x_total', help: 'x', labels: ['id'] });
      for (let id = 0; id < 10_000; id++) counter.inc({ id });
      const { turns, body } = await turnsWithin(metrics);
      expect(turns).toBeGreaterThanOrEqual(4);
      expect(body.length).toBeGreaterThan(100_000);
    });

    it('lets other work run while it writes a metric of somebody else', async () => {
      const registry = new Registry();
      const theirs = new Counter({ name: 'x_total', help: 'x', labelNames: ['id'], registers: [registry] });
      for (let id = 0; id < 10_000; id++) theirs.inc({ id });
      const { turns, body } = await turnsWithin(createMetrics({ registry, clock: clock(), sliceMs: 2 }));
      expect(turns).toBeGreaterThanOrEqual(4);
      expect(body.length).toBeGreaterThan(100_000);
    });
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

  it('leaves out a metric of another library that never answers, and does not wait for it again and again', async () => {
    const clock = manualClock();
    const errors: unknown[] = [];
    const registry = new Registry();
    const metrics = createMetrics({ registry, clock, onListenerError: (error) => errors.push(error) });
    metrics.gauge({ name: 'depth', help: 'Depth' });
    registry.registerMetric({ name: 'hung', get: () => new Promise(() => undefined) } as never);
    for (let scrapes = 1; scrapes <= 2; scrapes++) {
      const scraped = scrape(metrics);
      await clock.advance(5_000);
      expect(await scraped).toContain('depth 0');
      expect(errors).toHaveLength(scrapes);
    }
    expect(errors[0]).toMatchObject({ code: 'ERR_TIMEOUT' });
    expect(clock.pendingTimers).toBe(0);
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
