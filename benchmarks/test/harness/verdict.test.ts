import { describe, expect, it } from 'vitest';
import type { CaseReport } from '../../src/harness/suite.ts';
import { verdictsOf } from '../../src/harness/verdict.ts';

const report = (more: Partial<CaseReport>): CaseReport => ({
  name: 'it',
  subject: 'holdfast',
  nsPerOp: null,
  bytesPerOp: null,
  ratio: null,
  ...more,
});
const holds = (more: Partial<CaseReport>) => verdictsOf(report(more)).map((verdict) => verdict.holds);

describe('verdictsOf', () => {
  it.each([
    [2.39, true],
    [2.4, true],
    [2.41, false],
  ])('compares a ratio of %d with a limit of 2.4', (ratio, kept) => {
    expect(holds({ ratio, target: { atMost: { ratio: 2.4 } } })).toEqual([kept]);
  });

  it.each([
    [79, false],
    [80, true],
  ])('compares a figure of %d with a floor of 80', (share, kept) => {
    expect(holds({ figures: { share }, target: { atLeast: { share: 80 } } })).toEqual([kept]);
  });

  it('breaks a promise about something that never happened or was not measured', () => {
    expect(holds({ figures: { recovered: null }, target: { atMost: { recovered: 10 } } })).toEqual([false]);
    expect(holds({ target: { atMost: { ratio: 10 }, atLeast: { other: 0 } } })).toEqual([false, false]);
  });

  it('keeps a promise of nothing at all', () => {
    expect(holds({ bytesPerOp: 0, target: { atMost: { bytesPerOp: 0 } } })).toEqual([true]);
  });

  it('says each promise in words', () => {
    const target = { atMost: { ratio: 2.4 }, atLeast: { share: 80 } };
    expect(verdictsOf(report({ target })).map(({ text }) => text)).toEqual(['ratio <= 2.4', 'share >= 80']);
  });

  it('has nothing to say without a target', () => {
    expect(verdictsOf(report({ ratio: 9 }))).toEqual([]);
  });
});
