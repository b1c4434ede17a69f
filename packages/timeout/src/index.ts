export { isTimeout, TimeoutError } from '@holdfast/pipeline';
export { clampTimeout, MAX_TIMEOUT_MS, MIN_TIMEOUT_MS, type ClampTimeoutOptions } from './clamp-timeout.ts';
export {
  deadlineHeaders,
  readDeadline,
  type DeadlineHeaders,
  type ReadDeadlineOptions,
} from './deadline-header.ts';
export { operationTimeouts, type OperationName } from './operation-timeouts.ts';
export { timeoutDefaults, type TimeoutOptions } from './options.ts';
export { createTimeouts, timeoutFor, type TimeoutFor } from './timeout-for.ts';
export { timeout, type Timeout, type TimeoutElapsedEvent, type TimeoutStats } from './timeout.ts';
