/** Adds an error to an event by reference, in a way that keeps it out of JSON: it may hold what nobody wants in a log. */
export function withError<E extends object>(event: E, error: unknown): E & { readonly error: unknown } {
  return Object.defineProperty(event, 'error', { value: error }) as E & { readonly error: unknown };
}
