import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sparkline } from '../../src/view/sparkline.ts';

it('draws nothing for 0, the lowest bar for a little and the highest for the most', () => {
  expect(sparkline([0, 0.001, 4, 8], 8)).toBe(' ▁▄█');
});

it('draws exactly one character for each number, whatever it is', () => {
  fc.assert(
    fc.property(fc.array(fc.double()), fc.double({ min: 1e-3, max: 1e9, noNaN: true }), (values, max) => {
      expect(sparkline(values, max)).toMatch(new RegExp(`^[ ▁▂▃▄▅▆▇█]{${values.length}}$`));
    }),
  );
});
