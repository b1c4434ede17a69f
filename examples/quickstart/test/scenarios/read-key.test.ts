import { expect, it } from 'vitest';
import { readKey } from '../../src/scenarios/read-key.ts';

it('tells methods and paths apart', () => {
  const key = (method: string, path: string) => readKey({ access: 'read', method, path });
  expect(new Set([key('GET', '/a'), key('HEAD', '/a'), key('GET', '/b')]).size).toBe(3);
});

it('has no key for a write, which is never answered from memory', () => {
  expect(readKey({ access: 'write', method: 'POST', path: '/a' })).toBeUndefined();
});
