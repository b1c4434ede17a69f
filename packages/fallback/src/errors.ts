import { HoldfastError, isRejection, type HoldfastErrorOptions } from '@holdfast/pipeline';

/**
 * A batch took no further item: as many as it holds are waiting or under way.
 *
 * @example
 * ```ts
 * import { BatchFullError } from '@holdfast/fallback';
 *
 * console.log(new BatchFullError({ strategy: 'events' }).message); // events takes no more items for now
 * ```
 */
export class BatchFullError extends HoldfastError {
  override readonly name = 'BatchFullError';
  readonly code = 'ERR_BATCH_FULL';

  constructor(options: HoldfastErrorOptions) {
    super(`${options.strategy} takes no more items for now`, options);
  }
}

/**
 * Whether a value says that a batch took no further item.
 *
 * @example
 * ```ts
 * import { isBatchFull } from '@holdfast/fallback';
 *
 * const status = (error: unknown) => (isBatchFull(error) ? 503 : 500);
 * ```
 */
export function isBatchFull(value: unknown): value is BatchFullError {
  return isRejection(value) && value.code === 'ERR_BATCH_FULL';
}

/**
 * A batch was closed before it took an item.
 *
 * @example
 * ```ts
 * import { BatchClosedError } from '@holdfast/fallback';
 *
 * console.log(new BatchClosedError({ strategy: 'events' }).message); // events is closed
 * ```
 */
export class BatchClosedError extends HoldfastError {
  override readonly name = 'BatchClosedError';
  readonly code = 'ERR_BATCH_CLOSED';

  constructor(options: HoldfastErrorOptions) {
    super(`${options.strategy} is closed`, options);
  }
}
