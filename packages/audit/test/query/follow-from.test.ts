import { describe, expect, it } from 'vitest';
import type { Cursor } from '../../src/log/engine.ts';
import { followFrom, isPruned } from '../../src/query/follow-from.ts';
import { TileError } from '../../src/tiles/tile-error.ts';

/** An engine of which the entries below `kept` are gone. */
function prunedEngine(size: number, kept: number) {
  const leaf = Buffer.from('x');
  const check = (index: number) => {
    if (index < kept) throw new TileError('tile/entries/000', true);
  };
  return {
    tenants: () => ['a'],
    size: () => size,
    async *entries(tenant: string, from: number, to = size) {
      for (let index = from; index < to; index++) {
        check(index);
        yield { tenant, index, leaf };
      }
    },
    async *follow(cursor: Cursor) {
      for (let index = cursor.get('a') ?? 0; index < size; index++) {
        check(index);
        yield [{ tenant: 'a', index, leaf }];
      }
    },
  };
}

async function indices(engine: ReturnType<typeof prunedEngine>, cursor = new Map<string, number>()) {
  const seen: number[] = [];
  for await (const batch of followFrom(engine, cursor, new AbortController().signal)) {
    for (const { index } of batch) seen.push(index);
  }
  return seen;
}

describe('following a log', () => {
  it('leaves out what was pruned, bundle by bundle', async () => {
    const seen = await indices(prunedEngine(1000, 512));
    expect([seen[0], seen.length]).toEqual([512, 488]);
  });

  it('begins behind what it has, when that was pruned meanwhile', async () => {
    expect((await indices(prunedEngine(600, 512), new Map([['a', 300]])))[0]).toBe(512);
  });

  it('ends when everything was pruned', async () => {
    expect(await indices(prunedEngine(512, 512))).toEqual([]);
  });

  it('fails when reading fails for another reason', async () => {
    const cause = new Error('EIO');
    const broken = { ...prunedEngine(5, 0), follow: () => failing(cause) };
    await expect(indices(broken as never)).rejects.toBe(cause);
    const unreadable = { ...prunedEngine(600, 512), entries: () => failing(cause) };
    await expect(indices(unreadable as never)).rejects.toBe(cause);
  });

  it('tells a pruned file from a damaged one', () => {
    expect(isPruned(new TileError('x', true))).toBe(true);
    expect(isPruned(new TileError('x', false))).toBe(false);
    expect(isPruned(new Error('x'))).toBe(false);
  });
});

async function* failing(error: Error): AsyncGenerator<never> {
  await Promise.resolve();
  throw error;
}
