import type { RetryEvent } from '@holdfast/retry';

/** The body of a response stalled or broke off after its headers had come. */
export interface BodyFailedEvent {
  readonly type: 'fetch.body_failed';
  /** The name of the guarded fetch. */
  readonly strategy: string;
  /** What the reader of the body got. Not enumerable, so that it stays out of JSON. */
  readonly error: unknown;
}

/** What a guarded fetch tells; its breakers tell of themselves. */
export type FetchEvent = RetryEvent | BodyFailedEvent;

/** Makes the event of a body that failed. */
export function bodyFailed(strategy: string, error: unknown): BodyFailedEvent {
  const event = { type: 'fetch.body_failed', strategy } as const;
  return Object.defineProperty(event, 'error', { value: error }) as BodyFailedEvent;
}
