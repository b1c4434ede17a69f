import { AuditError } from '../errors.ts';

/**
 * An event cannot be written: a field breaks a rule, is not JSON or is too large. Nothing of it is in the log.
 *
 * @example
 * ```ts
 * import { AuditEventError } from '@holdfast/audit';
 *
 * const error = new AuditEventError('details.count', 'must be JSON, got a bigint');
 * console.log(error.message); // audit event: details.count must be JSON, got a bigint
 * ```
 */
export class AuditEventError extends AuditError {
  override readonly name = 'AuditEventError';
  readonly code = 'ERR_AUDIT_EVENT';
  /** Which field, e.g. `details.items[2].price`; its own name for the event as a whole is `event`. */
  readonly field: string;

  constructor(field: string, problem: string, options?: ErrorOptions) {
    super(`audit event: ${field} ${problem}`, options);
    this.field = field;
  }
}

/**
 * Whether an error says that an event cannot be written.
 *
 * @example
 * ```ts
 * import { isAuditEventError } from '@holdfast/audit';
 *
 * const field = (error: unknown) => (isAuditEventError(error) ? error.field : undefined);
 * ```
 */
export function isAuditEventError(value: unknown): value is AuditEventError {
  return value instanceof Error && (value as Partial<AuditEventError>).code === 'ERR_AUDIT_EVENT';
}
