import { expect, test } from 'vitest';
import { withError } from '../src/with-error.ts';

test('an error hangs on what is told by reference, where neither JSON nor a copy sees it', () => {
  const error = new Error('10.0.0.3');
  const told = withError({ name: 'a' }, error);
  expect(told.error).toBe(error);
  expect(JSON.stringify(told)).toBe('{"name":"a"}');
  expect({ ...told }).toEqual({ name: 'a' });
});

test('without an error nothing hangs on it', () => {
  expect(Object.getOwnPropertyNames(withError({ name: 'a' }, undefined))).toEqual(['name']);
});
