import { inspect } from 'node:util';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { Secret } from '@holdfast/credential-broker';
import { Vault } from '../../../src/backends/vault/vault.ts';
import { deriveKey, isSoundCost } from '../../../src/backends/vault/vault-key.ts';
import { revealed } from '../backend-request.ts';
import { aKey, aPassphrase, CHEAP, vaultFixture } from './vault-rig.ts';

const refused = (...failures: string[]) =>
  expect.objectContaining({ failure: expect.toBeOneOf(failures) as unknown }) as unknown;

describe('a vault', () => {
  it('keeps credentials, byte for byte', async () => {
    const { vault } = await vaultFixture();
    const again = await Vault.open(vault.encode(), aKey());
    expect(again.list()).toEqual([
      { name: 'deploy', version: 1 },
      { name: 'prod/orders-db', version: 1 },
    ]);
    expect(revealed(again.read('prod/orders-db'))).toEqual({ username: 'orders', password: 'hunter2' });
    expect(again.read('deploy')['value']?.bytes()).toEqual(Uint8Array.of(0, 255, 10));
    expect(again.revision).toBe(3);
    expect(() => again.read('nothing')).toThrow(refused('not-found'));
  });

  it('counts the versions of a credential, and forgets what is removed', async () => {
    const { vault } = await vaultFixture();
    const next = vault.with('deploy', { value: new Secret('2') }).without('prod/orders-db');
    expect(next.list()).toEqual([{ name: 'deploy', version: 2 }]);
    expect(vault.list()).toHaveLength(2);
    expect(() => next.without('prod/orders-db')).toThrow(refused('not-found'));
  });

  it('holds no secret in clear, and shows none', async () => {
    const { vault } = await vaultFixture();
    const seen = [
      vault.encode(),
      inspect(vault, { depth: 9, showHidden: true }),
      JSON.stringify(vault),
    ].join();
    for (const encoding of ['utf8', 'hex', 'base64', 'base64url'] as const) {
      expect(seen).not.toContain(Buffer.from('hunter2').toString(encoding));
    }
    // The scanner finds what is there.
    expect(seen).toContain('prod/orders-db');
  });

  it('never encrypts the same in the same way', async () => {
    const { vault } = await vaultFixture();
    const boxes = new Set<string>();
    for (let i = 0; i < 50; i++) {
      for (const box of vault
        .with('a', { value: new Secret('x') })
        .encode()
        .match(/"box":"[\w-]{16}/g) ?? []) {
        boxes.add(box);
      }
    }
    expect(boxes.size).toBe(52);
  });

  it('opens for its passphrase alone', async () => {
    const text = (await Vault.create(aPassphrase(), CHEAP)).with('a', { value: new Secret('x') }).encode();
    expect(revealed((await Vault.open(text, aPassphrase())).read('a'))).toEqual({ value: 'x' });
    for (const by of [aPassphrase('correct Horse'), aKey()]) {
      await expect(Vault.open(text, by)).rejects.toEqual(refused('denied'));
    }
    const byKey = (await Vault.create(aKey())).encode();
    for (const by of [aPassphrase(), aKey(8)]) {
      await expect(Vault.open(byKey, by)).rejects.toEqual(refused('denied'));
    }
  });

  it('opens for the new key alone once it is rotated, and nothing of the old file fits into the new one', async () => {
    const { vault } = await vaultFixture();
    const rotated = (await vault.rekeyed(aPassphrase(), CHEAP)).encode();
    expect(revealed((await Vault.open(rotated, aPassphrase())).read('prod/orders-db'))).toMatchObject({
      password: 'hunter2',
    });
    await expect(Vault.open(rotated, aKey())).rejects.toEqual(refused('denied'));
    const box = (text: string) => /"box":"([\w-]+)"/.exec(text)?.[1] ?? '';
    expect(box(rotated)).not.toBe(box(vault.encode()));
  });

  test.prop([fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.integer({ min: 0, max: 7 })], {
    numRuns: 500,
  })('is refused with any single bit changed', async (at, bit) => {
    const bytes = Buffer.from(sealed.encode());
    const index = Math.floor(at * bytes.length);
    bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
    await expect(Vault.open(bytes.toString(), aKey())).rejects.toEqual(refused('denied', 'invalid'));
  });

  it('is refused with a bit of its scrypt parameters changed', async () => {
    const text = (await Vault.create(aPassphrase(), CHEAP)).encode();
    for (const [from, to] of [
      ['"N":16384', '"N":32768'],
      ['"N":16384', '"N":1073741824'],
      ['"N":16384', '"N":16385'],
      ['"N":16384', '"N":1024'],
      ['"r":8', '"r":9'],
      ['"r":8', '"r":1e9'],
      ['"p":1', '"p":2'],
      ['"p":1', '"p":0'],
      ['"salt":"', '"salt":"A'],
    ] as const) {
      await expect(Vault.open(text.replace(from, to), aPassphrase())).rejects.toEqual(
        refused('denied', 'invalid'),
      );
    }
  });

  it('is refused where records were removed, swapped, put back or given another name', async () => {
    const { vault } = await vaultFixture();
    const newer = vault.with('deploy', { value: new Secret('new') });
    const parse = (each: Vault) =>
      JSON.parse(each.encode().split('\n')[0] ?? '') as { records: { box: string }[] };
    const [body, before] = [parse(newer), parse(vault)];
    const [first = { box: '' }, second = { box: '' }] = body.records;
    const seal = newer.encode().split('\n')[1];
    for (const records of [
      [],
      [first],
      [second, first],
      [{ ...first, box: second.box }, second],
      [before.records[0], second],
      [{ ...first, name: 'other' }, second],
      [{ ...first, version: 1 }, second],
    ]) {
      const text = `${JSON.stringify({ ...body, records })}\n${seal}\n`;
      await expect(Vault.open(text, aKey())).rejects.toEqual(refused('invalid'));
    }
  });

  it('is refused with anything behind it, or less', async () => {
    const { vault } = await vaultFixture();
    const text = vault.encode();
    for (const changed of [
      `${text}\n`,
      `${text}x`,
      `${text}\n{}`,
      text.trimEnd(),
      text.slice(0, -9),
      ` ${text}`,
    ]) {
      await expect(Vault.open(changed, aKey())).rejects.toEqual(refused('invalid'));
    }
  });

  it.each(['', '\n\n', '{}\n\n', 'null\n\n', '[]\nx\n', '{"format":"holdfast-vault/2"}\n\n'])(
    'is not what %j is',
    async (text) => {
      await expect(Vault.open(text, aKey())).rejects.toEqual(refused('invalid'));
    },
  );

  it('takes names and sizes within bounds', async () => {
    const vault = await Vault.create(aKey());
    const value = new Secret('x');
    for (const name of ['', '/', 'a/', 'a//b', 'a b', 'a#b', 'ü', 'a'.repeat(65), 'a/'.repeat(8) + 'a']) {
      expect(() => vault.with(name, { value })).toThrow(RangeError);
    }
    expect(() => vault.with('a', {})).toThrow('a credential has 1 to 64 fields');
    expect(() => vault.with('a', { 'b c': value })).toThrow('a field has 1 to 64 letters');
    expect(() => vault.with('a', { b: new Secret('x'.repeat(65_537)) })).toThrow('at most 65536 bytes');
    const odd = vault.with('__proto__', { constructor: value, ['__proto__']: new Secret('y') });
    expect(Object.keys(odd.read('__proto__'))).toEqual(['constructor', '__proto__']);
  });

  test.prop([
    fc.array(
      fc.tuple(fc.constantFrom('a', 'b', 'c/d'), fc.option(fc.uint8Array({ minLength: 1, maxLength: 40 }))),
      { maxLength: 12 },
    ),
  ])('is a map from names to credentials', async (steps) => {
    const model = new Map<string, Uint8Array>();
    let vault = await Vault.create(aKey());
    for (const [name, bytes] of steps) {
      if (bytes !== null) {
        vault = vault.with(name, { value: new Secret(bytes) });
        model.set(name, bytes);
      } else if (model.delete(name)) vault = vault.without(name);
    }
    const again = await Vault.open(vault.encode(), aKey());
    expect(again.list().map(({ name }) => name)).toEqual([...model.keys()].sort());
    for (const [name, bytes] of model) expect(again.read(name)['value']?.bytes()).toEqual(bytes);
  });
});

const sealed = (await Vault.create(aKey())).with('prod/db', { password: new Secret('hunter2') });

describe('the key of a vault', () => {
  it('costs what is sound', async () => {
    expect(isSoundCost({ N: 2 ** 17, r: 8, p: 1 })).toBe(true);
    expect(isSoundCost({ N: 2 ** 13, r: 8, p: 1 })).toBe(false);
    expect(isSoundCost({ N: 2 ** 21, r: 8, p: 1 })).toBe(false);
    expect(isSoundCost({ N: 2 ** 17, r: 8 })).toBe(false);
  });

  it('depends on the salt', async () => {
    const salt = Buffer.alloc(16, 1).toString('base64url');
    const [one, same, other] = await Promise.all([
      deriveKey(aPassphrase('x'), { ...CHEAP, salt }),
      deriveKey(aPassphrase('x'), { ...CHEAP, salt }),
      deriveKey(aPassphrase('x'), { ...CHEAP, salt: Buffer.alloc(16, 2).toString('base64url') }),
    ]);
    expect(one.equals(same)).toBe(true);
    expect(one.equals(other)).toBe(false);
  });
});
