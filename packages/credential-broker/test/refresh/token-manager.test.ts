import { describe, expect, it, vi } from 'vitest';
import {
  createTokenManager,
  generateSealingKey,
  generateSigningKey,
  keyRing,
  memoryLock,
  memoryRows,
  memoryTokens,
  Secret,
  sealedTokens,
  type KeyRing,
  type Token,
  type TokenStore,
} from '@holdfast/credential-broker';
import { aRig, HOUR, invalidGrant, KEY, NEVER } from './rig.ts';

const MINUTE = 60_000;
/** Puts another token in the place of the first, as a process does that knows of no lock. */
async function replace(store: TokenStore, token: Token): Promise<void> {
  const stored = await store.find(KEY);
  if (stored !== undefined) await store.put(KEY, { ...stored, token, dueAtMs: NEVER, version: 2 });
}

const secretOf = async (token: Promise<Token>) => (await token).accessToken.reveal();

describe('a valid token', () => {
  it('is given as it was put, also to another manager of the same store', async () => {
    const { manager, provider, make } = aRig();
    await manager.put(KEY, provider.grant());
    expect(await secretOf(manager.get(KEY))).toBe('access-1');
    expect(await secretOf(make().get(KEY))).toBe('access-1');
    expect(provider.calls).toBe(0);
  });

  it('is one tenant’s alone', async () => {
    const { manager, provider } = aRig();
    await manager.put(KEY, provider.grant());
    const other = manager.get({ ...KEY, tenant: 'other' });
    await expect(other).rejects.toMatchObject({ code: 'ERR_TOKEN_MANAGER', failure: 'missing' });
  });

  it('is renewed five minutes before it expires, though nobody asks', async () => {
    const { manager, provider, clock } = aRig({ jitterRatio: 0 });
    await manager.put(KEY, provider.grant());
    await clock.advance(55 * MINUTE - 1);
    expect(provider.calls).toBe(0);
    await clock.advance(1_000);
    expect(provider.calls).toBe(1);
    expect(await secretOf(manager.get(KEY))).toBe('access-2');
  });

  it('that lives shortly is renewed after four fifths of its life', async () => {
    const { manager, provider, clock } = aRig({ lifeMs: 100_000, jitterRatio: 0 });
    await manager.put(KEY, provider.grant());
    await clock.advance(79_999);
    expect(provider.calls).toBe(0);
    await clock.advance(1_001);
    expect(provider.calls).toBe(1);
  });

  it('is renewed a little earlier at random, never later', async () => {
    const dues: number[] = [];
    for (const draw of [0, 0.5, 0.999]) {
      const { manager, provider, clock, store } = aRig({ random: () => draw });
      await manager.put(KEY, provider.grant());
      dues.push(((await store.find(KEY))?.dueAtMs ?? 0) - clock.wallNow());
    }
    expect(dues).toEqual([55 * MINUTE, 54.5 * MINUTE, expect.closeTo(54 * MINUTE, -3)]);
  });

  it('is given at once while the next one is on its way', async () => {
    const { manager, provider, clock } = aRig({ jitterRatio: 0, sweepMs: HOUR });
    await manager.put(KEY, provider.grant());
    provider.latencyMs = 10_000;
    await clock.advance(55 * MINUTE);
    const given = secretOf(manager.get(KEY));
    await clock.advance(0);
    expect(await given).toBe('access-1');
    expect(provider.calls).toBe(1);
    await clock.advance(10_000);
    expect(await secretOf(manager.get(KEY))).toBe('access-2');
  });

  it('that never expires is never renewed nor removed', async () => {
    const { manager, provider, clock } = aRig();
    const { refreshToken: _, ...token } = provider.grant();
    await manager.put(KEY, { ...token, expiresAtMs: NEVER });
    await clock.advance(HOUR);
    expect(await secretOf(manager.get(KEY))).toBe('access-1');
    await expect(manager.renew(KEY)).rejects.toMatchObject({ failure: 'ended' });
  });
});

describe('one renewal at a time', () => {
  it('serves a thousand who wait', async () => {
    const { manager, provider, clock } = aRig({ sweepMs: HOUR * 10 });
    await manager.put(KEY, { ...provider.grant(), expiresAtMs: clock.wallNow() });
    provider.latencyMs = 100;
    const waiting = Array.from({ length: 1_000 }, () => secretOf(manager.get(KEY)));
    await clock.advance(200);
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['access-2']));
    expect(provider.calls).toBe(1);
  });

  it('goes on for the others when one stops waiting', async () => {
    const { manager, provider, clock } = aRig({ sweepMs: HOUR });
    await manager.put(KEY, { ...provider.grant(), expiresAtMs: clock.wallNow() });
    provider.latencyMs = 1_000;
    const abort = new AbortController();
    const impatient = manager.get(KEY, { signal: abort.signal });
    const patient = secretOf(manager.get(KEY));
    await clock.advance(500);
    const reason = new Error('gone');
    abort.abort(reason);
    await expect(impatient).rejects.toBe(reason);
    await clock.advance(500);
    expect(await patient).toBe('access-2');
  });

  it('stops waiting before it begins where the signal has aborted', async () => {
    const { manager } = aRig();
    const reason = new Error('gone');
    await expect(manager.get(KEY, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('renews different tokens side by side', async () => {
    const asked: string[] = [];
    const { manager, clock, provider } = aRig({
      refresh: async ({ name }, token) => {
        asked.push(name);
        await new Promise<void>((resolve) => clock.setTimer(() => resolve(), 1_000));
        return { ...token, expiresAtMs: clock.wallNow() + HOUR };
      },
    });
    const over = { ...provider.grant(), expiresAtMs: clock.wallNow() };
    for (const name of ['a', 'b', 'c']) await manager.put({ tenant: 't', name }, over);
    const all = Promise.all(['a', 'b', 'c'].map((name) => manager.get({ tenant: 't', name })));
    await clock.advance(1_000);
    await all;
    expect(asked.sort()).toEqual(['a', 'b', 'c']);
  });
});

describe('a renewal that is asked for', () => {
  it('renews what is valid, once for all who ask', async () => {
    const { manager, provider, clock } = aRig();
    await manager.put(KEY, provider.grant());
    provider.latencyMs = 10;
    const asked = [manager.renew(KEY), manager.renew(KEY)].map(secretOf);
    await clock.advance(10);
    expect(await Promise.all(asked)).toEqual(['access-2', 'access-2']);
    expect(provider.calls).toBe(1);
  });

  it('is refused while a failed one waits', async () => {
    const { manager, provider } = aRig();
    await manager.put(KEY, provider.grant());
    provider.failure = new Error('down');
    await expect(manager.renew(KEY)).rejects.toBe(provider.failure);
    await expect(manager.renew(KEY)).rejects.toMatchObject({ failure: 'waiting' });
    expect(provider.calls).toBe(1);
  });

  it('is not served by a renewal that finds good enough what was refused', async () => {
    const lock = memoryLock();
    const { manager, provider, clock, store } = aRig({ lock, sweepMs: HOUR });
    await manager.put(KEY, { ...provider.grant(), expiresAtMs: clock.wallNow() + HOUR });
    const release = await lock.take(JSON.stringify([KEY.tenant, KEY.name]));
    await clock.advance(56 * MINUTE);
    expect(await secretOf(manager.get(KEY))).toBe('access-1');
    await replace(store, provider.grant());
    const refused = secretOf(manager.renew(KEY));
    await release?.();
    await clock.advance(1_000);
    expect(await refused).toBe('access-3');
  });

  it('keeps the refresh token where the answer has none', async () => {
    const { manager, provider, store, clock } = aRig({
      refresh: async (_key, { refreshToken: _, ...token }) => ({
        ...token,
        expiresAtMs: clock.wallNow() + HOUR,
      }),
    });
    await manager.put(KEY, provider.grant());
    await manager.renew(KEY);
    expect((await store.find(KEY))?.token.refreshToken?.reveal()).toBe('refresh-1');
  });
});

describe('a renewal that fails', () => {
  it('leaves the valid token, and is tried again within its validity', async () => {
    const { manager, provider, clock, events } = aRig({ jitterRatio: 0 });
    await manager.put(KEY, provider.grant());
    provider.failure = new Error('down');
    await clock.advance(57 * MINUTE);
    expect(await secretOf(manager.get(KEY))).toBe('access-1');
    expect(provider.calls).toBeGreaterThan(2);
    expect(events[0]).toMatchObject({ type: 'token.refresh-failed', error: provider.failure });
    provider.failure = undefined;
    await clock.advance(2 * MINUTE);
    expect(await secretOf(manager.get(KEY))).toBe('access-2');
    expect(manager.stats()).toMatchObject({ refreshed: 1, failed: provider.calls - 1 });
  });

  it('is tried again sooner than its waits grow, while there is time left', async () => {
    const { manager, provider, clock } = aRig({ lifeMs: 60_000, jitterRatio: 0, random: () => 1 });
    await manager.put(KEY, provider.grant());
    provider.failure = new Error('down');
    await clock.advance(59_999);
    // After 1, 2, 3, 2, 1.3, 1 and 1 s; growing alone, after 1, 2, 4 and 8.
    expect(provider.calls).toBe(8);
  });

  it('is no flood once the token has expired, however many ask, in two processes', async () => {
    const { manager, provider, clock, make } = aRig();
    const other = make();
    await manager.put(KEY, provider.grant());
    provider.failure = new Error('down');
    await clock.advance(2 * HOUR);
    const before = provider.calls;
    for (let round = 0; round < 60; round++) {
      await Promise.allSettled(Array.from({ length: 20 }, (_, at) => (at % 2 ? manager : other).get(KEY)));
      await clock.advance(1_000);
    }
    expect(provider.calls - before).toBeLessThanOrEqual(4);
    await expect(manager.get(KEY)).rejects.toMatchObject({
      failure: 'waiting',
      retryAfterMs: expect.any(Number) as unknown,
    });
  });

  it('fails those who wait with what it failed with', async () => {
    const { manager, provider, clock } = aRig({ sweepMs: HOUR });
    await manager.put(KEY, { ...provider.grant(), expiresAtMs: clock.wallNow() });
    provider.failure = new Error('down');
    await expect(manager.get(KEY)).rejects.toBe(provider.failure);
  });

  it('is given up when it takes too long, but what comes late is kept', async () => {
    const { manager, provider, clock, store } = aRig({ timeoutMs: 1_000, sweepMs: HOUR });
    await manager.put(KEY, { ...provider.grant(), expiresAtMs: clock.wallNow() + 1 });
    provider.latencyMs = 1_500;
    const late = expect(manager.renew(KEY)).rejects.toMatchObject({ failure: 'timeout' });
    await clock.advance(1_000);
    await late;
    expect(await store.find(KEY)).toMatchObject({ failures: 1 });
    await clock.advance(500);
    expect((await store.find(KEY))?.token.accessToken.reveal()).toBe('access-2');
  });

  it('is not the end when the store fails for a moment after it: the new token is kept', async () => {
    const { manager, provider, clock, store } = aRig();
    await manager.put(KEY, provider.grant());
    const put = vi.spyOn(store, 'put');
    for (let time = 0; time < 3; time++) put.mockRejectedValueOnce(new Error('store is down'));
    const renewed = secretOf(manager.renew(KEY));
    await clock.advance(60_000);
    expect(await renewed).toBe('access-2');
    expect(await secretOf(manager.get(KEY))).toBe('access-2');
  });
});

describe('a renewal that somebody is quicker than', () => {
  /** What a process without the lock does while the provider is asked. */
  async function renewed(meanwhile: (rig: ReturnType<typeof aRig>) => Promise<unknown>) {
    const rig = aRig({
      sweepMs: HOUR,
      refresh: async (_key, token) => {
        await meanwhile(rig);
        return { ...token, accessToken: new Secret('ours'), expiresAtMs: rig.clock.wallNow() + HOUR };
      },
    });
    await rig.manager.put(KEY, rig.provider.grant());
    return { rig, outcome: await secretOf(rig.manager.renew(KEY)).catch((error: unknown) => error) };
  }

  it('gives way to a new grant', async () => {
    const { rig, outcome } = await renewed(({ store, provider }) => replace(store, provider.grant()));
    expect(outcome).toBe('access-2');
    expect((await rig.store.find(KEY))?.token.accessToken.reveal()).toBe('access-2');
    expect(rig.manager.stats()).toMatchObject({ refreshed: 0, yielded: 1 });
  });

  it('brings nothing back that was removed', async () => {
    const { rig, outcome } = await renewed(({ store }) => store.remove(KEY));
    expect(outcome).toMatchObject({ failure: 'missing' });
    expect(await rig.store.find(KEY)).toBeUndefined();
  });

  it('is kept where the same grant was only put off', async () => {
    const { rig, outcome } = await renewed(async ({ store }) => {
      const stored = await store.find(KEY);
      if (stored !== undefined) await replace(store, stored.token);
    });
    expect(outcome).toBe('ours');
    expect(await rig.store.find(KEY)).toMatchObject({ version: 3 });
  });
});

describe('a grant that is over', () => {
  it('leaves the token until it expires, and is not asked for again', async () => {
    const { manager, provider, clock, events } = aRig();
    await manager.put(KEY, provider.grant());
    provider.failure = invalidGrant();
    await clock.advance(56 * MINUTE);
    expect(provider.calls).toBe(1);
    expect(events).toEqual([{ type: 'token.ended', key: KEY }]);
    expect(await secretOf(manager.get(KEY))).toBe('access-1');
    await expect(manager.renew(KEY)).rejects.toMatchObject({ failure: 'ended' });
    await clock.advance(4 * MINUTE - 1);
    expect(await secretOf(manager.get(KEY))).toBe('access-1');
    await clock.advance(1);
    await expect(manager.get(KEY)).rejects.toMatchObject({
      failure: expect.stringMatching(/ended|missing/) as unknown,
    });
    expect(provider.calls).toBe(1);
    expect(manager.stats().ended).toBe(1);
  });

  it('is not over where another process has used the refresh token: its token is taken', async () => {
    const { manager, provider, store, clock } = aRig({ sweepMs: HOUR });
    await manager.put(KEY, { ...provider.grant(), expiresAtMs: clock.wallNow() });
    provider.latencyMs = 100;
    const waiting = secretOf(manager.get(KEY));
    await clock.advance(0);
    expect(provider.calls).toBe(1);
    // One that knows of no lock.
    await replace(store, provider.grant());
    await clock.advance(100);
    expect(await waiting).toBe('access-2');
    expect(manager.stats()).toMatchObject({ ended: 0, failed: 0, yielded: 1 });
  });

  it('is over where the token of that process is over as well', async () => {
    const { manager, provider, store, clock } = aRig({ sweepMs: HOUR });
    await manager.put(KEY, { ...provider.grant(), expiresAtMs: clock.wallNow() });
    provider.latencyMs = 100;
    const waiting = expect(manager.get(KEY)).rejects.toMatchObject({ error: 'invalid_grant' });
    await clock.advance(0);
    await replace(store, { ...provider.grant(), expiresAtMs: clock.wallNow() + 100 });
    await clock.advance(100);
    await waiting;
  });

  it('is replaced by a new one', async () => {
    const { manager, provider } = aRig();
    await manager.put(KEY, provider.grant());
    provider.failure = invalidGrant();
    await expect(manager.renew(KEY)).rejects.toBe(provider.failure);
    provider.failure = undefined;
    await manager.put(KEY, provider.grant());
    expect(await secretOf(manager.renew(KEY))).toBe('access-3');
  });
});

describe('a token that does not open', () => {
  const named = (...names: string[]) => names.map((name) => ({ tenant: 'acme', name }));
  const damaged = named('x1', 'x2', 'x3', 'x4', 'x5');

  it('keeps no sweep from the others, and is told', async () => {
    const rows = memoryRows();
    const [lost, keys] = [1, 2].map(() =>
      keyRing({ signing: [generateSigningKey()], sealing: [generateSealingKey()] }),
    ) as [KeyRing, KeyRing];
    const { manager, provider, clock, events, store } = aRig({
      store: sealedTokens({ rows, keys }),
      refresh: async (_key, token) => ({ ...token, expiresAtMs: clock.wallNow() + HOUR }),
      concurrency: 2,
    });
    const over = (atMs: number) => ({ dueAtMs: atMs, removeAtMs: NEVER, failures: 0, version: 1 });
    for (const key of damaged)
      await sealedTokens({ rows, keys: lost }).put(key, { ...over(1), token: provider.grant() });
    const sound = named('a', 'b', 'c');
    for (const key of sound) await store.put(key, { ...over(2), token: provider.grant() });
    await manager.sweep();
    await manager.sweep();
    for (const key of sound) expect((await store.find(key))?.version).toBe(2);
    const stuck = events.filter(({ type }) => type === 'token.stuck');
    const error = expect.objectContaining({ failure: 'key' }) as unknown;
    expect(stuck.slice(-5)).toEqual(damaged.map((key) => ({ type: 'token.stuck', key, error })));
    expect(manager.stats()).toMatchObject({ refreshed: 3, failed: stuck.length });
  });

  it('that is gone meanwhile makes no sweep renew more at a time than it may', async () => {
    const asked = { now: 0, most: 0 };
    const { manager, provider, clock, store } = aRig({
      concurrency: 1,
      refresh: async (_key, token) => {
        asked.most = Math.max(asked.most, ++asked.now);
        await new Promise<void>((resolve) => clock.setTimer(() => resolve(), 10));
        asked.now--;
        return { ...token, expiresAtMs: clock.wallNow() + HOUR };
      },
    });
    const over = { ...provider.grant(), expiresAtMs: clock.wallNow() };
    for (const key of [...damaged, ...named('y1', 'y2', 'y3')]) await manager.put(key, over);
    const [find, due] = [store.find.bind(store), store.due.bind(store)];
    vi.spyOn(store, 'find').mockImplementation((key) =>
      key.name.startsWith('x') ? Promise.reject(new Error('damaged')) : find(key),
    );
    vi.spyOn(store, 'due').mockImplementation(async (byMs, limit) => {
      if (limit > 3) for (const key of damaged) await store.remove(key);
      return due(byMs, limit);
    });
    const swept = manager.sweep();
    await clock.advance(1_000);
    await swept;
    expect(asked).toEqual({ now: 0, most: 1 });
    for (const key of named('y1', 'y2', 'y3')) expect((await find(key))?.version).toBe(2);
  });

  it('is looked at once a sweep, and the others in time', async () => {
    const { manager, provider, clock, events, store } = aRig({ lifeMs: 100_000, jitterRatio: 0 });
    for (const key of damaged) await manager.put(key, { ...provider.grant(), expiresAtMs: clock.wallNow() });
    await manager.put(KEY, provider.grant());
    const find = store.find.bind(store);
    vi.spyOn(store, 'find').mockImplementation((key) =>
      key.name === KEY.name ? find(key) : Promise.reject(new Error('damaged')),
    );
    await clock.advance(79_000);
    // Every 15 s, and when they were put.
    expect(events).toHaveLength(6 * damaged.length);
    expect(provider.calls).toBe(0);
    await clock.advance(1_000);
    expect(provider.calls).toBe(1);
  });
});

describe('removing', () => {
  it('waits for a renewal, and nothing comes back after it', async () => {
    const { manager, provider, clock } = aRig();
    await manager.put(KEY, provider.grant());
    provider.latencyMs = 1_000;
    const renewed = secretOf(manager.renew(KEY));
    await clock.advance(0);
    const removed = manager.remove(KEY);
    await clock.advance(1_100);
    await removed;
    expect(await renewed).toBe('access-2');
    await expect(manager.get(KEY)).rejects.toMatchObject({ failure: 'missing' });
  });

  it('happens by itself: at once to what nothing renews, after 30 days to what something may', async () => {
    const { manager, provider, clock, events, store } = aRig({ sweepMs: HOUR, maxRetryMs: 12 * HOUR });
    const { refreshToken: _, ...plain } = provider.grant();
    await manager.put({ ...KEY, name: 'plain' }, plain);
    await manager.put(KEY, provider.grant());
    provider.failure = new Error('down');
    await clock.advance(3 * HOUR);
    expect(await store.find({ ...KEY, name: 'plain' })).toBeUndefined();
    expect(events).toContainEqual({ type: 'token.removed', count: 1 });
    await clock.advance(29 * 24 * HOUR);
    expect(await store.find(KEY)).toBeDefined();
    await clock.advance(2 * 24 * HOUR);
    expect(await store.find(KEY)).toBeUndefined();
    expect(manager.stats()).toMatchObject({ removed: 2, valid: 0, expired: 0 });
  });
});

describe('a manager', () => {
  it('counts what is valid and what is expired', async () => {
    const { manager, provider, clock } = aRig({ refresh: async () => Promise.reject(new Error('down')) });
    await manager.put({ ...KEY, name: 'a' }, provider.grant());
    await manager.put({ ...KEY, name: 'b' }, { ...provider.grant(), expiresAtMs: clock.wallNow() });
    await manager.sweep();
    expect(manager.stats()).toEqual({
      ...{ valid: 1, expired: 1, refreshed: 0, failed: 1, ended: 0, yielded: 0, removed: 0 },
    });
  });

  it('renews what fell due while no process ran', async () => {
    const { provider, clock, store, manager, make } = aRig();
    await manager.put(KEY, provider.grant());
    await manager.close();
    await clock.advance(58 * MINUTE);
    make();
    await clock.advance(0);
    expect((await store.find(KEY))?.token.accessToken.reveal()).toBe('access-2');
  });

  it('tells when its store fails, and comes again', async () => {
    const { manager, provider, clock, events, store } = aRig();
    await manager.put(KEY, provider.grant());
    const due = vi.spyOn(store, 'due').mockRejectedValue(new Error('no store'));
    await clock.advance(HOUR - 2 * MINUTE);
    expect(events.at(-1)).toMatchObject({ type: 'token.sweep-failed' });
    due.mockRestore();
    await clock.advance(MINUTE);
    expect(provider.calls).toBe(1);
  });

  it('tells when its lock or its store keeps a token from being renewed, but not when nothing renews it', async () => {
    const error = new Error('down');
    const take = vi.fn(memoryLock().take);
    const { manager, provider, clock, events, store } = aRig({ lock: { take } });
    const { refreshToken: _, ...plain } = provider.grant();
    await manager.put({ ...KEY, name: 'plain' }, { ...plain, expiresAtMs: clock.wallNow() });
    await manager.put(KEY, { ...provider.grant(), expiresAtMs: clock.wallNow() });
    await expect(manager.get({ ...KEY, name: 'plain' })).rejects.toMatchObject({ failure: 'ended' });
    take.mockRejectedValueOnce(error);
    await manager.sweep();
    expect(events.splice(0)).toContainEqual({ type: 'token.stuck', key: KEY, error });
    vi.spyOn(store, 'put').mockRejectedValue(error);
    const swept = manager.sweep();
    await clock.advance(MINUTE);
    await swept;
    expect(events).toContainEqual({ type: 'token.stuck', key: KEY, error });
    expect(events.map(({ type }) => type)).not.toContain('token.refreshed');
  });

  it('keeps no process alive, and leaves no timer when it is closed', async () => {
    const { manager, clock, provider } = aRig();
    await manager.put(KEY, provider.grant());
    expect(clock.pendingTimers).toBe(1);
    expect(clock.refedTimers).toBe(0);
    await manager.close();
    await manager.close();
    expect(clock.pendingTimers).toBe(0);
    const calls = [
      () => manager.get(KEY),
      () => manager.put(KEY, provider.grant()),
      () => manager.renew(KEY),
      () => manager.remove(KEY),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ failure: 'closed' });
  });

  it('waits for renewals when it is closed, lest what they get is lost', async () => {
    const { manager, clock, provider, store } = aRig();
    await manager.put(KEY, provider.grant());
    provider.latencyMs = 500;
    const renewed = secretOf(manager.renew(KEY));
    await clock.advance(0);
    const closed = manager.close();
    await clock.advance(500);
    await closed;
    expect(await renewed).toBe('access-2');
    expect((await store.find(KEY))?.token.accessToken.reveal()).toBe('access-2');
  });

  it('names an option that is wrong', () => {
    const store = memoryTokens();
    const refresh = async (_: unknown, token: Token) => token;
    expect(() => createTokenManager({ store, refresh, sweepMs: 10 })).toThrow(
      /sweepMs must be an integer >= 1000/,
    );
    expect(() => createTokenManager({ store, refresh, jitterRatio: 2 })).toThrow(
      /jitterRatio must be a number/,
    );
    expect(() => createTokenManager({ refresh } as never)).toThrow(/store must be an object/);
    expect(() => createTokenManager({ store } as never)).toThrow(/refresh must be a function/);
  });

  it('shows no token in its events', async () => {
    const { manager, provider, events, clock } = aRig();
    const token = { ...provider.grant(), accessToken: new Secret('canary-1') };
    await manager.put(KEY, token);
    await clock.advance(HOUR);
    expect(events.length).toBeGreaterThan(0);
    expect(JSON.stringify(events)).not.toMatch(/canary|refresh-[0-9]|access-[0-9]/);
    expect(JSON.stringify({ leak: token.accessToken.reveal() })).toMatch(/canary/);
  });
});
