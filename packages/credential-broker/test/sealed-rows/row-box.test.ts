import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  generateSealingKey,
  generateSigningKey,
  keyRing,
  sealingKey,
  Secret,
} from '@holdfast/credential-broker';
import { manualClock } from '@holdfast/pipeline/testing';
import { closeRow, openRow } from '../../src/sealed-rows/row-box.ts';
import { failureOf } from '../tokens/failure-of.ts';

const NAME = { kind: 'token', tenant: 'acme', id: 'github/ada' } as const;
const signing = [generateSigningKey()];
const ringOf = (...kids: string[]) =>
  keyRing({ signing, sealing: kids.map((kid) => generateSealingKey({ kid })) });

describe('a row', () => {
  it('opens to what was closed', async () => {
    const keys = ringOf('k1');
    for (const content of ['', 'hunter2', 'ü€\u0000'])
      expect(await openRow(keys, NAME, await closeRow(keys, NAME, content))).toBe(content);
  });

  it('opens with a key whose id has dots', async () => {
    const keys = ringOf('2026.11.k');
    expect(await openRow(keys, NAME, await closeRow(keys, NAME, 'x'))).toBe('x');
  });

  it('does not open under another id of the same key', async () => {
    const secret = new Secret(randomBytes(32));
    const keys = keyRing({ signing, sealing: ['k1', 'k2'].map((kid) => sealingKey(secret, { kid })) });
    const box = await closeRow(keys, NAME, 'x');
    const other = box.startsWith('k1') ? 'k2' : 'k1';
    expect(await openRow(keys, NAME, box)).toBe('x');
    expect(await failureOf(openRow(keys, NAME, `${other}${box.slice(2)}`))).toBe('sealed');
  });

  it('is not another’s whose names read the same one after the other', async () => {
    const keys = ringOf('k1');
    const box = await closeRow(keys, { ...NAME, tenant: 'a,b', id: 'c' }, 'x');
    expect(await failureOf(openRow(keys, { ...NAME, tenant: 'a', id: 'b,c' }, box))).toBe('sealed');
  });

  it('names its key, and shows nothing of its content', async () => {
    const box = await closeRow(ringOf('k.1'), NAME, 'hunter2');
    expect(box).toMatch(/^k\.1\.[\w-]+$/);
    expect(Buffer.from(box.slice(4), 'base64url').toString('latin1')).not.toContain('hunter2');
  });

  it('is another each time, for its nonce is', async () => {
    const keys = ringOf('k1');
    const boxes = await Promise.all(Array.from({ length: 50 }, () => closeRow(keys, NAME, 'same')));
    expect(new Set(boxes.map((box) => box.slice(0, 19))).size).toBe(50);
  });

  it.each([{ tenant: 'other' }, { id: 'github/bob' }, { kind: 'flow' as const }])(
    'does not open in the place of another: %o',
    async (other) => {
      const keys = ringOf('k1');
      const box = await closeRow(keys, NAME, 'hunter2');
      expect(await failureOf(openRow(keys, { ...NAME, ...other }, box))).toBe('sealed');
    },
  );

  it('does not open when a bit of it was changed', async () => {
    const keys = ringOf('k1');
    const box = await closeRow(keys, NAME, 'hunter2');
    const bytes = Buffer.from(box.slice(3), 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await failureOf(openRow(keys, NAME, `k1.${changed.toString('base64url')}`))).toBe('sealed');
    }
  });

  it.each(['', '.', 'k1', 'k1.', 'k1.AAAA', 'k2.AAAA', '__proto__.AAAA'])(
    'refuses what is none: %j',
    async (box) => {
      expect(await failureOf(openRow(ringOf('k1'), NAME, box))).toMatch(/^(sealed|key)$/);
    },
  );
});

describe('a rotation of keys', () => {
  it('opens what the old key closed, and closes with the new one', async () => {
    const keys = ringOf('old');
    const before = await closeRow(keys, NAME, 'before');
    keys.add(generateSealingKey({ kid: 'new' }));
    expect(await closeRow(keys, NAME, 'after')).toMatch(/^new\./);
    expect(await openRow(keys, NAME, before)).toBe('before');
  });

  it('ends with the old key: what it closed does not open any more', async () => {
    const clock = manualClock();
    const sealing = [generateSealingKey({ kid: 'old' })];
    const keys = keyRing({ signing, sealing, clock });
    const box = await closeRow(keys, NAME, 'x');
    keys.retire('old', clock.wallNow() + 1_000);
    expect(await openRow(keys, NAME, box)).toBe('x');
    await clock.advance(1_000);
    expect(await failureOf(openRow(keys, NAME, box))).toBe('key');
  });

  it('does not take a key of the same name for the same', async () => {
    const box = await closeRow(ringOf('k1'), NAME, 'x');
    expect(await failureOf(openRow(ringOf('k1'), NAME, box))).toBe('sealed');
  });
});

describe('failing N9: keys of another length', () => {
  it.each([0, 16, 31, 33, 64])('are refused, not padded or cut: %i bytes', (length) => {
    const make = () => sealingKey(new Secret(randomBytes(length)), { kid: 'k' });
    expect(make).toThrow(new TypeError(`sealingKey: secret must have 32 bytes, got ${length}`));
  });

  it('a short key and the same key padded with zeros are not one key', () => {
    expect(() => sealingKey(new Secret('short'), { kid: 'k' })).toThrow(TypeError);
    expect(sealingKey(new Secret(Buffer.alloc(32)), { kid: 'k' }).kid).toBe('k');
  });
});
