// The public API of @holdfast/timeout, written by `npm run api`. A change here is a change for users.

declare module '@holdfast/timeout' {
  export { ClampTimeoutOptions }; // from packages/timeout/dist/index.d.ts
  export { DeadlineHeaders }; // from packages/timeout/dist/index.d.ts
  export { MAX_TIMEOUT_MS }; // from packages/timeout/dist/index.d.ts
  export { MIN_TIMEOUT_MS }; // from packages/timeout/dist/index.d.ts
  export { OperationName }; // from packages/timeout/dist/index.d.ts
  export { ReadDeadlineOptions }; // from packages/timeout/dist/index.d.ts
  export { Timeout }; // from packages/timeout/dist/index.d.ts
  export { TimeoutElapsedEvent }; // from packages/timeout/dist/index.d.ts
  export { TimeoutError }; // from packages/pipeline/src/errors.ts
  export { TimeoutFor }; // from packages/timeout/dist/index.d.ts
  export { TimeoutOptions }; // from packages/timeout/dist/index.d.ts
  export { TimeoutStats }; // from packages/timeout/dist/index.d.ts
  export { clampTimeout }; // from packages/timeout/dist/index.d.ts
  export { createTimeouts }; // from packages/timeout/dist/index.d.ts
  export { deadlineHeaders }; // from packages/timeout/dist/index.d.ts
  export { isTimeout }; // from packages/pipeline/src/errors.ts
  export { operationTimeouts }; // from packages/timeout/dist/index.d.ts
  export { readDeadline }; // from packages/timeout/dist/index.d.ts
  export { timeout }; // from packages/timeout/dist/index.d.ts
  export { timeoutDefaults }; // from packages/timeout/dist/index.d.ts
  export { timeoutFor }; // from packages/timeout/dist/index.d.ts
  export {};
}
