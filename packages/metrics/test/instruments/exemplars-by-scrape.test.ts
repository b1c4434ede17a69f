import { test as property, fc } from '@fast-check/vitest';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect } from 'vitest';
import { createMetrics } from '../../src/index.ts';
import { decodeHistogram, decodeLabels, familiesOf, number } from '../metric-families.ts';
import { OPEN_METRICS, scrape } from '../scrape.ts';

const BOUNDS = [1, 2, 5];
const bucketOf = (value: number) => BOUNDS.findIndex((bound) => value <= bound);

const step = fc.oneof(
  fc.record({ what: fc.constant('observe' as const), value: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ what: fc.constantFrom('text' as const, 'open' as const, 'protobuf' as const) }),
);

describe('exemplars', () => {
  property.prop([fc.array(step, { maxLength: 60 })])(
    'are asked for once a bucket and scrape that shows them, and are those of the bucket',
    async (steps) => {
      let asked = 0;
      const metrics = createMetrics({ clock: manualClock({ wallStartMs: 1_000 }) });
      const exemplar = () => ({ n: String(++asked) });
      const histogram = metrics.histogram({ name: 'x', help: 'x', buckets: BOUNDS, exemplar });
      const model = new Map<number, { readonly n: string; readonly value: number }>();
      const unread = new Set<number>();
      let expected = 0;
      for (const each of steps) {
        if (each.what === 'observe') {
          histogram.observe(each.value);
          const bucket = bucketOf(each.value);
          if (unread.has(bucket)) continue;
          unread.add(bucket);
          model.set(bucket, { n: String(++expected), value: each.value });
        } else if (each.what === 'text') {
          expect(await scrape(metrics)).not.toContain(' # ');
        } else {
          const read = each.what === 'open' ? await fromOpenMetrics() : await fromProtobuf();
          expect(read).toEqual([0, 1, 2, -1].map((bucket) => model.get(bucket)));
          unread.clear();
        }
        expect(asked).toBe(expected);
      }

      async function fromOpenMetrics() {
        const lines = (await scrape(metrics, OPEN_METRICS)).split('\n');
        return lines
          .filter((line) => line.startsWith('x_bucket'))
          .map((line) => {
            const [, n, value] = / # \{n="(\d+)"\} (\d+) 1\.000$/.exec(line) ?? [];
            return n === undefined ? undefined : { n, value: Number(value) };
          });
      }

      async function fromProtobuf() {
        const [metric] = (await familiesOf(metrics)).get('x')?.metrics ?? [];
        return (metric === undefined ? [] : decodeHistogram(metric).buckets).map((bucket) => {
          const { n } = decodeLabels(bucket.exemplar);
          return n === undefined ? undefined : { n, value: number(bucket.exemplar, 2) };
        });
      }
    },
  );
});
