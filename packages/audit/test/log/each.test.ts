import { expect, test } from 'vitest';
import { each } from '../../src/log/each.ts';

test('no more than the limit run at a time, and all of them run', async () => {
  let running = 0;
  let most = 0;
  const done: number[] = [];
  await each([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    most = Math.max(most, ++running);
    await new Promise(setImmediate);
    running--;
    done.push(item);
  });
  expect(most).toBe(3);
  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('the first failure is told once what runs has ended, and nothing more is begun', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const failing = each([1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item);
    await new Promise(setImmediate);
    if (item === 1) throw new Error('first');
    await new Promise(setImmediate);
    ended.push(item);
  });
  await expect(failing).rejects.toThrow('first');
  expect(begun).toEqual([1, 2]);
  expect(ended).toEqual([2]);
});

test('nothing is done with nothing', async () => {
  await each([], 4, () => Promise.reject(new Error('never')));
});
