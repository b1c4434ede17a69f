import { describe, expect, it } from 'vitest';
import { bytesPerOp, liveBytes } from '../../src/harness/heap.ts';
import { loopOf } from '../../src/harness/timed-case.ts';

const loop = (op: () => unknown) => loopOf({ name: 'it', subject: 'x', op, ending: 'returns' });

describe('bytesPerOp', () => {
  it('finds nothing where nothing is allocated', async () => {
    const add = loop(() => 1 + 1);
    add(20_000);
    expect(await bytesPerOp(add)).toBeLessThanOrEqual(1);
  });

  it('finds what an array takes', async () => {
    const allocate = loop(() => new Array<number>(100).fill(0));
    allocate(2_000);
    // A word is 4 bytes where pointers are compressed, and 8 in Node.
    const found = await bytesPerOp(allocate);
    expect(found).toBeGreaterThanOrEqual(400);
    expect(found).toBeLessThanOrEqual(1_000);
  });

  it('prepares every run, and does not count that', async () => {
    let kept: unknown;
    let prepared = 0;
    const prepare = () => {
      prepared++;
      kept = new Array<number>(10_000).fill(prepared);
    };
    const found = await bytesPerOp(
      loop(() => 1),
      prepare,
    );
    expect(kept).toHaveLength(10_000);
    expect(prepared).toBeGreaterThan(1);
    expect(found).toBeLessThan(100);
  });
});

describe('liveBytes', () => {
  it('counts typed arrays too', () => {
    const before = liveBytes();
    const held = new Uint8Array(3_000_000);
    expect(liveBytes() - before).toBeGreaterThan(2_900_000);
    expect(held).toHaveLength(3_000_000);
  });
});
