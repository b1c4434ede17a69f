import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeapTimer, TimerHeap } from '../../src/simulation/timer-heap.ts';

describe('TimerHeap', () => {
  it('gives timers out by expiry, equal ones by age, however they came in', () => {
    const step = fc.oneof(fc.nat(5), fc.constant('pop' as const));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const heap = new TimerHeap();
        const model: HeapTimer[] = [];
        for (const [order, each] of steps.entries()) {
          if (each === 'pop') expect(heap.pop()).toBe(model.shift());
          else {
            const timer = new HeapTimer(each, order, () => {});
            heap.push(timer);
            model.push(timer);
            model.sort((a, b) => a.dueAtMs - b.dueAtMs || a.order - b.order);
          }
          expect(heap.first).toBe(model[0]);
        }
      }),
    );
  });
});
