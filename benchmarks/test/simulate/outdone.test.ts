import { describe, expect, it } from 'vitest';
import type { CaseReport, SuiteReport } from '../../src/harness/suite.ts';
import { outdone } from '../../src/simulate/outdone.ts';

const none = { nsPerOp: null, bytesPerOp: null, ratio: null };
const found = (subject: string, name: string, figures: Record<string, number | null>): CaseReport => {
  return { name, subject, ...none, figures };
};
const report = (...cases: CaseReport[]): SuiteReport => {
  return { suite: 'outage', node: 'v24', baseline: null, cases };
};

describe('outdone', () => {
  it('names the best peer, for figures of which more is better and of which less is', () => {
    const cases = report(
      found('p-retry', 'a', { 'succeed in it, %': 90, 'peak load': 4, 'back after, s': null }),
      found('cockatiel', 'b', { 'succeed in it, %': 80, 'peak load': 1, 'back after, s': 3 }),
      found('platform', 'c', { 'succeed in it, %': 99, 'peak load': 0.5, 'back after, s': 0 }),
      found('holdfast', 'recommended', { 'succeed in it, %': 70, 'peak load': 2, 'back after, s': null }),
      found('holdfast', 'other', { 'succeed in it, %': 100, 'peak load': 0, 'back after, s': 0 }),
    );
    expect(outdone(cases, 'recommended')).toEqual([
      { figure: 'peak load', ours: '2', theirs: '1', peer: 'cockatiel: b' },
      { figure: 'succeed in it, %', ours: '70', theirs: '90', peer: 'p-retry: a' },
      { figure: 'back after, s', ours: 'never', theirs: '3', peer: 'cockatiel: b' },
    ]);
    expect(outdone(cases, 'other')).toEqual([]);
  });

  it('is silent about small differences, and where nobody ever is back', () => {
    const cases = report(
      found('p-retry', 'a', { 'succeed in it, %': 99, 'back after, s': null }),
      found('holdfast', 'recommended', { 'succeed in it, %': 98, 'back after, s': null }),
    );
    expect(outdone(cases, 'recommended')).toEqual([]);
  });
});
