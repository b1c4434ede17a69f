import { AuditError } from '../errors.ts';

/**
 * A tile or bundle that a log of its size must have is missing, or is not as long as it must be.
 *
 * @example
 * ```ts
 * import { TileError } from '@holdfast/audit';
 *
 * const pruned = (error: unknown) => error instanceof TileError && error.missing;
 * ```
 */
export class TileError extends AuditError {
  override readonly name = 'TileError';
  readonly code = 'ERR_AUDIT_TILE';
  /** The file, relative to the log. */
  readonly file: string;
  /** Whether there is no such file: it was removed, or pruned. */
  readonly missing: boolean;

  constructor(file: string, missing: boolean) {
    super(missing ? `${file} is missing` : `${file} does not hold what a log of this size has there`);
    this.file = file;
    this.missing = missing;
  }
}
