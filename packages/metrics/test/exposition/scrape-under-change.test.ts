import { test as property, fc } from '@fast-check/vitest';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/index.ts';
import { familiesOf, PROTOBUF } from '../metric-families.ts';
import { parseText } from '../parse-text.ts';
import { OPEN_METRICS } from '../scrape.ts';

/** A clock that moves with every look at it, so that a scrape pauses after each part. */
function hastyClock() {
  let ticks = 0;
  return { ...manualClock(), wallNow: () => 0, now: () => ticks++ };
}

function setUp(series = 3_000) {
  const metrics = createMetrics({ clock: hastyClock(), sliceMs: 0, seriesLimit: Infinity });
  const counter = metrics.counter({ name: 'x_total', help: 'x', labels: ['group', 'id'] });
  for (let id = 0; id < series; id++) counter.inc({ group: id % 7, id });
  return { metrics, counter };
}

/** Takes out all series and brings them back, in each of the first turns of a scrape. */
async function goAndComeBack(counter: ReturnType<typeof setUp>['counter']): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    counter.reset();
    for (let id = 0; id < 3_000; id++) counter.inc({ group: id % 7, id });
  }
}

const change = fc.record({
  what: fc.constantFrom('inc', 'add', 'remove', 'reset', 'group'),
  id: fc.integer({ min: 0, max: 3_500 }),
});

describe('a scrape of what changes meanwhile', () => {
  property.prop([fc.array(change, { minLength: 1, maxLength: 30 }), fc.boolean()], { numRuns: 20 })(
    'is whole, and shows no series twice',
    async (changes, open) => {
      const { metrics, counter } = setUp();
      const scraping = metrics.expose(open ? OPEN_METRICS : undefined);
      for (const { what, id } of changes) {
        await new Promise((resolve) => setImmediate(resolve));
        if (what === 'inc') counter.inc({ group: id % 7, id });
        else if (what === 'add') counter.inc({ group: 'new', id });
        else if (what === 'remove') counter.remove({ id });
        else if (what === 'group') counter.remove({ group: id % 7 });
        else if (id < 100) counter.reset();
      }
      const samples = parseText((await scraping).body.toString());
      const seen = samples.map(({ labels }) => `${labels['group']} ${labels['id']}`);
      expect(new Set(seen).size).toBe(seen.length);
      for (const { value } of samples) expect(value).toBeGreaterThanOrEqual(0);
    },
  );

  it.each([
    ['text', undefined],
    ['OpenMetrics', OPEN_METRICS],
  ])('shows nothing again that went and came back, as %s', async (_, accept) => {
    const { metrics, counter } = setUp();
    const scraping = metrics.expose(accept);
    await goAndComeBack(counter);
    const seen = parseText((await scraping).body.toString()).map(({ labels }) => labels['id']);
    expect(seen.length).toBeGreaterThan(300);
    expect(new Set(seen).size).toBe(seen.length);
    expect(parseText((await metrics.expose(accept)).body.toString())).toHaveLength(3_000);
  });

  it('shows nothing again that went and came back, as protobuf', async () => {
    const { metrics, counter } = setUp();
    const scraping = familiesOf(metrics);
    await goAndComeBack(counter);
    const seen = ((await scraping).get('x_total')?.metrics ?? []).map(({ labels }) => labels['id']);
    expect(seen.length).toBeGreaterThan(300);
    expect(new Set(seen).size).toBe(seen.length);
    expect((await familiesOf(metrics)).get('x_total')?.metrics).toHaveLength(3_000);
  });

  it('does not show instruments that were made after it began', async () => {
    const { metrics } = setUp();
    const scraping = metrics.expose();
    await new Promise((resolve) => setImmediate(resolve));
    metrics.counter({ name: 'late_total', help: 'L' });
    expect((await scraping).body.toString()).not.toContain('late_total');
    expect((await metrics.expose()).body.toString()).toContain('late_total');
  });

  it('is shared by format alone: each format has a scrape of its own', async () => {
    const { metrics } = setUp(10);
    const accepts = [undefined, OPEN_METRICS, PROTOBUF, 'text/plain', '*/*', PROTOBUF];
    const all = await Promise.all(accepts.map((accept) => metrics.expose(accept)));
    expect(new Set(all).size).toBe(3);
    expect(all[0]).toBe(all[3]);
    expect(all[2]).toBe(all[5]);
  });

  it('begins anew once it is over', async () => {
    const { metrics, counter } = setUp(1);
    const first = await metrics.expose();
    counter.inc({ group: 0, id: 0 });
    const second = await metrics.expose();
    expect(first.body.toString()).toContain('} 1\n');
    expect(second.body.toString()).toContain('} 2\n');
    // What was handed out stays as it was.
    expect(first.body.toString()).toContain('} 1\n');
  });
});
