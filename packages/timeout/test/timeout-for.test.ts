import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import {
  clampTimeout,
  createTimeouts,
  isTimeout,
  MAX_TIMEOUT_MS,
  MIN_TIMEOUT_MS,
  operationTimeouts,
  timeout,
  timeoutFor,
} from '../src/index.ts';

describe('timeoutFor', () => {
  it('answers for every operation of the table', () => {
    for (const [operation, ms] of Object.entries(operationTimeouts)) expect(timeoutFor(operation)).toBe(ms);
  });

  it.each(['no.such.operation', '', 'constructor', '__proto__', 'toString', 'DB.QUERY'])(
    'gives the unknown operation %o the default',
    (operation) => {
      expect(timeoutFor(operation)).toBe(30_000);
    },
  );

  it('serves a timeout, after a value from outside was brought within bounds', async () => {
    const clock = manualClock();
    const timeoutMs = clampTimeout(timeoutFor('db.query') * 1_000);
    const call = timeout({ timeoutMs, clock }).execute(() => new Promise(() => undefined));
    const caught = call.catch((error: unknown) => error);
    await clock.advance(MAX_TIMEOUT_MS);
    expect(isTimeout(await caught)).toBe(true);
  });
});

describe('the table of operations', () => {
  const all = Object.entries(operationTimeouts);

  it('knows at least 35 operations and cannot be changed', () => {
    expect(all.length).toBeGreaterThanOrEqual(36);
    expect(Object.isFrozen(operationTimeouts)).toBe(true);
  });

  it.each(all)('gives %s a time within bounds: %i ms', (_, ms) => {
    expect(Number.isInteger(ms)).toBe(true);
    expect(clampTimeout(ms)).toBe(ms);
  });

  it('gives more time to what takes longer', () => {
    expect(timeoutFor('agent.create')).toBeGreaterThan(timeoutFor('http.request'));
    expect(timeoutFor('agent.create')).toBeGreaterThan(timeoutFor('tcp.connect'));
    expect(timeoutFor('llm.completion')).toBeGreaterThan(timeoutFor('llm.first-token'));
    expect(timeoutFor('db.report')).toBeGreaterThan(timeoutFor('db.query'));
    expect(timeoutFor('mcp.call-tool')).toBeGreaterThan(timeoutFor('mcp.connect'));
    expect(timeoutFor('cache.get')).toBeLessThan(timeoutFor('db.query'));
  });

  it('keeps calls of an API reasonable', () => {
    expect(timeoutFor('api.call')).toBeGreaterThanOrEqual(1_000);
    expect(timeoutFor('api.call')).toBeLessThanOrEqual(60_000);
  });
});

describe('createTimeouts', () => {
  it('adds and replaces operations', () => {
    const own = createTimeouts({ 'invoice.render': 20_000, 'db.query': 2_000 });
    expect(own('invoice.render')).toBe(20_000);
    expect(own('db.query')).toBe(2_000);
    expect(own('dns.lookup')).toBe(timeoutFor('dns.lookup'));
    expect(own('unknown')).toBe(30_000);
    expect(timeoutFor('db.query')).toBe(5_000);
  });

  it('takes a default of its own', () => {
    expect(createTimeouts({ default: 10_000 })('unknown')).toBe(10_000);
  });

  it('does not follow later changes of what it was given', () => {
    const given = { mine: 1_000 };
    const own = createTimeouts(given);
    given.mine = 2_000;
    expect(own('mine')).toBe(1_000);
  });

  it.each([MIN_TIMEOUT_MS, MAX_TIMEOUT_MS])('takes the bound %i', (ms) => {
    expect(createTimeouts({ mine: ms })('mine')).toBe(ms);
  });

  it.each([99, 600_001, NaN, Infinity])('refuses %d', (ms) => {
    expect(() => createTimeouts({ mine: ms })).toThrow(
      `createTimeouts: mine must be a number >= 100 and <= 600000, got ${ms}`,
    );
  });

  it('refuses what is no table', () => {
    expect(() => createTimeouts(null as never)).toThrow('createTimeouts: own must be an object, got null');
  });
});
