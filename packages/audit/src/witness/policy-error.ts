import { AuditError } from '../errors.ts';

/**
 * A policy file is not in the format, or contradicts itself.
 *
 * @example
 * ```ts
 * import { parsePolicy, WitnessPolicyError } from '@holdfast/audit';
 *
 * try {
 *   parsePolicy('quorum nobody\n');
 * } catch (error) {
 *   if (error instanceof WitnessPolicyError) console.log(error.line); // 1
 * }
 * ```
 */
export class WitnessPolicyError extends AuditError {
  override readonly name = 'WitnessPolicyError';
  readonly code = 'ERR_AUDIT_POLICY';
  /** The line of the file, from 1. */
  readonly line: number;

  constructor(line: number, what: string, options?: ErrorOptions) {
    super(`line ${line} of the policy: ${what}`, options);
    this.line = line;
  }
}
