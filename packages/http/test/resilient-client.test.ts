import { isCircuitOpen } from '@holdfast/circuit-breaker';
import { basic, cache, fallback, fromCache } from '@holdfast/fallback';
import { createFetch } from '@holdfast/http';
import { pipeline } from '@holdfast/pipeline';
import { manualClock, seededRandom } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';

/** A client as services have it: cache and fallbacks around breaker, retry with jitter and time limits. */
function client(answer: () => Response | Promise<Response>) {
  const clock = manualClock();
  const sentAtMs: number[] = [];
  const guarded = createFetch({
    fetch: () => {
      sentAtMs.push(clock.now());
      return Promise.resolve().then(answer);
    },
    timeoutMs: 30_000,
    retry: { maxAttempts: 3, baseDelayMs: 100 },
    clock,
    random: seededRandom(1),
  });
  const prices = cache<string>({ keyBy: ({ item }) => item, ttlMs: 300_000, clock });
  const chain = fallback({ steps: [fromCache(prices), basic('no price')], clock });
  const ask = async (item: string, attributes: Record<string, string> = { item }) => {
    const asked = pipeline(chain, prices).try(
      async (ctx) => {
        const response = await guarded.within(ctx)(`https://shop.example/${item}`);
        if (!response.ok) throw Object.assign(new Error('no answer'), { status: response.status });
        return response.text();
      },
      { attributes },
    );
    // Long enough for all attempts and what is waited between them.
    await clock.advance(1_000);
    return asked;
  };
  return { clock, guarded, ask, sentAtMs };
}

describe('a resilient client of an API', () => {
  it('answers from its cache for five minutes', async () => {
    const { ask, clock, sentAtMs } = client(() => new Response('5'));
    for (let call = 0; call < 3; call++) {
      expect(await ask('rope')).toEqual({ ok: true, value: '5', degraded: false });
    }
    expect(sentAtMs).toHaveLength(1);
    await clock.advance(300_000);
    await ask('rope');
    expect(sentAtMs).toHaveLength(2);
  });

  it('tries again with jitter, and says when it answers with less than it was asked for', async () => {
    let status = 200;
    const { ask, clock, sentAtMs } = client(() => new Response('5', { status }));
    await ask('rope');
    status = 503;
    await clock.advance(300_000);
    expect(await ask('rope')).toEqual({ ok: true, value: '5', degraded: true });
    expect(await ask('anchor')).toEqual({ ok: true, value: 'no price', degraded: true });
    const gaps = sentAtMs.slice(2).map((atMs, index) => atMs - (sentAtMs[index + 1] ?? 0));
    expect(new Set(gaps).size).toBeGreaterThan(1);
  });

  it('fails fast when the API is down, and recovers by itself', async () => {
    let status = 503;
    const { ask, clock, guarded, sentAtMs } = client(() => new Response('5', { status }));
    for (let call = 0; call < 3; call++) await ask(`item ${call}`);
    const [breaker] = guarded.breakers;
    expect(breaker?.state).toBe('open');
    const before = sentAtMs.length;
    const refused = guarded('https://shop.example/').catch((error: unknown) => error);
    await clock.advance(1_000);
    expect(isCircuitOpen(await refused)).toBe(true);
    expect(await ask('rope')).toMatchObject({ value: 'no price', degraded: true });
    expect(sentAtMs).toHaveLength(before);
    status = 200;
    await clock.advance(30_000);
    for (let call = 0; call < 3; call++)
      expect(await ask(`fresh ${call}`)).toMatchObject({ degraded: false });
    expect(breaker?.state).toBe('closed');
  });

  it('never says that it wrote what it did not', async () => {
    const { ask } = client(() => new Response('', { status: 500 }));
    expect(await ask('rope', { item: 'rope', access: 'write' })).toMatchObject({ ok: false });
  });
});
