import { describe, expect, it } from 'vitest';
import { isForeign, readForeign } from '../../src/exposition/foreign-reading.ts';

const answer = (name: string, type: string, values: readonly object[] = []) => ({
  get: () => Promise.resolve({ name, type, help: 'x', values } as never),
});

describe('a metric of another library', () => {
  it.each([
    [{ get: () => ({}) }, true],
    [{ name: 'x' }, false],
    [null, false],
    [undefined, false],
    ['get', false],
  ])('is what can be read: %s', (metric, expected) => {
    expect(isForeign(metric)).toBe(expected);
  });

  it.each([
    ['x_total', 'counter', false, 'x_total'],
    ['x', 'counter', false, 'x'],
    ['x', 'counter', true, 'x_total'],
    ['x_total', 'counter', true, 'x_total'],
    ['x', 'gauge', true, 'x'],
  ])('%s, a %s in a registry of OpenMetrics: %s, is called %s', async (name, type, openMetrics, expected) => {
    const reading = await readForeign(answer(name, type, [{ labels: {}, value: 1 }]), openMetrics);
    expect(reading.name).toBe(expected);
    expect(reading.samples).toEqual([{ name: expected, labels: {}, value: 1, exemplar: undefined }]);
  });

  it('may answer at once', async () => {
    const metric = { get: () => ({ name: 'x', type: 'gauge', help: 'x', values: [] }) };
    expect(await readForeign(metric, false)).toMatchObject({ name: 'x', samples: [] });
  });

  it('keeps the names of its numbers, and what led to them', async () => {
    const exemplar = { labelSet: { trace_id: 'abc' }, value: 1, timestamp: 1.5 };
    const values = [
      { metricName: 'x_sum', labels: { a: '1' }, value: 2, exemplar: null },
      { metricName: 'x_bucket', labels: { le: 1 }, value: 3, exemplar },
    ];
    expect((await readForeign(answer('x', 'histogram', values), false)).samples).toEqual([
      { name: 'x_sum', labels: { a: '1' }, value: 2, exemplar: undefined },
      {
        name: 'x_bucket',
        labels: { le: 1 },
        value: 3,
        exemplar: { labels: { trace_id: 'abc' }, value: 1, atMs: 1_500 },
      },
    ]);
  });
});
