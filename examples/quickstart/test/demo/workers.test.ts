import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { createWorkers } from '../../src/demo/workers.ts';

const client = () => Object.assign(new EventEmitter(), { destroyed: false }) as unknown as ServerResponse;

it('works on so many at a time, and on the others in the order in which they came', () => {
  const workers = createWorkers(() => 2);
  const started: number[] = [];
  const ends: (() => void)[] = [];
  for (let nth = 1; nth <= 4; nth++) {
    workers.work(client(), (done) => {
      started.push(nth);
      ends.push(done);
    });
  }
  expect(started).toEqual([1, 2]);
  ends[0]?.();
  ends[0]?.();
  expect(started).toEqual([1, 2, 3]);
  ends[1]?.();
  expect(started).toEqual([1, 2, 3, 4]);
});

it('does not work for those who have left', () => {
  const workers = createWorkers(() => 1);
  const [first, second, third] = [client(), client(), client()];
  const started: string[] = [];
  workers.work(first, () => started.push('first'));
  workers.work(second, () => started.push('second'));
  workers.work(third, () => started.push('third'));
  Object.assign(second, { destroyed: true });
  first.emit('close');
  expect(started).toEqual(['first', 'third']);
});

it('takes on more when there are more of them', () => {
  let capacity = 1;
  const workers = createWorkers(() => capacity);
  const started: number[] = [];
  for (let nth = 1; nth <= 3; nth++) workers.work(client(), () => started.push(nth));
  capacity = 4;
  workers.work(client(), () => started.push(4));
  expect(started).toEqual([1, 2, 3, 4]);
});
