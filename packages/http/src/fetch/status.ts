import type { Outcome } from '@holdfast/pipeline';
import { isTransient } from '@holdfast/retry';

/**
 * Whether another attempt may mend a response with this status: 408, 425, 429 and 5xx but 501 and 505.
 *
 * @param status - the status code of a response
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-15
 *
 * @example
 * ```ts
 * import { isTransientStatus } from '@holdfast/http';
 *
 * console.assert(isTransientStatus(503) && !isTransientStatus(404));
 * ```
 */
export function isTransientStatus(status: number): boolean {
  return status >= 400 && isTransient({ status });
}

/**
 * What a status says about the server that sent it: a 5xx that may pass is its failure. 408, 425 and 429 say that the
 * caller was too slow, too early or too fast, which is neither failure nor proof of health; any other answer is one.
 *
 * @param status - the status code of a response
 *
 * @example
 * ```ts
 * import { statusOutcome } from '@holdfast/http';
 *
 * console.assert(statusOutcome(503) === 'failure' && statusOutcome(404) === 'success');
 * ```
 */
export function statusOutcome(status: number): Outcome {
  if (!isTransientStatus(status)) return 'success';
  return status >= 500 ? 'failure' : 'ignored';
}
