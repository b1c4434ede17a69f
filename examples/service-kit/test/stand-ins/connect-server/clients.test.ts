import { OnePasswordConnect } from '@1password/connect';
import { describe, expect, it } from 'vitest';
import { guardBackend, Secret, type BackendRequest } from '@holdfast/credential-broker';
import { onePasswordConnect } from '@holdfast/credential-broker/backends';
import { connectFixture, READER, WRITER } from './fixture.ts';

const requestFor = (path: string): BackendRequest => ({
  resource: { type: 'database', ref: `op://${path}` },
  path,
  scope: ['read'],
  ttlMs: 60_000,
  tenant: 'acme',
  principal: 'agent-1',
  leaseId: 'lease-1',
  parameters: {},
});

const never = () => new AbortController().signal;

async function rig(token = READER, options: Parameters<typeof guardBackend>[1] = {}) {
  const fixture = await connectFixture();
  const backend = onePasswordConnect({ url: fixture.server.url, token: new Secret(token) });
  const guard = guardBackend(backend, { clock: impatient, ...options });
  const read = async (path: string) => {
    const { credential } = await guard.issue(requestFor(path), never());
    return Object.fromEntries(Object.entries(credential).map(([name, secret]) => [name, secret.reveal()]));
  };
  return { ...fixture, guard, read };
}

/** Waits between attempts take no time. */
const impatient = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  sharedTimers: true,
  setTimer(callback: () => void, delayMs: number) {
    const handle = setTimeout(callback, delayMs > 2_000 ? delayMs : 0);
    return {
      cancel: () => clearTimeout(handle),
      ref: () => void handle.ref(),
      unref: () => void handle.unref(),
    };
  },
};

describe('the client of 1Password', () => {
  it('takes the stand-in for a Connect server', async () => {
    const { server, vault, item, file } = await connectFixture();
    const client = OnePasswordConnect({ serverURL: server.url, token: WRITER, keepAlive: false });
    expect((await client.listVaults()).map(({ name }) => name)).toEqual(['prod', 'hidden']);
    expect((await client.getVault('prod')).id).toBe(vault);
    expect((await client.getItem(vault, 'orders db')).fields?.map(({ id }) => id)).toContain('password');
    expect((await client.listItemsByTitleContains(vault, 'ders')).map(({ id }) => id)).toEqual([item]);
    expect((await client.listFiles(vault, item)).map(({ id }) => id)).toEqual([file]);
    // The types of the client ask for more than its builder gives.
    const input = {
      title: 'made',
      category: 'LOGIN',
      fields: [{ id: 'password', type: 'CONCEALED', purpose: 'PASSWORD', value: 'x' }],
    };
    const made = await client.createItem(vault, input as never);
    const updated = await client.updateItem(vault, { ...made, title: 'updated' } as never);
    expect(updated).toMatchObject({ title: 'updated', version: 2 });
    await client.deleteItem(vault, String(made.id));
    await expect(client.getItemById(vault, String(made.id))).rejects.toMatchObject({ status: 404 });
  });

  it('is refused like ours', async () => {
    const { server, hidden } = await connectFixture();
    const client = OnePasswordConnect({ serverURL: server.url, token: READER, keepAlive: false });
    await expect(client.getVaultById(hidden)).rejects.toMatchObject({ status: 403 });
    const stranger = OnePasswordConnect({ serverURL: server.url, token: 'nobody', keepAlive: false });
    await expect(stranger.listVaults()).rejects.toMatchObject({ status: 401 });
  });
});

describe('our client of Connect, behind its guard', () => {
  it('reads what 1Password’s reads', async () => {
    const { server, vault, item, read } = await rig();
    const client = OnePasswordConnect({ serverURL: server.url, token: READER, keepAlive: false });
    const theirs = await client.getItem(vault, 'orders db');
    const ours = await read('prod/orders db');
    expect(ours['password']).toBe(theirs.fields?.find(({ id }) => id === 'password')?.value);
    expect(ours).toEqual({
      username: 'orders',
      password: 'hunter2',
      'one-time password': '287082',
      port: '5432',
    });
    expect(await read(`${vault}/${item}/Admin/port`)).toEqual({ port: '5432' });
    expect(await read('prod/orders db/otp?attribute=otp')).toEqual({ 'one-time password': '287082' });
    expect(await read('prod/orders db/ca.pem')).toEqual({ 'ca.pem': '-----BEGIN' });
  });

  it('says that a title is ambiguous', async () => {
    const { server, vault, item, read } = await rig();
    const twin = { ...server.store.item(vault, item), title: 'Orders DB' };
    server.store.putItem(vault, twin);
    // A title in other letters is another title.
    expect(await read('prod/orders db/password')).toEqual({ password: 'hunter2' });
    await expect(read('prod/ORDERS DB')).rejects.toMatchObject({ failure: 'not-found' });
    server.store.putItem(vault, { ...server.store.item(vault, item) });
    await expect(read('prod/orders db')).rejects.toMatchObject({
      failure: 'invalid',
      message: expect.stringContaining('the item is ambiguous: 2') as unknown,
    });
  });

  it('sees no more than its token does', async () => {
    const { hidden, item, read } = await rig();
    await expect(read('hidden/x')).rejects.toMatchObject({ failure: 'not-found' });
    await expect(read(`${hidden}/${item}`)).rejects.toMatchObject({ failure: 'denied' });
    const { read: stranger } = await rig('nobody');
    await expect(stranger('prod/orders db')).rejects.toMatchObject({ failure: 'denied' });
  });

  it.each([
    ['vault', '../../health/x'],
    ['item', 'prod/../../other/items/zzz'],
    ['quote', 'prod/x" or title co "'],
    ['query', 'prod/x&filter=title co "o"'],
    ['fragment', 'prod/x#%'],
  ])('asks for nothing where a %s would lead elsewhere', async (_, path) => {
    const { server, read } = await rig();
    await expect(read(path)).rejects.toMatchObject({ failure: 'invalid' });
    expect(server.requests).toBe(0);
  });

  it('gets over what passes', async () => {
    const { server, read, guard } = await rig();
    server.fail({ status: 503 }, { breaks: 'before' });
    expect(await read('prod/orders db/password')).toEqual({ password: 'hunter2' });
    guard.invalidate();
    server.fail({ status: 403 });
    expect(await read('prod/orders db/password')).toEqual({ password: 'hunter2' });
    guard.invalidate();
    server.fail({ status: 403 }, { status: 403 });
    await expect(read('prod/orders db/password')).rejects.toMatchObject({ failure: 'denied' });
    server.fail({ truncates: true });
    await expect(read('prod/orders db/username')).rejects.toMatchObject({ failure: 'invalid' });
  });

  it('leaves a provider alone that asks for it', async () => {
    const { server, read } = await rig();
    server.fail({ status: 429, retryAfterSeconds: 60 });
    await expect(read('prod/orders db')).rejects.toMatchObject({ failure: 'quota', retryAfterMs: 60_000 });
    await expect(read('prod/orders db')).rejects.toMatchObject({ failure: 'quota' });
    expect(server.requests).toBe(1);
  });

  it('does not wait for ever', async () => {
    const { server, read, guard } = await rig(READER, { timeoutMs: 2_001, maxAttempts: 1 });
    server.fail({ latencyMs: 3_000 });
    await expect(read('prod/orders db')).rejects.toMatchObject({
      failure: 'unavailable',
      message: '1password-connect did not answer in time',
    });
    const abort = new AbortController();
    server.fail({ latencyMs: 1_000 });
    const waiting = guard.issue(requestFor('prod/orders db/username'), abort.signal);
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('asks the server once for a thousand callers, and once for what is not there', async () => {
    const { server, read, guard } = await rig();
    await Promise.all(Array.from({ length: 1_000 }, () => read('prod/orders db/password')));
    expect(server.requests).toBe(3);
    for (let i = 0; i < 100; i++)
      await expect(read('prod/nothing')).rejects.toMatchObject({ failure: 'not-found' });
    expect(server.requests).toBe(5);
    expect(guard.stats()).toMatchObject({ cache: { joined: 999, missing: 99 }, quota: { refused: 0 } });
  });
});
