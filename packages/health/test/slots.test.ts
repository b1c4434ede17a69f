import { expect, test } from 'vitest';
import { Slots } from '../src/slots.ts';

test('a free slot is taken without waiting', () => {
  expect(new Slots(1).acquire()).toBeUndefined();
});

test('those that wait are served in the order in which they came', async () => {
  const slots = new Slots(1);
  const served: number[] = [];
  await slots.acquire();
  const waiting = [1, 2, 3].map(async (each) => {
    await slots.acquire();
    served.push(each);
    slots.release();
  });
  slots.release();
  await Promise.all(waiting);
  expect(served).toEqual([1, 2, 3]);
});

test('a slot given back with nobody waiting is free again', async () => {
  const slots = new Slots(1);
  await slots.acquire();
  slots.release();
  expect(slots.acquire()).toBeUndefined();
  expect(slots.acquire()).toBeInstanceOf(Promise);
});
