import { isCircuitOpen } from '@holdfast/circuit-breaker';
import { isBulkheadFull, isRateLimited } from '@holdfast/limiter';
import { isTimeout } from '@holdfast/pipeline';
import { BackendError } from '../backend-error.ts';

/** What went wrong in the words of a backend. What a driver throws may quote a secret, so nothing of it is kept. */
export function toBackendError(kind: string, error: unknown): BackendError {
  if (error instanceof BackendError) return error;
  if (isRateLimited(error)) {
    const { retryAfterMs } = error;
    return new BackendError('quota', `${kind}: the share of its quota is used up`, { retryAfterMs });
  }
  if (isCircuitOpen(error)) {
    const { retryAfterMs } = error;
    return new BackendError('unavailable', `${kind} has failed and is left alone`, { retryAfterMs });
  }
  if (isBulkheadFull(error)) return new BackendError('unavailable', `${kind} has too many calls waiting`);
  if (isTimeout(error)) return new BackendError('unavailable', `${kind} did not answer in time`);
  return new BackendError('unavailable', `${kind} failed`);
}
