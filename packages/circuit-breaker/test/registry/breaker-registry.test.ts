import { createBreakerRegistry } from '@holdfast/circuit-breaker';
import { manualClock, recordEvents } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { fail, succeed } from '../rig.ts';

const registry = () => {
  const clock = manualClock();
  return { clock, breakers: createBreakerRegistry({ clock, openMs: 1_000 }) };
};

describe('createBreakerRegistry', () => {
  it('makes a breaker with the defaults and its name', async () => {
    const { breakers } = registry();
    const stripe = breakers.get('stripe');
    expect(stripe.name).toBe('stripe');
    await fail(stripe, 5);
    expect(await stripe.try(() => 1)).toMatchObject({ error: { strategy: 'stripe', retryAfterMs: 1_000 } });
  });

  it('gives the same instance for the same name and another for another', () => {
    const { breakers } = registry();
    expect(breakers.get('stripe')).toBe(breakers.get('stripe'));
    expect(breakers.get('stripe')).not.toBe(breakers.get('paypal'));
    expect([...breakers].map(({ name }) => name)).toEqual(['stripe', 'paypal']);
  });

  it('lets one breaker differ from the defaults', async () => {
    const { breakers } = registry();
    const slow = breakers.get('slow', { openMs: 9_000 });
    await fail(slow, 5);
    expect(await slow.try(() => 1)).toMatchObject({ error: { retryAfterMs: 9_000 } });
  });

  it('takes an option that is undefined for one that is not given', () => {
    const { breakers } = registry();
    const one = breakers.get('one', { openMs: undefined });
    const keyed = breakers.keyed({ name: 'api', keyBy: () => 'key', openMs: undefined });
    void keyed.try(() => 1);
    for (const breaker of [one, keyed.find('key')]) {
      breaker?.trip();
      expect(breaker?.stats().retryAfterMs).toBe(1_000);
    }
  });

  it.each(['__proto__', 'constructor', 'toString', ''])('takes %j for a name like any other', (name) => {
    const { breakers } = registry();
    expect(breakers.get(name)).toBe(breakers.get(name));
    expect(breakers.get(name).name).toBe(name);
    expect([...breakers]).toHaveLength(1);
  });

  it('keeps breakers apart', async () => {
    const { breakers } = registry();
    await fail(breakers.get('stripe'), 5);
    await succeed(breakers.get('paypal'));
    expect(breakers.get('paypal').state).toBe('closed');
  });

  it('resets all', async () => {
    const { breakers } = registry();
    for (const name of ['a', 'b']) await fail(breakers.get(name), 5);
    breakers.resetAll();
    expect([...breakers].map(({ state }) => state)).toEqual(['closed', 'closed']);
  });

  it('tells the events of all', async () => {
    const { breakers } = registry();
    const recorder = recordEvents(breakers);
    const opened: string[] = [];
    breakers.on('circuit.opened', ({ strategy }) => opened.push(strategy));
    for (const name of ['a', 'b']) await fail(breakers.get(name), 5);
    expect(recorder.events.map(({ strategy }) => strategy)).toEqual(['a', 'b']);
    expect(opened).toEqual(['a', 'b']);
  });

  it('checks the defaults when made and the rest when used', () => {
    expect(() => createBreakerRegistry({ openMs: -1 })).toThrow(RangeError);
    const { breakers } = registry();
    expect(() => breakers.get('x', { maxProbes: 0 })).toThrow(RangeError);
    expect([...breakers]).toEqual([]);
  });

  it('shares nothing with another registry', () => {
    expect(createBreakerRegistry().get('a')).not.toBe(createBreakerRegistry().get('a'));
  });
});

describe('health', () => {
  const states = (open: number, halfOpen: number, closed: number) => {
    const { breakers } = registry();
    for (let i = 0; i < open; i++) breakers.get(`open-${i}`).trip();
    for (let i = 0; i < halfOpen; i++) {
      breakers.get(`half-${i}`).trip(0);
      breakers.get(`half-${i}`).tryAcquire();
    }
    for (let i = 0; i < closed; i++) breakers.get(`closed-${i}`);
    return breakers.health();
  };

  it.each([
    [0, 0, 0, 'healthy'],
    [0, 0, 3, 'healthy'],
    [0, 1, 3, 'degraded'],
    [0, 3, 0, 'degraded'],
    [1, 0, 2, 'degraded'],
    [1, 0, 1, 'unhealthy'],
    [2, 0, 1, 'unhealthy'],
    [1, 0, 0, 'unhealthy'],
  ])('of %i open, %i half-open and %i closed is %s', (open, halfOpen, closed, status) => {
    expect(states(open, halfOpen, closed)).toMatchObject({ status, total: open + halfOpen + closed });
  });

  it('counts states and names who refuses', () => {
    const { breakers } = registry();
    breakers.get('a').trip();
    breakers.get('b').isolate();
    breakers.get('c').setMode('disabled');
    breakers.get('d').setMode('metrics-only');
    breakers.get('e');
    expect(breakers.health()).toEqual({
      status: 'degraded',
      total: 5,
      states: { closed: 1, open: 1, 'half-open': 0, isolated: 1, disabled: 1, 'metrics-only': 1 },
      refusing: ['a', 'b'],
    });
  });
});
