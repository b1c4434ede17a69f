/** Hangs an error on a report or an event, by reference, where JSON does not see it. */
export function withError<T extends object>(told: T, error: unknown): T & { readonly error?: unknown } {
  return error === undefined ? told : Object.defineProperty(told, 'error', { value: error });
}
