import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Secret } from '@holdfast/credential-broker';
import { fileVault } from '@holdfast/credential-broker/backends';
import { never, requestFor, revealed } from '../backend-request.ts';
import { aKey, vaultFixture, writeVault } from './vault-rig.ts';

const open = (file: string, fill = 7) => fileVault({ file, ...aKey(fill) });

describe('fileVault', () => {
  it('gives a credential, or one field of it', async () => {
    const { file } = await vaultFixture();
    const backend = open(file);
    await backend.health(never());
    expect(await backend.inspect(requestFor('prod/orders-db'), never())).toEqual({});
    const { credential, ...lease } = await backend.issue(requestFor('prod/orders-db'), never());
    expect([revealed(credential), lease]).toEqual([{ username: 'orders', password: 'hunter2' }, {}]);
    const one = await backend.issue(requestFor('prod/orders-db#password'), never());
    expect(revealed(one.credential)).toEqual({ password: 'hunter2' });
  });

  it.each([
    ['nothing', 'not-found'],
    ['prod/orders-db#nothing', 'not-found'],
    ['prod/orders-db#toString', 'not-found'],
    ['prod/orders-db#a#b', 'invalid'],
  ])('refuses %j', async (path, failure) => {
    const { file } = await vaultFixture();
    await expect(open(file).issue(requestFor(path), never())).rejects.toMatchObject({ failure });
    await expect(open(file).inspect(requestFor(path), never())).rejects.toMatchObject({ failure });
  });

  it('sees a change at the next call, and recovers from a file that was broken', async () => {
    const { file, vault } = await vaultFixture();
    const backend = open(file);
    const value = async () => revealed((await backend.issue(requestFor('a'), never())).credential)['value'];
    await expect(value()).rejects.toMatchObject({ failure: 'not-found' });
    const changed = vault.with('a', { value: new Secret('1') });
    await writeVault(file, changed);
    expect(await value()).toBe('1');
    writeFileSync(file, 'broken');
    await expect(value()).rejects.toMatchObject({ failure: 'invalid' });
    rmSync(file);
    await expect(value()).rejects.toMatchObject({ failure: 'unavailable' });
    await writeVault(file, changed.with('a', { value: new Secret('2') }));
    expect(await value()).toBe('2');
    chmodSync(file, 0o644);
    await expect(value()).rejects.toMatchObject({ failure: 'denied' });
  });

  it('does not open with another key', async () => {
    const { file } = await vaultFixture();
    await expect(open(file, 8).health(never())).rejects.toMatchObject({ failure: 'denied' });
  });

  it('stops waiting in the moment of the abort', async () => {
    const { file } = await vaultFixture();
    const reason = new Error('enough');
    const abort = new AbortController();
    const call = open(file).issue(requestFor('deploy'), abort.signal);
    abort.abort(reason);
    await expect(call).rejects.toBe(reason);
    await expect(open(file).health(abort.signal)).rejects.toBe(reason);
  });

  it('checks its options, and repeats no secret', () => {
    const [key, passphrase] = [new Secret('canary-short'), new Secret('canary')];
    for (const [options, message] of [
      [{ file: 'x' }, 'either passphrase or key must be given'],
      [{ file: 'x', key, passphrase }, 'either passphrase or key must be given'],
      [{ file: 'x', key }, 'key must have 32 bytes'],
      [{ file: 'x', key: 'canary' }, 'key must be a Secret'],
      [{ file: 'x', passphrase: new Secret('') }, 'passphrase must not be empty'],
      [{ passphrase }, 'file must be a string'],
    ] as const) {
      const making = () => fileVault(options as never);
      expect(making).toThrow(message);
    }
  });
});
