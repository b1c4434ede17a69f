import { BaseStrategy, defineStrategy, strategyHooks } from '@holdfast/pipeline';
import { describe, expect, it } from 'vitest';
import { recordingGate } from './recording-gate.ts';

const strategy = () => {
  const gate = recordingGate();
  return { gate, guarded: defineStrategy('mine', gate) };
};

describe('defineStrategy', () => {
  it('takes one hook or several', () => {
    const [a, b] = [recordingGate('a'), recordingGate('b')];
    expect(defineStrategy('one', a)[strategyHooks]).toEqual([a]);
    expect(defineStrategy('two', [a, b])[strategyHooks]).toEqual([a, b]);
    expect(defineStrategy('none', [])[strategyHooks]).toEqual([]);
  });

  it('gives the strategy its name', () => {
    expect(defineStrategy('mine', []).name).toBe('mine');
    expect(defineStrategy('', []).name).toBe('');
    expect(() => defineStrategy(5 as never, [])).toThrow(
      new TypeError('strategy: name must be a string, got a number'),
    );
  });

  it('keeps the hooks where packages built apart find them', () => {
    expect(strategyHooks).toBe(Symbol.for('@holdfast/strategy/1'));
    expect(Object.getOwnPropertySymbols(defineStrategy('mine', []))).toContain(strategyHooks);
  });
});

describe('wrap', () => {
  it('hands on `this`, the arguments and the result', async () => {
    const { guarded, gate } = strategy();
    const account = {
      balance: 5,
      add: guarded.wrap(async function (this: { balance: number }, a: number, b = 1) {
        return (this.balance += a + b);
      }),
    };
    expect(await account.add(1)).toBe(7);
    expect(await account.add(1, 2)).toBe(10);
    expect(gate.outcomes).toEqual(['success', 'success']);
  });

  it('keeps the name and the length of the function', () => {
    async function fetchUser(_id: string, _locale: string) {
      return 'user';
    }
    const wrapped = strategy().guarded.wrap(fetchUser);
    expect([wrapped.name, wrapped.length]).toEqual(['fetchUser', 2]);
  });

  it('rejects when the function throws synchronously', async () => {
    const wrapped = strategy().guarded.wrap((): Promise<number> => {
      throw new Error('sync');
    });
    await expect(wrapped()).rejects.toThrow('sync');
  });

  it('answers with a plain promise for any thenable', async () => {
    const thenable: PromiseLike<number> = { then: (resolve) => Promise.resolve(3).then(resolve) };
    const answer = strategy().guarded.wrap(() => thenable)();
    expect(answer).toBeInstanceOf(Promise);
    expect(await answer).toBe(3);
  });

  it('can wrap several functions behind one gate', async () => {
    const { guarded, gate } = strategy();
    const [a, b] = [guarded.wrap(async () => 'a'), guarded.wrap(async () => 'b')];
    expect(await Promise.all([a(), b()])).toEqual(['a', 'b']);
    expect(gate.admitted).toEqual([1, 2]);
  });
});

describe('define', () => {
  it('gives the function the context first, and the caller the rest', async () => {
    const double = strategy().guarded.define((ctx, value: number, times: number = 2) => [
      ctx.attempt,
      value * times,
    ]);
    expect(await double(4)).toEqual([1, 8]);
    expect(await double(4, 3)).toEqual([1, 12]);
  });

  it('gives each call a context of its own', async () => {
    const context = strategy().guarded.define((ctx) => ctx);
    expect(await context()).not.toBe(await context());
  });
});

it('a strategy that extends BaseStrategy guards all five methods through its execute', async () => {
  const log: string[] = [];
  class Noting extends BaseStrategy {
    override execute: BaseStrategy['execute'] = (operation, options) => {
      log.push('execute');
      return super.execute(operation, options);
    };
  }
  const noting = new Noting('noting', [recordingGate()]);
  await noting.wrap(async () => 1)();
  await noting.define(() => 1)();
  await noting
    .stream(async function* () {
      yield 1;
    })
    .next();
  expect(log).toEqual(['execute', 'execute', 'execute']);
});
