import { seededRandom } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';

const draw = (seed: number, count: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random());
};

describe('seeded random numbers', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(draw(42, 100)).toEqual(draw(42, 100));
    expect(draw(42, 100)).not.toEqual(draw(43, 100));
  });

  it.each([0, 1, -1, 42, 2 ** 32 + 5])('lie in [0, 1) and fill it evenly: seed %i', (seed) => {
    const all = draw(seed, 20_000);
    expect(all.every((n) => n >= 0 && n < 1)).toBe(true);
    const tenths = Array.from({ length: 10 }, (_, i) => all.filter((n) => Math.floor(n * 10) === i).length);
    for (const count of tenths) expect(Math.abs(count - 2_000)).toBeLessThan(200);
    expect(new Set(all).size).toBeGreaterThan(19_900);
  });
});
