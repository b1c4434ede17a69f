import { describe, expect, it } from 'vitest';
import { measure } from '../../src/harness/measure.ts';
import type { TimedCase } from '../../src/harness/timed-case.ts';

/** A clock that operations move, so that what they take is known exactly. */
function scripted() {
  let nowMs = 0;
  const taking = (name: string, ms: () => number): TimedCase => ({
    name,
    subject: 'x',
    ending: 'returns',
    op: () => void (nowMs += ms()),
  });
  return { now: () => nowMs, pass: (ms: number) => void (nowMs += ms), taking };
}

describe('measure', () => {
  it('reports nanoseconds for an operation and its ratio to the first case', async () => {
    const { now, taking } = scripted();
    const cases = [taking('base', () => 0.001), taking('double', () => 0.002), taking('half', () => 0.0005)];
    const reports = await measure(cases, { now, rounds: 15, batchMs: 0.1 });
    expect(reports.map(({ nsPerOp, ratio }) => [nsPerOp, ratio])).toEqual([
      [1_000, 1],
      [2_000, 2],
      [500, 0.5],
    ]);
  });

  it('is not misled by a machine that becomes ten times slower midway', async () => {
    const { now, taking } = scripted();
    let batches = 0;
    const slowness = () => (batches++ > 20_000 ? 10 : 1);
    const cases = [taking('base', () => 0.001 * slowness()), taking('triple', () => 0.003 * slowness())];
    const [, triple] = await measure(cases, { now, rounds: 41, batchMs: 0.5 });
    expect(batches).toBeGreaterThan(30_000);
    expect(triple?.ratio).toBeCloseTo(3, 1);
  });

  it('prepares every batch off the clock', async () => {
    const { now, pass, taking } = scripted();
    let prepared = 0;
    const prepare = () => {
      prepared++;
      pass(1_000);
    };
    const [report] = await measure([{ ...taking('it', () => 0.001), prepare }], {
      now,
      rounds: 15,
      batchMs: 0.1,
    });
    expect(report?.nsPerOp).toBe(1_000);
    expect(prepared).toBeGreaterThan(15);
  });

  it('does not count the rounds in which the code warms up', async () => {
    const { now, taking } = scripted();
    let batch = 0;
    // One look, batches of 1 to 64 operations, three of 128 that take 0.1 ms, and five rounds.
    const cold = () => batch > 11 && batch <= 11 + 5;
    const timed = { ...taking('it', () => (cold() ? 0.01 : 0.001)), prepare: () => void batch++ };
    const [report] = await measure([timed], { now, rounds: 1, batchMs: 0.1 });
    expect(report?.nsPerOp).toBe(1_000);
  });

  it('is not led to small batches by a pause of the process', async () => {
    const { now, taking } = scripted();
    let calls = 0;
    let inBatch = 0;
    let measured = 0;
    const cost = () => {
      inBatch++;
      return ++calls === 5 ? 50 : 0.001;
    };
    const timed = { ...taking('it', cost), prepare: () => void (inBatch = 0) };
    const progress = () => void (measured = inBatch);
    await measure([timed], { now, rounds: 1, batchMs: 0.1, progress });
    expect(measured).toBe(128);
  });

  it('keeps to the most operations that a batch may have', async () => {
    const { now, taking } = scripted();
    let inBatch = 0;
    let measured = 0;
    const cost = () => {
      inBatch++;
      return 0.000_001;
    };
    const timed = { ...taking('it', cost), maxOpsPerBatch: 6, prepare: () => void (inBatch = 0) };
    const progress = () => void (measured = inBatch);
    await measure([timed], { now, rounds: 1, batchMs: 10, progress });
    expect(measured).toBe(6);
  });

  it('refuses a case that does not end as it says', async () => {
    const timed: TimedCase = { name: 'broken', subject: 'x', op: () => Promise.reject(new Error('boom')) };
    await expect(measure([timed], { rounds: 15, batchMs: 0.1 })).rejects.toThrow("case 'broken'");
  });

  it('says how far it is', async () => {
    const { now, taking } = scripted();
    const shares: number[] = [];
    const progress = (share: number) => void shares.push(share);
    await measure([taking('it', () => 0.001)], { now, rounds: 20, batchMs: 0.1, progress });
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });

  it('passes the target of a case on', async () => {
    const { now, taking } = scripted();
    const target = { atMost: { ratio: 2 } };
    const reports = await measure([taking('base', () => 1), { ...taking('it', () => 1), target }], {
      now,
      rounds: 15,
    });
    expect(reports[0]).not.toHaveProperty('target');
    expect(reports[1]?.target).toEqual(target);
  });
});
