import { AuditError } from '../errors.ts';

/**
 * A server did not give what was asked for: it answered with another status, with more bytes than there may be, or
 * sent the request elsewhere.
 *
 * @example
 * ```ts
 * import { RemoteError } from '@holdfast/audit';
 *
 * const overloaded = (error: unknown) => error instanceof RemoteError && error.status === 503;
 * ```
 */
export class RemoteError extends AuditError {
  override readonly name = 'RemoteError';
  readonly code = 'ERR_AUDIT_REMOTE';
  /** The HTTP status; 0 where the answer itself was refused. */
  readonly status: number;

  constructor(message: string, status = 0) {
    super(message);
    this.status = status;
  }
}
