import { batch, cache, fallback, mock } from '@holdfast/fallback';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { createMetrics, observe } from '../../src/index.ts';
import { hasPromtool, lint } from '../promtool.ts';
import { scrape } from '../scrape.ts';
import { valuesOf } from './values.ts';

const down = () => Promise.reject(new Error('down'));

describe('observing what answers', () => {
  it('shows which steps of a fallback stand in, and how often none does', async () => {
    const metrics = createMetrics();
    const answers = ['known', undefined];
    const orders = fallback<string | undefined>({
      name: 'orders',
      steps: [mock(() => answers.shift())],
      isWrite: ({ method }) => method === 'POST',
    });
    observe(metrics, orders);
    await orders.try(() => 'fresh');
    for (const method of ['GET', 'GET', 'POST']) await orders.try(down, { attributes: { method } });
    expect(await valuesOf(metrics, 'resilience_fallback_calls_total')).toEqual({ orders: 4 });
    expect(await valuesOf(metrics, 'resilience_fallback_answers_total')).toEqual({ 'orders mock': 1 });
    expect(await valuesOf(metrics, 'resilience_fallback_failures_total')).toEqual({
      'orders exhausted': 1,
      'orders passed': 1,
    });
  });

  it('shows what a cache answers, and what it holds', async () => {
    const metrics = createMetrics();
    const clock = manualClock();
    const users = cache<string>({
      name: 'users',
      maxEntries: 1,
      ttlMs: 10,
      staleMs: 100,
      keyBy: ({ id }) => id,
      clock,
    });
    observe(metrics, users);
    const ask = (id: string) => users.execute(() => Promise.resolve(id), { attributes: { id } });
    await Promise.all([ask('a'), ask('a')]);
    await ask('a');
    await clock.advance(11);
    await ask('a');
    await ask('b');
    expect(await valuesOf(metrics, 'resilience_cache_calls_total')).toEqual({
      'users hit': 1,
      'users stale': 1,
      'users miss': 3,
    });
    expect(await valuesOf(metrics, 'resilience_cache_coalesced_total')).toEqual({ users: 1 });
    expect(await valuesOf(metrics, 'resilience_cache_evictions_total')).toEqual({ users: 1 });
    expect(await valuesOf(metrics, 'resilience_cache_entries')).toEqual({ users: 1 });
  });

  it('shows how many items batches have, and how many wait', async () => {
    const metrics = createMetrics();
    let finish = () => undefined as void;
    const names = batch({
      name: 'names',
      maxItems: 2,
      maxPending: 3,
      run: (ids: readonly number[]) =>
        new Promise<{ ok: true; value: number }[]>((resolve) => {
          finish = () => resolve(ids.map((value) => ({ ok: true, value })));
        }),
      clock: manualClock(),
    });
    observe(metrics, names);
    const added = [1, 2, 3].map((id) => names.add(id));
    await expect(names.add(4)).rejects.toThrow();
    const counted = async (what: string) => (await valuesOf(metrics, `resilience_batch_${what}`))['names'];
    expect([await counted('items_running'), await counted('items_waiting')]).toEqual([2, 1]);
    finish();
    const closed = names.close();
    finish();
    await Promise.all([...added, closed]);
    expect(await counted('items_total')).toBe(3);
    expect(await counted('runs_total')).toBe(2);
    expect(await counted('refused_total')).toBe(1);
  });

  it.skipIf(!hasPromtool)('passes promtool', async () => {
    const metrics = createMetrics();
    observe(metrics, cache({ keyBy: () => 'all' }));
    observe(metrics, batch({ run: () => Promise.resolve([]) }));
    observe(metrics, fallback({ steps: [mock(() => 1)] }));
    expect(lint(await scrape(metrics))).toBe('');
  });
});
