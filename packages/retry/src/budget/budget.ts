/** What the caller said about a call; see `CallOptions.attributes`. */
export type Attributes = Readonly<Record<string, string>>;

/**
 * Limits how much load retries and hedges may add. Whoever holds the same budget shares it. Make one with
 * {@link retryBudget}, {@link tokenBudget} or {@link quotaBudget}, or bring your own.
 */
export interface RetryBudget {
  /**
   * Asks for one more attempt.
   *
   * @param cause - what the attempt before it failed with; `undefined` for a hedge
   * @returns the price of the attempt, which is paid; 0 when there is no money for it
   */
  withdraw(cause: unknown, attributes: Attributes): number;
  /**
   * Says how an attempt went. Attempts that were cancelled or refused admission are not told.
   *
   * @param ok - whether it succeeded, or failed in a way that another attempt would not mend
   * @param price - what was paid for it; 0 for the first attempt of a call
   */
  record(ok: boolean, price: number, attributes: Attributes): void;
}
