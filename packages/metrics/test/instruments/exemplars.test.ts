import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { createMetrics, spanExemplar, type ExemplarSource } from '../../src/index.ts';
import { OPEN_METRICS, scrape } from '../scrape.ts';

function setUp(exemplar: ExemplarSource) {
  const errors: unknown[] = [];
  const clock = manualClock({ wallStartMs: 1_700_000_000_123 });
  const metrics = createMetrics({ clock, onListenerError: (error) => errors.push(error) });
  const histogram = metrics.histogram({ name: 'wait_seconds', help: 'Waits', buckets: [1, 2], exemplar });
  const examples = async () => {
    const text = await scrape(metrics, OPEN_METRICS);
    return text.split('\n').flatMap((line) => (line.includes('_bucket') ? [line.split(' # ')[1]] : []));
  };
  return { metrics, histogram, examples, errors };
}

describe('exemplars', () => {
  it('show what led to a value, in OpenMetrics only', async () => {
    const { metrics, histogram, examples } = setUp(() => ({ trace_id: 'abc', note: '"' }));
    histogram.observe(1.5);
    expect(await examples()).toEqual([
      undefined,
      '{trace_id="abc",note="\\""} 1.5 1700000000.123',
      undefined,
    ]);
    expect(await scrape(metrics)).not.toContain('trace_id');
  });

  it('are taken of one value a bucket and scrape, and stay until there is a new one', async () => {
    let asked = 0;
    const { histogram, examples } = setUp(() => ({ n: String(++asked) }));
    for (const value of [0.1, 0.2, 5]) histogram.observe(value);
    expect(asked).toBe(2);
    const first = ['{n="1"} 0.1 1700000000.123', undefined, '{n="2"} 5 1700000000.123'];
    expect(await examples()).toEqual(first);
    expect(await examples()).toEqual(first);
    histogram.observe(0.3);
    expect((await examples())[0]).toBe('{n="3"} 0.3 1700000000.123');
  });

  it('are left out where there is nothing to say, or too much', async () => {
    const said = [undefined, { text: 'x'.repeat(125) }, { text: 'x'.repeat(124) }, {}];
    const { histogram, examples } = setUp(() => said.shift());
    const first = async (value: number) => {
      histogram.observe(value);
      return (await examples())[0];
    };
    expect(await first(0.1)).toBeUndefined();
    expect(await first(0.2)).toBeUndefined();
    expect(await first(0.3)).toContain('xxx"} 0.3');
    expect(await first(0.4)).toBe('{} 0.4 1700000000.123');
  });

  it('cost no observation when their source throws', () => {
    const { metrics, histogram, errors } = setUp(() => {
      throw new Error('mine');
    });
    histogram.observe(0.5);
    expect(metrics.snapshot()).toMatchObject([{ series: [{ count: 1 }] }]);
    expect(errors).toEqual([new Error('mine')]);
  });

  it('name the active span where it is sampled', () => {
    const span = (traceFlags: number) => ({ spanContext: () => ({ traceId: 'a', spanId: 'b', traceFlags }) });
    expect(spanExemplar({ getActiveSpan: () => span(1) })()).toEqual({ trace_id: 'a', span_id: 'b' });
    expect(spanExemplar({ getActiveSpan: () => span(0) })()).toBeUndefined();
    expect(spanExemplar({ getActiveSpan: () => undefined })()).toBeUndefined();
  });
});
