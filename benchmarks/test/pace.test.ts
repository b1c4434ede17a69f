import { expect, it } from 'vitest';
import { pace } from '../src/pace.ts';

it('asks each subject as often as the pace says, in turns', async () => {
  const calls: string[] = [];
  const subject = (name: string) => (call: number) => {
    calls.push(`${name}${call}`);
    return Promise.resolve();
  };
  await pace([subject('a'), subject('b')], { perSecond: 1_000, turns: 2, turnMs: 2 });
  expect(calls).toEqual(['a0', 'a1', 'b0', 'b1', 'a0', 'a1', 'b0', 'b1']);
});

it('goes on asking while nothing is answered, and counts a stall in all that waited for it', async () => {
  let release = () => {};
  const stalled = new Promise<void>((resolve) => (release = resolve));
  const [found] = await pace(
    [
      (call) => {
        if (call === 9) release();
        return stalled;
      },
    ],
    { perSecond: 1_000, turns: 1, turnMs: 10 },
  );
  // Ten are due within 10 ms and answered together: half of them waited for half of that, at least.
  expect(found?.p50Ms).toBeGreaterThan(4);
  expect(found?.p99Ratio).toBe(1);
});
