import { BackendError } from '@holdfast/credential-broker';
import { expect, it } from 'vitest';

it.each([
  [0, 0],
  [1.5, 1.5],
  [-0.1, undefined],
  [NaN, undefined],
  [Infinity, undefined],
  [-Infinity, undefined],
  ['7', undefined],
  [undefined, undefined],
])('an error whose backend says to come back in %j ms says %j', (said, told) => {
  const error = new BackendError('quota', 'enough', { retryAfterMs: said as number | undefined });
  expect(error.retryAfterMs).toBe(told);
});

it('an error says whether the same may work a moment later: where there was no answer, or it is told so', () => {
  const isTransient = (...[failure, options]: [BackendError['failure'], { transient?: boolean }?]) =>
    new BackendError(failure, 'no', options).transient;
  expect(isTransient('unavailable')).toBe(true);
  expect(isTransient('denied')).toBe(false);
  expect(isTransient('denied', { transient: true })).toBe(true);
  expect(isTransient('unavailable', { transient: false })).toBe(false);
});
