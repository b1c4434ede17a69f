/** Runs at once; what is thrown becomes a rejection. */
export function promised<T>(run: () => T): Promise<T> {
  return new Promise((resolve) => resolve(run()));
}
