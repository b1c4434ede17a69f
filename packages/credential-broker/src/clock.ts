/** The platform's randomness, looked up at each call so that a stub installed later is honoured. */
export const systemRandom = (): number => Math.random();
