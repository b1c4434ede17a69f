/** Why a broker refused. The list is closed: nothing else reaches the one who asked. */
export type BrokerErrorCode =
  /** No rule of the policy allows it, or one forbids it. */
  | 'ERR_BROKER_DENIED'
  /** There is no such lease, handle, token or approval for the one who asks; a foreign one looks the same. */
  | 'ERR_BROKER_UNKNOWN'
  /** Somebody has to approve first; the error names the approval. */
  | 'ERR_BROKER_APPROVAL_REQUIRED'
  /** The request is not what was approved, or the approval was denied, used or has expired. */
  | 'ERR_BROKER_APPROVAL_INVALID'
  /** A proof of the key that the lease is bound to is missing or wrong. */
  | 'ERR_BROKER_PROOF_REQUIRED'
  /** The audit log did not take the event in time, so nothing was given. */
  | 'ERR_BROKER_AUDIT'
  /** The store of leases did not answer. */
  | 'ERR_BROKER_STORE'
  /** The principal asks too often, or too many requests wait for approval. */
  | 'ERR_BROKER_RATE_LIMITED'
  /** The broker was closed. */
  | 'ERR_BROKER_CLOSED';

/** What the constructor of a {@link BrokerError} takes. */
export interface BrokerErrorOptions extends ErrorOptions {
  /** When to ask again, in milliseconds from now. */
  readonly retryAfterMs?: number | undefined;
  /** The approval to wait for. */
  readonly approvalId?: string | undefined;
}

/**
 * A broker refused. Message and code are safe to show to whoever asked.
 *
 * @example
 * ```ts
 * import type { BrokerError } from '@holdfast/credential-broker';
 *
 * const status = (error: BrokerError) => (error.code === 'ERR_BROKER_UNKNOWN' ? 404 : 403);
 * ```
 */
export class BrokerError extends Error {
  override readonly name = 'BrokerError';
  readonly code: BrokerErrorCode;
  readonly retryAfterMs: number | undefined;
  readonly approvalId: string | undefined;

  constructor(code: BrokerErrorCode, message: string, options: BrokerErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.approvalId = options.approvalId;
  }
}
