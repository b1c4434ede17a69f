/** What a call with several failed attempts throws when all their errors are wanted; a single one leaves as it is. */
export function combined(errors: readonly unknown[], strategy: string): unknown {
  const cause = errors.at(-1);
  return errors.length > 1
    ? new AggregateError(errors, `${strategy}: all attempts failed`, { cause })
    : cause;
}
