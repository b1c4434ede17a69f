/** What goes wrong with a request instead of being answered, or before it is. */
export interface Fault {
  /** Answers with this status. */
  readonly status?: number | undefined;
  /** Names the time after which to come again, with the status. */
  readonly retryAfterSeconds?: number | undefined;
  /** Waits before anything else, in milliseconds. */
  readonly latencyMs?: number | undefined;
  /** Ends the connection: before the answer, or in the middle of it. */
  readonly breaks?: 'before' | 'within' | undefined;
  /** Answers with half of the text, as if it were all of it. */
  readonly truncates?: boolean | undefined;
}
