import { describe, expect, it } from 'vitest';
import { Secret, type TokenKey } from '@holdfast/credential-broker';
import { aRig, KEY } from './rig.ts';

const canary = 'canary-plain';

describe('a key of a token', () => {
  const wrong = [
    undefined,
    null,
    'acme/github',
    {},
    { tenant: 'acme' },
    { tenant: 'acme', name: undefined },
    { tenant: 'acme', name: null },
    { tenant: 'acme', name: Number.NaN },
    { tenant: 'acme', name: '' },
    { tenant: '', name: 'github/ada' },
    { tenant: ['acme'], name: 'github/ada' },
  ] as unknown as readonly TokenKey[];

  it.each(wrong)('is none: %j', async (key) => {
    const { manager, provider, store } = aRig();
    for (const call of [
      () => manager.put(key, provider.grant()),
      () => manager.get(key),
      () => manager.renew(key),
      () => manager.remove(key),
    ]) {
      await expect(call()).rejects.toThrow(TypeError);
      await expect(call()).rejects.toThrow(/^token key/);
    }
    expect(await store.count(0)).toEqual({ valid: 0, expired: 0 });
  });
});

describe('a token', () => {
  const wrong: readonly (readonly [name: string, value: unknown, error: new () => Error])[] = [
    ['accessToken', canary, TypeError],
    ['accessToken', undefined, TypeError],
    ['refreshToken', canary, TypeError],
    ['refreshToken', null, TypeError],
    ['tokenType', undefined, TypeError],
    ['scope', canary, TypeError],
    ['scope', [7], TypeError],
    ['obtainedAtMs', undefined, TypeError],
    ['obtainedAtMs', -1, RangeError],
    ['expiresAtMs', '3600', TypeError],
    ['expiresAtMs', Number.NaN, RangeError],
    ['expiresAtMs', Infinity, RangeError],
    ['expiresAtMs', 8_640_000_000_000_001, RangeError],
  ];

  it.each(wrong)('is none that has as %s: %j', async (name, value, error) => {
    const { manager, provider } = aRig();
    const token = { ...provider.grant(), [name]: value };
    const thrown = await manager.put(KEY, token).catch((caught: unknown) => caught);
    expect(thrown).toBeInstanceOf(error);
    expect(String(thrown)).toContain(`token: ${name} must be`);
    expect(String(thrown)).not.toContain(canary);
    await expect(manager.get(KEY)).rejects.toMatchObject({ code: 'ERR_TOKEN_MANAGER' });
  });

  it('is none either where a renewal gives it, and the one that is there stays', async () => {
    const { manager, provider, events } = aRig({
      refresh: () => Promise.resolve({ accessToken: new Secret('next'), expires_in: 3_600 } as never),
    });
    const token = provider.grant();
    await manager.put(KEY, token);
    await expect(manager.renew(KEY)).rejects.toThrow(/^token: tokenType must be/);
    expect(events).toMatchObject([{ type: 'token.refresh-failed', error: expect.any(TypeError) as unknown }]);
    expect(await manager.get(KEY)).toBe(token);
    // It waits before it is asked again, as after any other failure.
    await manager.renew(KEY).catch(() => {});
    expect(events).toHaveLength(1);
  });
});
