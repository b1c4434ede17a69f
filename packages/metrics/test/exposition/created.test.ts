import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/index.ts';
import { OPEN_METRICS, scrape } from '../scrape.ts';

function setUp(exposeCreated = true) {
  const clock = manualClock({ wallStartMs: 1_700_000_000_000 });
  const metrics = createMetrics({ clock, exposeCreated, seriesLimit: 2 });
  const created = async () => {
    const lines = (await scrape(metrics, OPEN_METRICS)).split('\n');
    return lines.filter((line) => line.includes('_created'));
  };
  const counter = metrics.counter({ name: 'runs_total', help: 'Runs', labels: ['who'] });
  return { clock, metrics, created, counter };
}

describe('since when a series counts', () => {
  it('is told in OpenMetrics only, where it is asked for, of what counts', async () => {
    const { metrics, created, counter } = setUp();
    metrics.gauge({ name: 'depth', help: 'Depth' }).set(1);
    metrics.histogram({ name: 'wait_seconds', help: 'Waits' });
    counter.inc({ who: '"me"' });
    expect(await created()).toEqual([
      'runs_created{who="\\"me\\""} 1700000000.000',
      'wait_seconds_created 1700000000.000',
    ]);
    expect(await scrape(metrics)).not.toContain('created');
    expect(await setUp(false).created()).toEqual([]);
  });

  it('is when it was made, whenever it is written to or read', async () => {
    const { clock, created, counter } = setUp();
    counter.inc({ who: 'me' });
    await clock.advance(1_234);
    counter.inc({ who: 'me' });
    counter.inc({ who: 'you' });
    expect(await created()).toEqual([
      'runs_created{who="me"} 1700000000.000',
      'runs_created{who="you"} 1700000001.234',
    ]);
  });

  it('is when it began again, after a reset and for a child that comes back', async () => {
    const { clock, metrics, created, counter } = setUp();
    const plain = metrics.counter({ name: 'starts_total', help: 'Starts' });
    const bound = counter.with('me');
    bound.inc();
    plain.inc();
    await clock.advance(1_000);
    counter.remove({ who: 'me' });
    plain.reset();
    await clock.advance(1_000);
    bound.inc();
    expect(await created()).toEqual([
      'runs_created{who="me"} 1700000002.000',
      'starts_created 1700000001.000',
    ]);
  });

  it('comes with the count that a child takes over', async () => {
    const { clock, created, counter } = setUp();
    const bound = counter.with('me');
    counter.reset();
    await clock.advance(1_000);
    counter.inc({ who: 'me' });
    await clock.advance(1_000);
    bound.inc();
    expect(await created()).toEqual(['runs_created{who="me"} 1700000001.000']);
  });

  it('is told of the overflow series, too', async () => {
    const { created, counter } = setUp();
    for (const who of ['a', 'b', 'c']) counter.inc({ who });
    expect(await created()).toContain('runs_created{overflow="true"} 1700000000.000');
  });
});
