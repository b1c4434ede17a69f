/**
 * The command line makes no sense; the message says what would.
 *
 * @example
 * ```ts
 * import { UsageError } from '@holdfast/pipeline/cli';
 *
 * const port = Number('80 80');
 * if (!Number.isInteger(port)) throw new UsageError('--port must be a whole number');
 * ```
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'ERR_USAGE';
}
