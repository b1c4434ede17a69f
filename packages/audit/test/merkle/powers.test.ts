import { expect, test } from 'vitest';
import { exponentOf, powerBelow } from '../../src/merkle/powers.ts';

test('the largest smaller power of two is exact next to every power', () => {
  for (let exponent = 1; exponent <= 52; exponent++) {
    const power = 2 ** exponent;
    expect(powerBelow(power)).toBe(power / 2);
    expect(powerBelow(power + 1)).toBe(power);
    if (power > 2) expect(powerBelow(power - 1)).toBe(power / 2);
  }
});

test('only powers of two have an exponent', () => {
  for (let exponent = 0; exponent <= 52; exponent++) expect(exponentOf(2 ** exponent)).toBe(exponent);
  for (const other of [3, 5, 6, 2 ** 31 - 1, 2 ** 52 + 1, 2 ** 53 - 1])
    expect(exponentOf(other)).toBe(undefined);
});
