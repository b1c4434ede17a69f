/**
 * Makes a repeatable source of numbers in [0, 1), to be passed as `random` (mulberry32, 32 bits of state).
 *
 * @param seed - any integer; the same seed gives the same numbers
 *
 * @example
 * ```ts
 * import { seededRandom } from '@holdfast/pipeline/testing';
 *
 * const random = seededRandom(42);
 * console.assert(random() === seededRandom(42)());
 * ```
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
