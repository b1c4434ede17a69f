/** A call failed, and a step of the chain answered instead. */
export interface FallbackUsedEvent {
  readonly type: 'fallback.used';
  /** The name of the fallback. */
  readonly strategy: string;
  /** The name of the step that answered. */
  readonly step: string;
  /** What the call failed with. Not enumerable, so that it stays out of JSON. */
  readonly error: unknown;
}

/** A step threw, or took too long; the next one is asked. */
export interface FallbackStepFailedEvent {
  readonly type: 'fallback.step_failed';
  readonly strategy: string;
  readonly step: string;
  /** What the step threw. Not enumerable, so that it stays out of JSON. */
  readonly error: unknown;
}

/** No step had an answer; the call fails with its own error. */
export interface FallbackExhaustedEvent {
  readonly type: 'fallback.exhausted';
  readonly strategy: string;
  /** What the call failed with. Not enumerable, so that it stays out of JSON. */
  readonly error: unknown;
}

/** What a fallback tells. */
export type FallbackEvent = FallbackUsedEvent | FallbackStepFailedEvent | FallbackExhaustedEvent;
