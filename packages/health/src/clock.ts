/** The platform's randomness, looked up at each call. */
export const systemRandom = (): number => Math.random();
