import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, test, vi } from 'vitest';
import { createHealth, redisCheck, sqlCheck, type SqlCheckOptions } from '../../src/index.ts';
import { runCheck } from './run-check.ts';

const takes = (clock: ReturnType<typeof manualClock>, ms: number, answer?: unknown) => () =>
  new Promise((resolve) => clock.setTimer(() => resolve(answer), ms));

describe('a check of a SQL database', () => {
  test('asks it something and says how long the answer took', async () => {
    const clock = manualClock();
    const query = vi.fn(takes(clock, 12));
    const result = runCheck(sqlCheck({ client: { query }, clock }));
    await clock.advance(12);
    expect(await result).toEqual({ state: 'up', observedValue: 12, observedUnit: 'ms' });
    expect(query).toHaveBeenCalledWith('select 1');
  });

  test('asks what it is told to', async () => {
    const query = vi.fn(() => Promise.resolve());
    await runCheck(sqlCheck({ client: { query }, statement: 'select now()' }));
    expect(query).toHaveBeenCalledWith('select now()');
  });

  test.each([
    [199, 'up'],
    [200, 'degraded'],
  ])('an answer after %i ms is %s with slowMs 200', async (ms, state) => {
    const clock = manualClock();
    const result = runCheck(sqlCheck({ client: { query: takes(clock, ms) }, clock, slowMs: 200 }));
    await clock.advance(ms);
    expect((await result).state).toBe(state);
  });

  test('fails with the error of the database', async () => {
    const error = Object.assign(new Error('x'), { code: '28P01' });
    await expect(runCheck(sqlCheck({ client: { query: () => Promise.reject(error) } }))).rejects.toBe(error);
  });

  test('passes on to its health what every check can be told', async () => {
    const check = sqlCheck({
      client: { query: () => Promise.resolve() },
      name: 'orders',
      critical: false,
      timeoutMs: 50,
    });
    expect(check).toMatchObject({
      name: 'orders',
      critical: false,
      timeoutMs: 50,
      componentType: 'datastore',
    });
    const health = createHealth({ checks: [check] });
    await health.start();
    expect(health.report().checks).toMatchObject([
      { name: 'orders', state: 'up', componentType: 'datastore' },
    ]);
    health.close();
  });

  test.each<[SqlCheckOptions, string]>([
    [{} as SqlCheckOptions, 'sqlCheck: client must be an object, got undefined'],
    [{ client: { query: async () => 1 }, slowMs: -1 }, 'sqlCheck: slowMs must be a number >= 0, got -1'],
    [{ client: { query: async () => 1 }, timeoutMs: 0 }, 'sqlCheck: timeoutMs must be a number >= 1, got 0'],
    [
      { client: { query: async () => 1 }, sql: 1 } as unknown as SqlCheckOptions,
      'sqlCheck has no option "sql"',
    ],
  ])('%j is refused', (options, message) => {
    expect(() => sqlCheck(options)).toThrow(message);
  });
});

describe('a check of Redis', () => {
  test('is up when it answers PONG', async () => {
    expect(await runCheck(redisCheck({ client: { ping: async () => 'PONG' } }))).toMatchObject({
      state: 'up',
    });
  });

  test('fails when it answers something else', async () => {
    const check = redisCheck({ client: { ping: async () => 'LOADING' } });
    await expect(runCheck(check)).rejects.toMatchObject({ code: 'wrong-answer' });
  });

  test('fails with the error of the client', async () => {
    const check = redisCheck({ client: { ping: () => Promise.reject(new Error('closed')) } });
    await expect(runCheck(check)).rejects.toThrow('closed');
  });
});
