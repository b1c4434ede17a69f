/** Another attempt will be made. */
export interface RetryScheduledEvent {
  readonly type: 'retry.scheduled';
  readonly strategy: string;
  /** The number of the attempt to come, from 2. */
  readonly attempt: number;
  /** Milliseconds until then. */
  readonly delayMs: number;
  /** The error, or the refused result, of the attempt before. Not enumerable, so that it stays out of JSON. */
  readonly cause: unknown;
}

/** A later attempt has succeeded. */
export interface RetryRecoveredEvent {
  readonly type: 'retry.recovered';
  readonly strategy: string;
  /** The number of the attempt that succeeded. */
  readonly attempt: number;
}

/** A call ends although another attempt might have mended it. */
export interface RetryGivenUpEvent {
  /** What was used up: the attempts, the budget, or the time. */
  readonly type: 'retry.exhausted' | 'retry.budget_exhausted' | 'retry.deadline_exhausted';
  readonly strategy: string;
  /** The number of the last attempt. */
  readonly attempt: number;
  /** The error, or the refused result, of the last attempt. Not enumerable, so that it stays out of JSON. */
  readonly cause: unknown;
}

/** What a {@link retry} tells. */
export type RetryEvent = RetryScheduledEvent | RetryRecoveredEvent | RetryGivenUpEvent;

/** Adds the cause to an event in a way that keeps it out of JSON. */
export function withCause<E extends object>(event: E, cause: unknown): E & { readonly cause: unknown } {
  return Object.defineProperty(event, 'cause', { value: cause }) as E & { readonly cause: unknown };
}
