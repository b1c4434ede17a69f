/** Figures about the requests that a process has served of late; the metrics of a service can tell them. */
export interface RequestStats {
  /** Requests that ended in the window. */
  readonly requests: number;
  /** Those of them that failed. */
  readonly failures: number;
  /** How long they took on average, in milliseconds. */
  readonly meanMs: number;
  /** How long 95 of 100 took at most, in milliseconds. */
  readonly p95Ms?: number | undefined;
  /** How long the window is, in milliseconds. */
  readonly windowMs?: number | undefined;
  /** Requests by protocol, or another breakdown from a closed set. */
  readonly byProtocol?: Readonly<Record<string, number>> | undefined;
}
