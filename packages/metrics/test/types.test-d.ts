import { expectTypeOf } from 'vitest';
import { createMetrics, type BoundCounter } from '@holdfast/metrics';

const metrics = createMetrics();

const plain = metrics.counter({ name: 'a_total', help: 'a' });
plain.inc();
plain.inc(2);
// @ts-expect-error it has no labels
plain.inc({ who: 'me' });

const labelled = metrics.counter({
  name: 'b_total',
  help: 'b',
  labels: ['method', 'route'],
  values: { method: ['GET', 'POST'] },
});
labelled.inc({ method: 'GET', route: '/' });
labelled.inc({ method: 'GET', route: 7 }, 2);
expectTypeOf(labelled.with('POST', '/')).toEqualTypeOf<BoundCounter>();
labelled.remove({ method: 'GET' });
// @ts-expect-error the labels are missing
labelled.inc();
// @ts-expect-error not in the closed set
labelled.inc({ method: 'BREW', route: '/' });
// @ts-expect-error a label is missing
labelled.inc({ method: 'GET' });
// @ts-expect-error no such label
labelled.inc({ method: 'GET', route: '/', user: 'x' });
// @ts-expect-error one value is missing
labelled.with('GET');
// @ts-expect-error wrong order
labelled.with('/', 'GET');

const histogram = metrics.histogram({ name: 'c_seconds', help: 'c', labels: ['at'] });
expectTypeOf(histogram.time({ at: 'x' }, () => Promise.resolve(7))).toEqualTypeOf<Promise<number>>();
expectTypeOf(histogram.with('x').startTimer().stop()).toEqualTypeOf<number>();
// @ts-expect-error the value is missing
histogram.observe({ at: 'x' });

const gauge = metrics.gauge({ name: 'd', help: 'd' });
gauge.set(1);
// @ts-expect-error the value is missing
gauge.set();

metrics.histogram({ name: 'e_seconds', help: 'e', native: {} }).observe(1);
metrics.histogram({ name: 'f_seconds', help: 'f', native: { schema: 5, maxBuckets: 80 }, buckets: [1] });
// @ts-expect-error no such option
metrics.histogram({ name: 'g_seconds', help: 'g', native: { factor: 1.1 } });
// @ts-expect-error only histograms have buckets
metrics.gauge({ name: 'h', help: 'h', native: {} });
