import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Slots } from '../src/slots.ts';

const action = fc.constantFrom('acquire' as const, 'release' as const);

test('no more run than there are slots, those that wait go in order, and none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(action, { maxLength: 40 }),
      async (count, actions) => {
        const slots = new Slots(count);
        const started: number[] = [];
        let asked = 0;
        let ended = 0;
        const settle = () => new Promise((resolve) => setImmediate(resolve));
        const acquire = async (turn: number) => {
          await slots.acquire();
          started.push(turn);
        };
        const running = () => started.length - ended;
        for (const each of actions) {
          if (each === 'acquire') void acquire(asked++);
          else if (running() > 0) {
            ended++;
            slots.release();
          }
          await settle();
          expect(running()).toBe(Math.min(count, asked - ended));
          expect(started).toEqual(started.map((_, index) => index));
        }
        while (ended < asked) {
          ended++;
          slots.release();
          await settle();
        }
        expect(started).toHaveLength(asked);
      },
    ),
    { numRuns: 40 },
  );
});
