/** Runs at once; what is thrown becomes a rejection. */
export function promised<T>(run: () => T | PromiseLike<T>): Promise<T> {
  return new Promise((resolve) => resolve(run()));
}
