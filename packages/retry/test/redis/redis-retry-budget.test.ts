import { once } from 'node:events';
import { manualClock } from '@holdfast/pipeline/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { hasRedis, startRedis, type RunningRedis } from '../../../../scripts/services/redis.ts';
import type { RetryBudget } from '../../src/index.ts';
import { redisRetryBudget, type RedisRetryBudgetOptions } from '../../src/redis.ts';

const withdraw = (budget: RetryBudget) => budget.withdraw(undefined, {});
const call = (budget: RetryBudget, calls: number) => {
  for (let count = 0; count < calls; count++) budget.record(true, 0, {});
};

/** A client whose answers are told beforehand. */
function scripted(
  answers: (string | Error | Promise<string>)[],
  options: Partial<RedisRetryBudgetOptions> = {},
) {
  const clock = manualClock();
  const evalsha = vi.fn((..._args: unknown[]) => {
    const answer = answers.shift() ?? '0';
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  const onListenerError = vi.fn();
  const client = { evalsha, eval: vi.fn() };
  const budget = redisRetryBudget({ client, name: 'db', clock, onListenerError, ...options });
  const answered = async () => {
    // The digest of the script is made off the event loop.
    await vi.waitFor(() => expect(evalsha).toHaveBeenCalled());
    await clock.advance(0);
  };
  return { clock, budget, evalsha, onListenerError, answered };
}

describe('a retry budget over Redis', () => {
  it('takes retries in advance, and asks for more when they are used up', async () => {
    const { clock, budget, evalsha, answered } = scripted(['2', '1']);
    await answered();
    expect([withdraw(budget), withdraw(budget), withdraw(budget)]).toEqual([1, 1, 0]);
    expect(evalsha).toHaveBeenCalledOnce();
    await clock.advance(100);
    expect(withdraw(budget)).toBe(0);
    await clock.advance(0);
    expect(withdraw(budget)).toBe(1);
    expect(evalsha).toHaveBeenCalledTimes(2);
  });

  it('tells what calls have earned', async () => {
    const { clock, budget, evalsha, answered } = scripted(['2', '0'], { ratio: 0.1 });
    await answered();
    await clock.advance(100);
    call(budget, 99);
    expect(evalsha).toHaveBeenCalledOnce();
    call(budget, 1);
    await clock.advance(0);
    expect(evalsha.mock.calls[1]?.slice(1)).toEqual([1, 'holdfast:retry:db', '10', '0', '0.1', '10']);
  });

  it('does not ask more often than it may, nor while it waits for an answer', async () => {
    const { clock, budget, evalsha, answered } = scripted(['0', new Promise(() => undefined)]);
    await answered();
    for (let tries = 0; tries < 50; tries++) withdraw(budget);
    expect(evalsha).toHaveBeenCalledOnce();
    await clock.advance(100);
    for (let tries = 0; tries < 50; tries++) withdraw(budget);
    await clock.advance(0);
    expect(evalsha).toHaveBeenCalledTimes(2);
  });

  it('goes by a budget of its own when Redis fails, and says so once', async () => {
    const down = new Error('down');
    const { clock, budget, onListenerError, answered } = scripted([down, down, '2'], {
      burst: 3,
      minPerSecond: 0,
    });
    await answered();
    const granted = () => [1, 2, 3, 4].map(() => withdraw(budget));
    expect(granted()).toEqual([1, 1, 1, 0]);
    await clock.advance(100);
    withdraw(budget);
    await clock.advance(100);
    withdraw(budget);
    await clock.advance(0);
    expect(onListenerError.mock.calls).toEqual([[down]]);
    expect(granted()).toEqual([1, 1, 0, 0]);
  });

  it('goes by a budget of its own when Redis does not answer in time', async () => {
    const { clock, budget, answered } = scripted([new Promise(() => undefined)], { answerMs: 50 });
    await answered();
    expect(withdraw(budget)).toBe(0);
    await clock.advance(50);
    expect(withdraw(budget)).toBe(1);
  });

  it.each([
    [{}, 'redisRetryBudget: client must be an object with the methods eval, evalsha'],
    [{ client: { eval() {}, evalsha() {} } }, 'redisRetryBudget: name must be a string, got undefined'],
    [
      { client: { eval() {}, evalsha() {} }, name: 'a', ratio: 2 },
      'redisRetryBudget: ratio must be a number',
    ],
  ])('refuses the options %j', (options, message) => {
    expect(() => redisRetryBudget(options as never)).toThrow(message);
  });
});

describe.skipIf(!hasRedis)('a retry budget over a real Redis', () => {
  let server: RunningRedis;
  let client: Redis;

  beforeAll(async () => {
    server = await startRedis();
    client = new Redis(server.url);
    await once(client, 'ready');
  });
  beforeEach(() => client.flushall());
  afterAll(async () => {
    client.disconnect();
    await server.close();
  });

  const shared = (options: Partial<RedisRetryBudgetOptions> = {}) =>
    redisRetryBudget({ client, name: 'db', askEveryMs: 0, minPerSecond: 0, ...options });

  /** Asks each budget in turn until none has granted anything for a while. */
  async function drain(budgets: readonly RetryBudget[]): Promise<number> {
    let granted = 0;
    for (let round = 0; round < 60; round++) {
      for (const budget of budgets) granted += withdraw(budget);
      await client.ping();
    }
    return granted;
  }

  it('grants what was saved up once, to all together', async () => {
    const budgets = Array.from({ length: 5 }, () => shared({ burst: 20 }));
    await client.ping();
    expect(await drain(budgets)).toBe(20);
  });

  it('grants what the calls of all have earned, and never more', async () => {
    const budgets = Array.from({ length: 4 }, () => shared({ ratio: 0.1, burst: 10 }));
    await client.ping();
    let granted = await drain(budgets);
    expect(granted).toBe(10);
    let calls = 0;
    for (let round = 0; round < 10; round++) {
      for (const budget of budgets) call(budget, 7);
      calls += 28;
      granted += await drain(budgets);
      expect(granted).toBeLessThanOrEqual(10 + 0.1 * calls);
      expect(granted).toBeGreaterThanOrEqual(Math.floor(10 + 0.1 * calls) - 1);
    }
  });

  it('lets time earn by the clock of the server', async () => {
    const budgets = [shared({ burst: 5, minPerSecond: 50 })];
    let granted = 0;
    const grantedInAll = async () => (granted += await drain(budgets));
    await expect.poll(grantedInAll).toBeGreaterThanOrEqual(6);
  });
});
