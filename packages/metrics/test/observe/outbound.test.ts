import { createFetch } from '@holdfast/http';
import { costBudget, failover } from '@holdfast/http/models';
import { describe, expect, it } from 'vitest';
import { OUTBOUND } from '../../src/observe/outbound-kinds.ts';
import { readingsOf } from '../../src/observe/readings.ts';
import { createMetrics, observe } from '../../src/index.ts';
import { hasPromtool, lint } from '../promtool.ts';
import { scrape } from '../scrape.ts';
import { valuesOf } from './values.ts';

const down = Object.assign(new Error('down'), { status: 503 });

describe('observing what calls others', () => {
  it('shows what a guarded fetch does, and its breakers beside it', async () => {
    const metrics = createMetrics();
    const answers = [503, 200];
    const bare = () => Promise.resolve(new Response('x', { status: answers.shift() ?? 200 }));
    const guarded = createFetch({ name: 'shop', fetch: bare, retry: { baseDelayMs: 0 } });
    observe(metrics, guarded);
    observe(metrics, guarded.breakers);
    await guarded('https://shop.example/');
    const shown = { calls: 1, attempts: 2, retries: 1, recovered: 1 };
    for (const [what, count] of Object.entries(shown)) {
      expect(await valuesOf(metrics, `resilience_fetch_${what}_total`)).toEqual({ shop: count });
    }
    expect(await valuesOf(metrics, 'resilience_fetch_calls_running')).toEqual({});
    expect(await valuesOf(metrics, 'resilience_circuit_calls_total')).toEqual({
      'shop:https://shop.example failure': 1,
    });
    // What a fetch counts is not taken for a retry or a timeout.
    expect(await valuesOf(metrics, 'resilience_retries_total')).toEqual({});
  });

  it('shows which providers answer', async () => {
    const metrics = createMetrics();
    const models = failover({
      name: 'chat',
      providers: [
        { name: 'a', run: () => Promise.reject(down) },
        { name: 'b', run: () => 'hello' },
      ],
    });
    observe(metrics, models);
    await models.call('hi');
    expect(await valuesOf(metrics, 'resilience_failover_asked_total')).toEqual({
      'chat a failed': 1,
      'chat b answered': 1,
    });
  });

  it('shows what is left of a cost budget', async () => {
    const metrics = createMetrics();
    const dollars = costBudget({ name: 'dollars', limit: 2, windowMs: 60_000 });
    observe(metrics, dollars);
    dollars.spend(1.5);
    expect(await valuesOf(metrics, 'resilience_cost_spent')).toEqual({ dollars: 1.5 });
    expect(await valuesOf(metrics, 'resilience_cost_remaining')).toEqual({ dollars: 0.5 });
    dollars.spend(0.5);
    await dollars.try(() => 1);
    expect(await valuesOf(metrics, 'resilience_cost_refused_total')).toEqual({ dollars: 1 });
  });

  it('knows every figure that they have, and no other', () => {
    const sources = [
      createFetch(),
      failover({ providers: [{ name: 'a', run: () => 1 }] }),
      costBudget({ limit: 1, windowMs: 60 }),
    ];
    for (const [index, source] of sources.entries()) {
      const [reading] = [...readingsOf(source)];
      expect(reading?.kind).toBe(OUTBOUND[index]);
      const known = [...(reading?.kind.totals ?? []), ...(reading?.kind.levels ?? [])].map(
        ({ from }) => from,
      );
      expect(known.toSorted()).toEqual(Object.keys(reading?.stats ?? {}).toSorted());
    }
  });

  it.skipIf(!hasPromtool)('passes promtool', async () => {
    const metrics = createMetrics();
    for (const source of [createFetch(), costBudget({ limit: 1, windowMs: 60 })]) observe(metrics, source);
    expect(lint(await scrape(metrics))).toBe('');
  });
});
