import { memoryBreakerStore, type Verdict } from '@holdfast/circuit-breaker';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';

const setUp = (quorum = 2) => {
  const clock = manualClock();
  const store = memoryBreakerStore({ quorum, clock });
  const verdicts: Verdict[] = [];
  const stop = store.subscribe('db', (verdict) => verdicts.push(verdict));
  return { clock, store, verdicts, stop };
};

describe('memoryBreakerStore', () => {
  it('finds a circuit open at the quorum, not below it', () => {
    const { store, verdicts } = setUp(3);
    void store.report('db', 'a', true, 1_000);
    void store.report('db', 'b', true, 1_000);
    expect(verdicts).toEqual([]);
    void store.report('db', 'c', true, 1_000);
    expect(verdicts).toEqual([{ open: true, remainingMs: 1_000 }]);
  });

  it('counts an instance once, however often it reports', () => {
    const { store, verdicts } = setUp();
    for (let i = 0; i < 5; i++) void store.report('db', 'a', true, 1_000);
    expect(verdicts).toEqual([]);
  });

  it('lets an opinion lapse', async () => {
    const { clock, store, verdicts } = setUp();
    void store.report('db', 'a', true, 1_000);
    await clock.advance(1_000);
    void store.report('db', 'b', true, 1_000);
    expect(verdicts).toEqual([]);
  });

  it('says how long the quorum lasts', async () => {
    const { clock, store, verdicts } = setUp();
    void store.report('db', 'a', true, 1_000);
    await clock.advance(400);
    void store.report('db', 'b', true, 5_000);
    expect(verdicts).toEqual([{ open: true, remainingMs: 600 }]);
  });

  it('finds the circuit closed when the quorum is lost', () => {
    const { store, verdicts } = setUp();
    void store.report('db', 'a', true, 1_000);
    void store.report('db', 'b', true, 1_000);
    void store.report('db', 'a', false, 0);
    expect(verdicts).toEqual([
      { open: true, remainingMs: 1_000 },
      { open: false, remainingMs: 0 },
    ]);
  });

  it('tells a newcomer the present verdict, if it is open', () => {
    const { store } = setUp(1);
    const heard: Verdict[] = [];
    store.subscribe('db', (verdict) => heard.push(verdict));
    expect(heard).toEqual([]);
    void store.report('db', 'a', true, 1_000);
    store.subscribe('db', (verdict) => heard.push(verdict));
    expect(heard).toEqual([
      { open: true, remainingMs: 1_000 },
      { open: true, remainingMs: 1_000 },
    ]);
  });

  it('tells of an opening after the last one has lapsed', async () => {
    const { clock, store, verdicts } = setUp(1);
    void store.report('db', 'a', true, 1_000);
    await clock.advance(5_000);
    void store.report('db', 'a', true, 1_000);
    expect(verdicts.filter(({ open }) => open)).toHaveLength(2);
  });

  it('keeps circuits apart and stops telling who has left', () => {
    const { store, stop, verdicts } = setUp(1);
    void store.report('cache', 'a', true, 1_000);
    expect(verdicts).toEqual([]);
    stop();
    void store.report('db', 'a', true, 1_000);
    expect(verdicts).toEqual([]);
  });

  it('keeps telling those who came after one that leaves twice', () => {
    const { store, stop } = setUp(1);
    stop();
    const verdicts: Verdict[] = [];
    store.subscribe('db', (verdict) => verdicts.push(verdict));
    stop();
    void store.report('db', 'a', true, 1_000);
    expect(verdicts).toEqual([{ open: true, remainingMs: 1_000 }]);
  });

  it('lets one instance probe at a time, until its time is over or it reports', async () => {
    const { clock, store } = setUp();
    expect(store.leaseProbe('db', 'a', 100)).toBe(0);
    expect(store.leaseProbe('db', 'a', 100)).toBe(0);
    await clock.advance(40);
    expect(store.leaseProbe('db', 'b', 100)).toBe(60);
    await clock.advance(60);
    expect(store.leaseProbe('db', 'b', 100)).toBe(0);
    void store.report('db', 'b', false, 0);
    expect(store.leaseProbe('db', 'a', 100)).toBe(0);
  });

  it('refuses a quorum of 0', () => {
    expect(() => memoryBreakerStore({ quorum: 0 })).toThrow(
      'memoryBreakerStore: quorum must be an integer >= 1, got 0',
    );
  });
});
