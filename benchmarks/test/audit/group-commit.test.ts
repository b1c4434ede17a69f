import { describe, expect, it } from 'vitest';
import { groupCommit } from '../../src/audit/group-commit.ts';

/** A store that writes when it is told to. */
function held() {
  const batches: (readonly number[])[] = [];
  const ends: (() => void)[] = [];
  const append = groupCommit<number>((items) => {
    batches.push(items);
    return new Promise<void>((resolve) => ends.push(resolve));
  });
  const turn = () => new Promise(setImmediate);
  const finish = async () => {
    ends.shift()?.();
    await turn();
  };
  return { batches, append, turn, finish };
}

describe('groupCommit', () => {
  it('writes what is appended in one turn together, and answers when it is written', async () => {
    const { batches, append, turn, finish } = held();
    let answered = 0;
    for (const item of [1, 2, 3]) void append(item).then(() => answered++);
    await turn();
    expect({ batches, answered }).toEqual({ batches: [[1, 2, 3]], answered: 0 });
    await finish();
    expect(answered).toBe(3);
  });

  it('gathers while it writes, also those who ask again once they are answered', async () => {
    const { batches, append, turn, finish } = held();
    void append(1).then(() => append(3));
    await turn();
    void append(2);
    await finish();
    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('hands a failure to those whose items were in the batch, and goes on', async () => {
    let calls = 0;
    const append = groupCommit<number>(() => {
      if (++calls === 1) throw new Error('full');
    });
    await expect(append(1)).rejects.toThrow('full');
    await expect(append(2)).resolves.toBeUndefined();
  });

  it('lets a batch leave when it is told to', async () => {
    let leave = () => {};
    const batches: (readonly number[])[] = [];
    const append = groupCommit<number>(
      (items) => batches.push(items),
      () => new Promise<void>((resolve) => (leave = resolve)),
    );
    const first = append(1);
    await new Promise(setImmediate);
    const second = append(2);
    expect(batches).toEqual([]);
    leave();
    await Promise.all([first, second]);
    expect(batches).toEqual([[1, 2]]);
  });
});
