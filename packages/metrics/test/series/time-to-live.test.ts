import { manualClock } from '@holdfast/pipeline/testing';
import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createMetrics, type Metrics } from '../../src/index.ts';
import { samplesOf } from '../scrape.ts';

const TTL_MS = 1_000;
const jobs = { name: 'jobs_total', help: 'Jobs', labels: ['id'], ttlMs: TTL_MS } as const;

const idsOf = async (metrics: Metrics) =>
  (await samplesOf(metrics, 'jobs')).flatMap(({ labels }) => labels['id'] ?? []).sort();

const step = fc.oneof(
  fc.record({ what: fc.constant('write' as const), id: fc.constantFrom('a', 'b', 'c') }),
  fc.record({ what: fc.constant('hold' as const), id: fc.constantFrom('a', 'b', 'c') }),
  fc.record({ what: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 2 * TTL_MS }) }),
  fc.record({ what: fc.constant('scrape' as const) }),
);

describe('the time to live of a series', () => {
  property.prop([fc.array(step, { maxLength: 60 })])(
    'runs from the first scrape after its last write, and ends at a scrape',
    async (steps) => {
      const clock = manualClock();
      const metrics = createMetrics({ clock });
      const counter = metrics.counter(jobs);
      const held = new Map<string, { inc(): void }>();
      // Since when nobody has written, as far as scrapes have seen; undefined where one has to look first.
      const seenAtMs = new Map<string, number | undefined>();
      for (const each of steps) {
        if (each.what === 'write') {
          counter.inc({ id: each.id });
          seenAtMs.set(each.id, undefined);
        } else if (each.what === 'hold') {
          const child = held.get(each.id) ?? counter.with(each.id);
          held.set(each.id, child);
          child.inc();
          seenAtMs.set(each.id, undefined);
        } else if (each.what === 'wait') {
          await clock.advance(each.ms);
        } else {
          for (const [id, atMs] of seenAtMs) {
            if (atMs === undefined) seenAtMs.set(id, clock.now());
            else if (clock.now() - atMs >= TTL_MS) seenAtMs.delete(id);
          }
          expect(await idsOf(metrics)).toEqual([...seenAtMs.keys()].sort());
        }
      }
    },
  );

  it('ends no series without a limit, and none without labels', async () => {
    const clock = manualClock();
    const metrics = createMetrics({ clock });
    metrics.counter({ ...jobs, ttlMs: undefined }).inc({ id: 'a' });
    const plain = metrics.counter({ name: 'starts_total', help: 'S', ttlMs: 1 });
    plain.inc();
    for (let i = 0; i < 3; i++) {
      await metrics.expose();
      await clock.advance(1_000_000);
    }
    expect(await idsOf(metrics)).toEqual(['a']);
    expect(await samplesOf(metrics, 'starts')).toMatchObject([{ value: 1 }]);
  });

  it('gives its place to others', async () => {
    const clock = manualClock();
    const metrics = createMetrics({ clock });
    const counter = metrics.counter({ ...jobs, limit: 1 });
    for (const id of ['a', 'b', 'c']) {
      counter.inc({ id });
      await metrics.expose();
      await clock.advance(TTL_MS);
      await metrics.expose();
    }
    expect(metrics.snapshot()).toMatchObject([{ name: 'jobs_total', series: [] }]);
  });

  it('ends when a snapshot is taken, too', async () => {
    const clock = manualClock();
    const metrics = createMetrics({ clock });
    metrics.counter(jobs).inc({ id: 'a' });
    metrics.snapshot();
    await clock.advance(TTL_MS);
    expect(metrics.snapshot()).toMatchObject([{ series: [] }]);
  });
});
