import { describe, expect, it } from 'vitest';
import { boom, fail, rig, succeed, untilHalfOpen } from './rig.ts';

describe('events', () => {
  it('tell the whole story of an outage', async () => {
    const { breaker, clock, recorder } = rig();
    const startMs = clock.wallNow();
    await fail(breaker, 5);
    await clock.advance(30_000);
    await succeed(breaker, 3);
    expect(recorder.events).toEqual([
      {
        type: 'circuit.opened',
        strategy: 'stripe',
        atMs: startMs,
        from: 'closed',
        cause: 'failures',
        reading: { rule: 'consecutive-failures', calls: 5, hits: 5 },
        openMs: 30_000,
        openings: 1,
      },
      { type: 'circuit.half_opened', strategy: 'stripe', atMs: startMs + 30_000, from: 'open' },
      {
        type: 'circuit.closed',
        strategy: 'stripe',
        atMs: startMs + 30_000,
        from: 'half-open',
        cause: 'probes',
      },
    ]);
  });

  it('hold the error by reference, and keep it out of JSON', async () => {
    const { breaker, recorder } = rig();
    await fail(breaker, 5);
    const [event] = recorder.events;
    expect(event?.type === 'circuit.opened' && event.error).toBe(boom);
    expect(JSON.stringify(event)).not.toContain('boom');
    expect(JSON.stringify(event)).not.toContain('error');
  });

  it('come by type', async () => {
    const { breaker } = rig();
    const causes: string[] = [];
    const stop = breaker.on('circuit.closed', ({ cause }) => causes.push(cause));
    breaker.trip();
    breaker.reset();
    stop();
    breaker.reset();
    expect(causes).toEqual(['reset']);
  });

  it('are told in time: a listener sees the new state', () => {
    const { breaker } = rig();
    const seen: string[] = [];
    breaker.subscribe(() => seen.push(breaker.state));
    breaker.trip();
    breaker.reset();
    expect(seen).toEqual(['open', 'closed']);
  });

  it('are not told about single calls', async () => {
    const { breaker, recorder } = rig();
    await succeed(breaker);
    await fail(breaker);
    expect(recorder.events).toEqual([]);
  });
});

describe('a listener', () => {
  it('that throws changes nothing for the call, is reported, and does not keep others from hearing', async () => {
    const { breaker, reported } = rig();
    breaker.subscribe(() => {
      throw new Error('listener');
    });
    const heard: string[] = [];
    breaker.subscribe(({ type }) => heard.push(type));
    await fail(breaker, 4);
    await expect(breaker.execute(() => Promise.reject(boom))).rejects.toBe(boom);
    expect(breaker.stats()).toMatchObject({ state: 'open', failures: 5 });
    expect(heard).toEqual(['circuit.opened']);
    expect(reported).toEqual([new Error('listener')]);
  });

  it('that throws at the end of a good probe does not fail it', async () => {
    const it = rig({ successesToClose: 1 });
    await untilHalfOpen(it);
    it.breaker.subscribe(() => {
      throw new Error('listener');
    });
    expect(await it.breaker.execute(() => 'fine')).toBe('fine');
    expect(it.breaker.stats()).toMatchObject({ state: 'closed', successes: 1, failures: 0 });
  });

  it('may reset the breaker: the call that half-opened it goes through', async () => {
    const it = rig();
    await untilHalfOpen(it);
    it.breaker.on('circuit.half_opened', () => it.breaker.reset());
    await succeed(it.breaker);
    expect(it.breaker.state).toBe('closed');
  });

  it('may isolate the breaker while it half-opens: the call is refused', async () => {
    const it = rig();
    await untilHalfOpen(it);
    it.breaker.on('circuit.half_opened', () => void it.breaker.isolate());
    expect(await it.breaker.try(() => 1)).toMatchObject({ error: { state: 'isolated' } });
    expect(it.breaker.stats().inFlight).toBe(0);
  });

  it('may open the breaker each time it half-opens: the call is refused', async () => {
    const it = rig();
    it.breaker.trip(0);
    it.breaker.on('circuit.half_opened', () => it.breaker.trip(0));
    expect(await it.breaker.try(() => 1)).toMatchObject({ error: { state: 'open', retryAfterMs: 0 } });
    expect(it.breaker.stats()).toMatchObject({ openings: 2, inFlight: 0 });
  });

  it('may make a call itself', async () => {
    const { breaker } = rig({ openMs: 0 });
    const results: Promise<unknown>[] = [];
    breaker.on('circuit.opened', () => results.push(breaker.try(() => 'from the listener')));
    await fail(breaker, 5);
    expect(await Promise.all(results)).toMatchObject([{ ok: true }]);
  });
});
