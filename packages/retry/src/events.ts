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

/** What a call may use up: its attempts, the budget, or its time. */
export type RetryLimit = 'retry.exhausted' | 'retry.budget_exhausted' | 'retry.deadline_exhausted';

/** A call ends because it reached a limit, although another attempt might have mended it. */
export interface RetryGivenUpEvent<Limit extends RetryLimit> {
  readonly type: Limit;
  readonly strategy: string;
  /** The number of the last attempt. */
  readonly attempt: number;
  /** The error, or the refused result, of the last attempt. Not enumerable, so that it stays out of JSON. */
  readonly cause: unknown;
}

/** What a {@link retry} tells. */
export type RetryEvent =
  | RetryScheduledEvent
  | RetryRecoveredEvent
  | RetryGivenUpEvent<'retry.exhausted'>
  | RetryGivenUpEvent<'retry.budget_exhausted'>
  | RetryGivenUpEvent<'retry.deadline_exhausted'>;

/** Adds the cause to an event in a way that keeps it out of JSON. */
export function withCause<E extends object>(event: E, cause: unknown): E & { readonly cause: unknown } {
  return Object.defineProperty(event, 'cause', { value: cause }) as E & { readonly cause: unknown };
}
