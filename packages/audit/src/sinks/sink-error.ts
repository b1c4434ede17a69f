import { AuditError } from '../errors.ts';

/**
 * A receiver did not take entries; they are sent again later.
 *
 * @example
 * ```ts
 * import { AuditSinkError } from '@holdfast/audit/sinks';
 *
 * const unauthorised = (error: unknown) => error instanceof AuditSinkError && error.status === 401;
 * ```
 */
export class AuditSinkError extends AuditError {
  override readonly name = 'AuditSinkError';
  readonly code = 'ERR_AUDIT_SINK';
  /** The status of the HTTP answer, where there was one. */
  readonly status: number | undefined;
  /** The headers of the answer, which may say when to come again. */
  readonly headers: Headers | undefined;

  constructor(sink: string, answer?: { readonly status: number; readonly headers: Headers }) {
    super(`the sink ${sink} was answered with ${answer?.status ?? 'nothing'}`);
    this.status = answer?.status;
    this.headers = answer?.headers;
  }
}
