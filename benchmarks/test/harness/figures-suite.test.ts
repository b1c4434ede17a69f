import { describe, expect, it } from 'vitest';
import { figuresSuite } from '../../src/harness/figures-suite.ts';

describe('figuresSuite', () => {
  it('looks at one case after another and reports what it found', async () => {
    const cases = [
      { name: 'a', subject: 'holdfast', size: 1, target: { atMost: { size: 1 } } },
      { name: 'b', subject: 'peer', size: 2 },
    ];
    const suite = figuresSuite('sizes', 'about', cases, ({ size }) => Promise.resolve({ figures: { size } }));
    const shares: number[] = [];
    expect(await suite.run((share) => void shares.push(share))).toEqual({
      baseline: null,
      cases: [
        {
          name: 'a',
          subject: 'holdfast',
          nsPerOp: null,
          bytesPerOp: null,
          ratio: null,
          figures: { size: 1 },
          target: { atMost: { size: 1 } },
        },
        { name: 'b', subject: 'peer', nsPerOp: null, bytesPerOp: null, ratio: null, figures: { size: 2 } },
      ],
    });
    expect(shares).toEqual([0.5, 1]);
  });
});
