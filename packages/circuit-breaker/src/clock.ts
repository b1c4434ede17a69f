/** The platform's randomness: numbers in [0, 1). */
export const systemRandom = (): number => Math.random();
