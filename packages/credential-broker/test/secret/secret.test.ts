import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/secret/secret.ts';

const CANARY = 'c4nary-secret';

describe('a secret', () => {
  it('reveals itself to who asks', () => {
    expect(new Secret(CANARY).reveal()).toBe(CANARY);
    expect(new Secret('pä😀 \ufeff').reveal()).toBe('pä😀 \ufeff');
    expect(new Secret('\ufeffx').reveal()).toBe('\ufeffx');
    expect([...new Secret(Uint8Array.of(1, 255)).bytes()]).toEqual([1, 255]);
    expect(new Secret('').reveal()).toBe('');
  });

  it.each([
    12345678,
    {},
    [1, 2],
    true,
    null,
    undefined,
    Symbol('c4nary'),
    new Secret('x'),
    new ArrayBuffer(2),
  ])('is not made of %s', (value) => {
    expect(() => new Secret(value as never)).toThrow(new TypeError('a secret must be text or bytes'));
  });

  it('that is not UTF-8 has bytes but no text', () => {
    expect(() => new Secret(Uint8Array.of(0xff)).reveal()).toThrow(TypeError);
  });

  it.each<[string, (secret: Secret) => string]>([
    ['a template', (secret) => `${secret as unknown as string}`],
    ['String', (secret) => String(secret)],
    ['concatenation', (secret) => 'x' + String(secret)],
    ['JSON', (secret) => JSON.stringify({ secret, list: [secret] })],
    ['the inspector', (secret) => inspect({ secret }, { showHidden: true, depth: 9, getters: true })],
    ['console', (secret) => format('%s %o %O %j', secret, secret, secret, secret)],
    [
      'an error',
      (secret) => inspect(Object.assign(new Error(String(secret), { cause: secret }), { secret })),
    ],
    [
      'its properties',
      (secret) => JSON.stringify([Object.entries(secret), Reflect.ownKeys(secret).map(String)]),
    ],
    ['a copy', (secret) => JSON.stringify([{ ...secret }, Object.assign({}, secret)])],
    ['a clone', (secret) => inspect(structuredClone(secret), { showHidden: true })],
  ])('does not show itself to %s', (_, show) => {
    expect(show(new Secret(CANARY))).not.toMatch(/c4nary|63346e|99, ?52/);
  });

  it('says what it is instead', () => {
    const secret = new Secret(CANARY);
    expect([inspect(secret), String(secret), JSON.stringify(secret)]).toEqual([
      '[secret]',
      '[secret]',
      '"[secret]"',
    ]);
  });

  it('would show itself to the same if it were text', () => {
    expect(inspect({ secret: CANARY }) + JSON.stringify([...new TextEncoder().encode(CANARY)])).toMatch(
      /c4nary.*99,52/s,
    );
  });

  it('is a copy of the bytes that it was made of', () => {
    const bytes = new TextEncoder().encode(CANARY);
    const secret = new Secret(bytes);
    bytes.fill(0);
    expect(secret.reveal()).toBe(CANARY);
  });

  it('is overwritten when it is disposed of', () => {
    const secret = new Secret(CANARY);
    const bytes = secret.bytes();
    secret.dispose();
    expect([...bytes]).toEqual(Array.from(CANARY, () => 0));
    expect(secret.disposed).toBe(true);
    expect(() => secret.reveal()).toThrow(new TypeError('the secret was disposed of'));
    expect(() => secret.bytes()).toThrow(TypeError);
    expect(String(secret)).toBe('[secret]');
    expect(() => secret.dispose()).not.toThrow();
  });

  it('is disposed of at the end of its block', () => {
    let kept: Secret;
    {
      using secret = new Secret(CANARY);
      kept = secret;
      expect(kept.disposed).toBe(false);
    }
    expect(kept.disposed).toBe(true);
  });
});
