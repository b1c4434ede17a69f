import { describe, expect, it } from 'vitest';
import { findScenario, SCENARIOS } from '../../src/scenarios/scenarios.ts';
import { ask, type Reply } from '../support/http-client.ts';
import { failures, play, shown } from '../support/scenario.ts';

const statsOf = (strategies: readonly { readonly stats: object }[]) =>
  strategies[0]?.stats as Record<string, unknown>;

describe('a scenario', { timeout: 90_000 }, () => {
  it('retry: errors that come now and then disappear', async () => {
    const retry = await play('retry');
    await shown(retry, ({ totals, without }) => {
      expect(without.totals.error).toBeGreaterThan(20);
      expect(totals.retries).toBeGreaterThan(15);
      expect(totals.error * 2).toBeLessThan(without.totals.error);
    });
  });

  it('timeout: requests that hang are given up', async () => {
    const timeout = await play('timeout');
    await shown(timeout, ({ totals, without, reached }) => {
      expect(totals.timeout).toBeGreaterThan(5);
      expect(without.totals).toMatchObject({ timeout: 0 });
      expect(without.reached?.mostAtOnce).toBeGreaterThan(Number(reached?.mostAtOnce));
      expect(without.totals.unreachable).toBeGreaterThan(0);
      expect(Number(timeout.latency().p99)).toBeLessThan(Number(timeout.without?.percentiles().p99));
    });
  });

  it('bulkhead: the upstream never gets more at a time than it can work on', async () => {
    const bulkhead = await play('bulkhead');
    await shown(bulkhead, ({ totals, without }) => {
      expect(totals.rejected).toBeGreaterThan(20);
      expect(without.reached?.mostAtOnce).toBeGreaterThan(16);
    });
    const { reached, totals, without } = bulkhead.status();
    expect(reached?.mostAtOnce).toBeLessThanOrEqual(8);
    expect(totals.abandoned).toBeLessThan(Number(without?.totals.abandoned) + 10);
  });

  it('rate-limit: no more than the limit passes, and the others are told when to come again', async () => {
    const limit = await play('rate-limit', '--no-load', '--speed', '0.5');
    const replies: Reply[] = [];
    const refused = () => replies.filter(({ status }) => status === 429);
    // Where the machine is busy, 30 requests may take longer than the window.
    while (refused().length === 0) {
      const path = '/orders';
      replies.push(...(await Promise.all(Array.from({ length: 30 }, () => ask(limit.url, { path })))));
    }
    expect(refused()[0]?.headers).toMatchObject({
      'retry-after': expect.stringMatching(/^\d+$/) as unknown,
      'ratelimit-policy': '"orders";q=20;w=2',
      'proxy-status': 'holdfast; error=http_request_denied',
    });
    expect(limit.status().reached?.requests).toBe(replies.length - refused().length);
  });

  it('adaptive: the limit follows what the upstream bears', async () => {
    const adaptive = await play('adaptive');
    let most = 0;
    await shown(adaptive, ({ strategies, events, totals, schedule }) => {
      const limit = Number(statsOf(strategies)['limit']);
      if (schedule?.phase === 'healthy') most = Math.max(most, limit);
      expect(events['bulkhead.limit_changed']).toBeGreaterThan(2);
      expect(totals.rejected).toBeGreaterThan(0);
      expect(schedule?.phase).toBe('few workers');
      expect(limit).toBeLessThan(most);
    });
  });

  it('fallback: every request is answered, and says so where the answer is none of the upstream', async () => {
    const fallback = await play('fallback');
    await shown(fallback, ({ totals, without, strategies }) => {
      expect(failures(without)).toBeGreaterThan(20);
      expect(totals.degraded).toBeGreaterThan(20);
      expect(statsOf(strategies)).toMatchObject({ exhausted: 0 });
    });
    expect(failures(fallback.status())).toBe(0);
    await shown(fallback, ({ schedule }) => expect(schedule?.phase).toBe('outage'));
    const reply = await ask(fallback.url, { path: '/orders/none-such' });
    expect(reply).toMatchObject({ status: 200, headers: { 'holdfast-degraded': 'true' } });
    expect(reply.body).toContain('/orders/none-such: not known');
    const write = await ask(fallback.url, { method: 'POST', path: '/orders/1', body: 'tea' });
    expect(write.status).toBe(502);
  });

  it('cache: the upstream is asked seldom, and nobody notices that it is down', async () => {
    const cache = await play('cache');
    await shown(cache, ({ without, totals }) => {
      expect(failures(without)).toBeGreaterThan(40);
      expect(totals.answered).toBeGreaterThan(100);
      expect(failures(cache.status()) * 10).toBeLessThan(failures(without));
    });
    const { strategies, reached, without } = cache.status();
    expect(reached?.requests).toBeLessThan(Number(without?.reached?.requests));
    expect(statsOf(strategies)['staleHits']).toBeGreaterThan(0);
  });

  it('batch: orders are fetched together', async () => {
    const batch = await play('batch', '--speed', '1');
    await shown(batch, ({ totals }) => expect(totals.answered).toBeGreaterThan(80));
    const { reached, totals } = batch.status();
    expect(Number(reached?.requests) * 1.5).toBeLessThan(totals.answered);
    expect((await ask(batch.url, { path: '/orders/7' })).body).toMatch(/^order 7\n/);
    const write = await ask(batch.url, { method: 'POST', path: '/orders/7', body: 'tea' });
    expect(write.body).toMatch(/^line 1 of 8\n/);
  });

  it('hedge: the slow tail is cut', async () => {
    const hedge = await play('hedge', '--speed', '1', '--rate', '60');
    await shown(hedge, ({ events }) => {
      expect(events['hedge.won']).toBeGreaterThan(3);
      expect(Number(hedge.latency().p99)).toBeLessThanOrEqual(Number(hedge.without?.percentiles().p99));
    });
    const { reached, totals } = hedge.status();
    // A tenth more at most, beside the hedges that the budget allows from the start.
    expect(reached?.requests).toBeLessThan(1.3 * totals.answered + 20);
  });

  it('chaos: what is injected reaches hardly anybody', async () => {
    // Its timeouts are short: on a busy machine they would be too short four times as fast.
    const chaos = await play('chaos', '--speed', '1', '--rate', '60');
    await shown(chaos, ({ without, events }) => {
      expect(events['chaos.injected']).toBeGreaterThan(30);
      expect(failures(without)).toBeGreaterThan(15);
      expect(failures(chaos.status())).toBeLessThan(failures(without));
    });
  });

  it('failover: others answer while the preferred provider is overloaded, and it gets its place back', async () => {
    const failover = await play('failover');
    await shown(failover, ({ totals }) => expect(totals.degraded).toBeGreaterThan(10));
    const { answered } = failover.status().totals;
    await shown(failover, ({ totals, without }) => {
      expect(totals.answered).toBeGreaterThan(answered + 10);
      expect(without.totals.error).toBeGreaterThan(10);
      expect(failures(failover.status()) * 10).toBeLessThan(without.totals.error);
    });
    const { events } = failover.status();
    expect(events['failover.provider_failed']).toBeGreaterThan(5);
    const { headers } = await ask(failover.url);
    expect(headers['model-provider']).toMatch(/^(small|medium|large)$/);
  });
});

describe('scenarios', () => {
  it('have short names and titles', () => {
    const names = SCENARIOS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, title, lookFor, schedule } of SCENARIOS) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(title.length).toBeLessThan(100);
      expect(lookFor).toMatch(/\.$/);
      expect(schedule.length).toBeGreaterThan(0);
    }
  });

  it('are found by name, and all of them are named where there is none', () => {
    expect(findScenario('hedge').name).toBe('hedge');
    expect(() => findScenario('tea')).toThrow(
      '--scenario must be one of breaker, retry, timeout, bulkhead, rate-limit, adaptive, fallback, cache, batch, hedge, chaos, failover, shared, got "tea"',
    );
  });

  it.each([
    ['retry', 'resilience_retries_total{name="orders"}'],
    ['timeout', 'resilience_timeouts_total{name="orders"}'],
    ['bulkhead', 'resilience_limit_capacity{name="orders",kind="bulkhead"}'],
    ['rate-limit', 'resilience_limit_keys{name="orders",kind="rate"}'],
    ['adaptive', 'resilience_limit_capacity{name="orders",kind="bulkhead"}'],
    ['hedge', 'resilience_hedges_won_total{name="orders"}'],
    ['chaos', 'resilience_chaos_faults_total{'],
    ['fallback', 'resilience_fallback_answers_total{name="orders",step="mock"}'],
    ['cache', 'resilience_cache_entries{name="orders"}'],
    ['batch', 'resilience_batch_runs_total{name="orders"}'],
    ['failover', 'resilience_circuit_state{name="small"'],
  ])('of %s tell Prometheus %s', { timeout: 30_000 }, async (name, series) => {
    const quickstart = await play(name, '--no-load');
    expect((await ask(quickstart.url, { path: '/metrics' })).body).toContain(series);
  });
});
