import { manualClock } from '@holdfast/pipeline/testing';
import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it, vi } from 'vitest';
import { Hub } from '../../src/hub.ts';
import { createMetrics } from '../../src/index.ts';
import { CounterInstrument } from '../../src/instruments/counter.ts';
import { counterRules, readInstrument } from '../../src/instruments/instrument-options.ts';
import { readMetricsOptions } from '../../src/options.ts';
import { samplesOf } from '../scrape.ts';

const orders = { name: 'orders_total', help: 'Orders taken', labels: ['country', 'channel'] } as const;

describe('the series of a family', () => {
  it('are the same whether a value is given as number or text, by name or by position', async () => {
    const metrics = createMetrics();
    const counter = metrics.counter({ name: 'answers_total', help: 'Answers', labels: ['code'] });
    counter.inc({ code: 200 });
    counter.inc({ code: '200' });
    counter.with(200).inc();
    expect(await samplesOf(metrics, 'answers')).toEqual([
      { name: 'answers_total', labels: { code: '200' }, value: 3 },
    ]);
  });

  it.each([
    ['separators of prom-client 15', { a: '1,b:2', b: '3' }, { a: '1', b: '2,b:3' }],
    ['separators of @prometheus-io/client', { a: '1|2', b: '3' }, { a: '1', b: '2|3' }],
    ['empty values', { a: '', b: 'x' }, { a: 'x', b: '' }],
  ])('differ where label values differ only in %s', async (_, one, other) => {
    const metrics = createMetrics();
    const counter = metrics.counter({ name: 'x_total', help: 'x', labels: ['a', 'b'] });
    counter.inc(one);
    counter.inc(other, 2);
    expect((await samplesOf(metrics, 'x')).map(({ value }) => value)).toEqual([1, 2]);
  });

  it('do not change when the object of their labels does', async () => {
    const metrics = createMetrics();
    const labels = { country: 'NZ', channel: 'web' };
    const counter = metrics.counter(orders);
    counter.inc(labels);
    labels.country = 'CL';
    expect((await samplesOf(metrics, 'orders'))[0]?.labels).toEqual({ country: 'NZ', channel: 'web' });
  });

  it.each([
    ['a missing label', { country: 'NZ' }, "label 'channel' must be a string or a number, got undefined"],
    ['null', { country: 'NZ', channel: null }, "label 'channel' must be a string or a number, got null"],
    [
      'a boolean',
      { country: 'NZ', channel: true },
      "label 'channel' must be a string or a number, got boolean",
    ],
    ['an unknown label', { country: 'NZ', channel: 'web', id: '7' }, "has no label 'id'"],
  ])('refuse %s', (_, labels, message) => {
    const counter = createMetrics().counter(orders);
    expect(() => counter.inc(labels as never)).toThrow(TypeError);
    expect(() => counter.inc(labels as never)).toThrow(message);
  });

  it('refuse a missing label whatever was looked for, made or removed before', () => {
    const counter = createMetrics().counter(orders);
    const missing = () => counter.inc({ country: 'NZ' } as never);
    const steps = [
      () => counter.inc({ country: 'NZ', channel: 'web' }),
      () => counter.inc({ country: 'NZ', channel: 'web' }),
      () => counter.inc({ country: 'NZ', channel: 'app' }),
      () => counter.remove({ channel: 'web' }),
    ];
    for (const step of steps) {
      step();
      expect(missing).toThrow(TypeError);
    }
  });

  it('refuse too few and too many values by position', () => {
    const counter = createMetrics().counter(orders) as { with(...values: string[]): unknown };
    expect(() => counter.with('NZ')).toThrow('takes 2 label values, got 1');
    counter.with('NZ', 'web');
    expect(() => counter.with('NZ', 'web', 'x')).toThrow('takes 2 label values, got 3');
  });

  it('need their labels', () => {
    const counter = createMetrics().counter(orders) as unknown as { inc(): void };
    expect(() => counter.inc()).toThrow('orders_total needs its labels');
  });

  it('exist from the start without labels, and from `init` on with them', async () => {
    const metrics = createMetrics();
    metrics.counter({ name: 'starts_total', help: 'Starts' });
    metrics.counter(orders).init({ country: 'NZ', channel: 'web' }, { country: 'CL', channel: 'app' });
    expect((await samplesOf(metrics, '')).map(({ value }) => value)).toEqual([0, 0, 0]);
  });
});

describe('the limit of a family', () => {
  it('sends what finds no room to one series, counts it and tells once', async () => {
    const onOverflow = vi.fn();
    const metrics = createMetrics({ seriesLimit: 2, onOverflow });
    const counter = metrics.counter({ name: 'users_total', help: 'Users', labels: ['id'] });
    for (let id = 0; id < 10; id++) counter.inc({ id });
    counter.inc({ id: 1 });
    expect(await samplesOf(metrics, 'users')).toEqual([
      { name: 'users_total', labels: { id: '0' }, value: 1 },
      { name: 'users_total', labels: { id: '1' }, value: 2 },
      { name: 'users_total', labels: { overflow: 'true' }, value: 8 },
    ]);
    expect(await samplesOf(metrics, 'metrics_series_dropped')).toEqual([
      { name: 'metrics_series_dropped_total', labels: { metric: 'users_total' }, value: 8 },
    ]);
    expect(onOverflow.mock.calls).toEqual([['users_total']]);
  });

  it('is the own one of an instrument where it has one', async () => {
    const metrics = createMetrics({ seriesLimit: 1 });
    const counter = metrics.counter({ name: 'users_total', help: 'Users', labels: ['id'], limit: 3 });
    for (let id = 0; id < 3; id++) counter.inc({ id });
    expect(await samplesOf(metrics, 'users')).toHaveLength(3);
  });

  it('gives room again when series are removed', async () => {
    const metrics = createMetrics({ seriesLimit: 1 });
    const counter = metrics.counter({ name: 'users_total', help: 'Users', labels: ['id'] });
    counter.inc({ id: 1 });
    counter.remove({ id: 1 });
    counter.inc({ id: 2 });
    expect(await samplesOf(metrics, 'users')).toEqual([
      { name: 'users_total', labels: { id: '2' }, value: 1 },
    ]);
  });

  it('survives a callback that throws', () => {
    const errors: unknown[] = [];
    const metrics = createMetrics({
      seriesLimit: 1,
      onOverflow: () => {
        throw new Error('mine');
      },
      onListenerError: (error) => errors.push(error),
    });
    const gauge = metrics.gauge({ name: 'depth', help: 'Depth', labels: ['queue'] });
    for (const queue of ['a', 'b']) gauge.set({ queue }, 1);
    expect(errors).toEqual([new Error('mine')]);
  });
});

describe('label guards', () => {
  it('count values outside of a closed set as _OTHER', async () => {
    const metrics = createMetrics();
    const counter = metrics.counter({
      name: 'requests_total',
      help: 'Requests',
      labels: ['method'],
      values: { method: ['GET', 'POST'] },
    });
    for (const method of ['GET', 'BREW', 'get', '_OTHER']) counter.inc({ method: method as 'GET' });
    expect(
      (await samplesOf(metrics, 'requests')).map(({ labels, value }) => [labels['method'], value]),
    ).toEqual([
      ['GET', 1],
      ['_OTHER', 3],
    ]);
  });

  it('normalise every value, even one that looks like a normalised one', async () => {
    const metrics = createMetrics();
    const counter = metrics.counter({
      name: 'views_total',
      help: 'Views',
      labels: ['page'],
      normalize: { page: (page) => `${page.length}` },
    });
    counter.inc({ page: 'four' });
    counter.inc({ page: '4' });
    counter.with('also four').inc();
    expect((await samplesOf(metrics, 'views')).map(({ labels }) => labels['page'])).toEqual(['4', '1', '9']);
  });

  it('count a value that is too long as overflow', async () => {
    const metrics = createMetrics();
    const counter = metrics.counter({ name: 'x_total', help: 'x', labels: ['a'], maxValueLength: 3 });
    counter.inc({ a: 'abc' });
    counter.inc({ a: 'abcd' });
    expect((await samplesOf(metrics, 'x')).map(({ labels }) => labels)).toEqual([
      { a: 'abc' },
      { overflow: 'true' },
    ]);
  });
});

describe('removing series', () => {
  it('takes those that have all of the given values', async () => {
    const metrics = createMetrics();
    const counter = metrics.counter(orders);
    for (const country of ['NZ', 'CL'])
      for (const channel of ['web', 'app']) counter.inc({ country, channel });
    expect(counter.remove({ country: 'NZ' })).toBe(2);
    expect(counter.remove({ country: 'CL', channel: 'app' })).toBe(1);
    expect(counter.remove({ country: 'XX' })).toBe(0);
    expect(await samplesOf(metrics, 'orders')).toHaveLength(1);
    expect(() => counter.remove({ town: 'x' } as never)).toThrow("has no label 'town'");
  });

  it('does not lose what a bound child counts afterwards', async () => {
    const metrics = createMetrics();
    const counter = metrics.counter(orders);
    const bound = counter.with('NZ', 'web');
    bound.inc(5);
    counter.reset();
    expect(await samplesOf(metrics, 'orders')).toEqual([]);
    bound.inc();
    expect((await samplesOf(metrics, 'orders'))[0]?.value).toBe(1);
  });

  it('sends a bound child to overflow when its place was given away', async () => {
    const metrics = createMetrics({ seriesLimit: 1 });
    const counter = metrics.counter({ name: 'users_total', help: 'Users', labels: ['id'] });
    const bound = counter.with('a');
    counter.reset();
    counter.inc({ id: 'b' });
    bound.inc();
    bound.inc();
    expect((await samplesOf(metrics, 'users')).map(({ labels, value }) => [labels, value])).toEqual([
      [{ id: 'b' }, 1],
      [{ overflow: 'true' }, 2],
    ]);
  });

  property.prop([
    fc.array(
      fc.record({
        what: fc.constantFrom('object', 'bound', 'bind', 'remove', 'reset'),
        a: fc.constantFrom('x', 'y'),
        b: fc.constantFrom('1', '2', '3'),
      }),
      { maxLength: 100 },
    ),
  ])('loses and invents nothing, whoever holds which child', async (steps) => {
    const metrics = createMetrics();
    const counter = metrics.counter({ name: 'n_total', help: 'n', labels: ['a', 'b'] });
    const held: { key: string; inc(): void }[] = [];
    const model = new Map<string, number>();
    const count = (key: string, by: number) => model.set(key, (model.get(key) ?? 0) + by);
    for (const { what, a, b } of steps) {
      const key = `${a}${b}`;
      if (what === 'object') {
        counter.inc({ a, b });
        count(key, 1);
      } else if (what === 'bind') {
        const child = counter.with(a, b);
        held.push({ key, inc: () => child.inc() });
        count(key, 0);
      } else if (what === 'bound') {
        for (const each of held) {
          each.inc();
          count(each.key, 1);
        }
      } else if (what === 'remove') {
        counter.remove({ a });
        for (const each of [...model.keys()]) if (each.startsWith(a)) model.delete(each);
      } else {
        counter.reset();
        model.clear();
      }
    }
    const exposed = (await samplesOf(metrics, 'n_total')).map((each) => {
      return [`${each.labels['a']}${each.labels['b']}`, each.value] as const;
    });
    expect(new Map(exposed)).toEqual(model);
    expect(exposed).toHaveLength(model.size);
  });
});

describe('the time to live of a series', () => {
  it('takes out what nobody has written to since, at a scrape', async () => {
    const clock = manualClock();
    const metrics = createMetrics({ clock });
    const gauge = metrics.gauge({ name: 'depth', help: 'Depth', labels: ['queue'], ttlMs: 60_000 });
    const idle = gauge.with('idle');
    idle.set(1);
    gauge.set({ queue: 'busy' }, 1);
    await samplesOf(metrics, 'depth');
    await clock.advance(59_999);
    gauge.set({ queue: 'busy' }, 1);
    expect(await samplesOf(metrics, 'depth')).toHaveLength(2);
    await clock.advance(1);
    expect((await samplesOf(metrics, 'depth')).map(({ labels }) => labels['queue'])).toEqual(['busy']);
    idle.inc();
    expect((await samplesOf(metrics, 'depth')).map(({ value }) => value)).toEqual([1, 1]);
  });
});

describe('a walk through a family', () => {
  const setUpWalk = () => {
    const hub = new Hub(readMetricsOptions({}));
    const family = hub.claim(readInstrument('counter', orders, counterRules, 100), CounterInstrument);
    const met = (walk: number) =>
      [...family.groups()].flatMap((group) => [...group].filter((series) => series.addedIn < walk));
    return { family, met };
  };

  it('meets what was there when it began, and not what came later', () => {
    const { family, met } = setUpWalk();
    family.init({ country: 'NZ', channel: 'web' });
    const walk = family.startWalk();
    family.init({ country: 'CL', channel: 'web' });
    expect(met(walk).map((series) => family.labelsOf(series)['country'])).toEqual(['NZ']);
    expect(met(family.startWalk())).toHaveLength(2);
  });

  it('does not meet again what was taken out and came back', () => {
    const { family, met } = setUpWalk();
    const bound = family.with('NZ', 'web');
    const walk = family.startWalk();
    family.remove({ country: 'NZ' });
    bound.inc();
    expect(met(walk)).toEqual([]);
    expect(met(family.startWalk())).toEqual([bound]);
  });

  it('does not meet again what takes the place of something that came later', () => {
    const { family, met } = setUpWalk();
    const bound = family.with('NZ', 'web');
    const walk = family.startWalk();
    family.reset();
    family.inc({ country: 'NZ', channel: 'web' });
    bound.inc();
    expect(met(walk)).toEqual([]);
  });

  it('meets what takes the place of something that it would have met', () => {
    const { family, met } = setUpWalk();
    const old = family.with('NZ', 'web');
    family.reset();
    family.inc({ country: 'NZ', channel: 'web' });
    const walk = family.startWalk();
    old.inc();
    expect(met(walk)).toEqual([old]);
  });
});
