import { createBreakerRegistry, isCircuitOpen } from '@holdfast/circuit-breaker';
import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boom, fail } from '../rig.ts';

const registry = () => {
  const clock = manualClock();
  return { clock, breakers: createBreakerRegistry({ clock, openMs: 1_000 }) };
};

describe('a group of operations', () => {
  it('runs all at once, each behind the breaker of its name, and tells how each went', async () => {
    const { clock, breakers } = registry();
    const started: string[] = [];
    const after = (name: string, ms: number) => () => {
      started.push(name);
      return new Promise<string>((resolve) => void clock.setTimer(() => resolve(name), ms));
    };
    await fail(breakers.get('search'), 5);
    const group = breakers.tryAll({
      users: after('users', 20),
      stock: after('stock', 10),
      mail: () => Promise.reject(boom),
      search: after('search', 5),
    });
    expect(started).toEqual(['users', 'stock']);
    await clock.advance(20);
    const { results, health } = await group;
    expect(results.users).toEqual({ ok: true, value: 'users', degraded: false });
    expect(results.stock).toMatchObject({ ok: true, value: 'stock' });
    expect(results.mail).toMatchObject({ ok: false, error: boom });
    expect(results.search.ok).toBe(false);
    if (!results.search.ok) expect(isCircuitOpen(results.search.error)).toBe(true);
    expect(health).toMatchObject({ status: 'degraded', total: 4, refusing: ['search'] });
    expect(breakers.get('mail').stats().failures).toBe(1);
  });

  it('is as healthy as its own breakers, whatever the others of the registry are', async () => {
    const { breakers } = registry();
    await fail(breakers.get('elsewhere'), 5);
    expect((await breakers.tryAll({ a: () => 1, b: () => 2 })).health).toMatchObject({
      status: 'healthy',
      total: 2,
    });
    expect(breakers.health().total).toBe(3);
  });

  it('opens the breaker of one that keeps failing, and of no other', async () => {
    const { breakers } = registry();
    for (let round = 0; round < 5; round++) {
      await breakers.tryAll({ good: () => 1, bad: () => Promise.reject(boom) });
    }
    let ran = false;
    const { results } = await breakers.tryAll({ good: () => 1, bad: () => (ran = true) });
    expect([results.good.ok, results.bad.ok, ran]).toEqual([true, false, false]);
  });

  it('ends for all by the abort of the caller, with the own reason', async () => {
    const { breakers } = registry();
    const stop = new AbortController();
    const group = breakers.tryAll(
      { a: () => new Promise(() => undefined), b: () => 'quick' },
      { signal: stop.signal },
    );
    await Promise.resolve();
    stop.abort(boom);
    const { results } = await group;
    expect(results).toMatchObject({ a: { ok: false, error: boom }, b: { ok: true } });
    expect(breakers.get('a').stats().failures).toBe(0);
  });

  it('may have no member, and members of any name', async () => {
    const { breakers } = registry();
    expect(await breakers.tryAll({})).toMatchObject({ results: {}, health: { status: 'healthy', total: 0 } });
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.anything()), async (values) => {
        const operations = Object.fromEntries(
          Object.entries(values).map(([name, value]) => [name, () => value]),
        );
        const { results } = await createBreakerRegistry().tryAll(operations);
        expect(Object.keys(results)).toEqual(Object.keys(operations));
        for (const [name, result] of Object.entries(results)) {
          expect(result).toMatchObject({ ok: true });
          if (result.ok) expect(result.value).toBe(values[name]);
        }
      }),
    );
  });
});
