// Trees may have up to 2^53 leaves, so bits are looked at with arithmetic: the operators of JavaScript stop at 32.

/** The largest power of two that is smaller than `n`, for `n` of at least 2. */
export function powerBelow(n: number): number {
  let power = 2 ** Math.floor(Math.log2(n));
  // The logarithm of a number next to a power of two may be rounded to that of the power.
  while (power >= n) power /= 2;
  while (power * 2 < n) power *= 2;
  return power;
}

/** The exponent of `n` when it is a power of two. */
export function exponentOf(n: number): number | undefined {
  const exponent = Math.round(Math.log2(n));
  return 2 ** exponent === n ? exponent : undefined;
}

/** Whether `n` is odd. */
export function isOdd(n: number): boolean {
  return n % 2 === 1;
}

/** Half of `n`, rounded down. */
export function half(n: number): number {
  return Math.floor(n / 2);
}
