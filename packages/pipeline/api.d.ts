// The public API of @holdfast/pipeline, written by `npm run api`. A change here is a change for users.

declare module '@holdfast/pipeline' {
  export { Attempt }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { BaseStrategy }; // from packages/pipeline/dist/index.d.ts
  export { Call }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { CallOptions }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { Clock }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { Composable }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { DriverHook }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { Emitter }; // from packages/pipeline/dist/events-vrAFRbl2.d.ts
  export { EventSource }; // from packages/pipeline/dist/events-vrAFRbl2.d.ts
  export { ExecutionContext }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { Expiry }; // from packages/pipeline/dist/index.d.ts
  export { ExpiryQueue }; // from packages/pipeline/dist/index.d.ts
  export { ExplainedStep }; // from packages/pipeline/dist/index.d.ts
  export { Explanation }; // from packages/pipeline/dist/index.d.ts
  export { ForeignStrategy }; // from packages/pipeline/dist/index.d.ts
  export { GateHook }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { HoldfastError }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { HoldfastErrorOptions }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { Hook }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { ListenerErrorHandler }; // from packages/pipeline/dist/events-vrAFRbl2.d.ts
  export { Operation }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { Outcome }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { Permit }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { RecoveryHook }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { Rejection }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { Result }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { Rule }; // from packages/pipeline/dist/index.d.ts
  export { Rules }; // from packages/pipeline/dist/index.d.ts
  export { ScopeHandle }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { ScopeHook }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { Settled }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { Start }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { Strategy }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { StrategyHooks }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { StreamOptions }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { StreamProgress }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { StreamSource }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { TimeoutError }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { Timer }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { WidenedBy }; // from packages/pipeline/dist/index.d.ts
  export { Wrapped }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { check }; // from packages/pipeline/dist/index.d.ts
  export { createEmitter }; // from packages/pipeline/dist/events-vrAFRbl2.d.ts
  export { createExpiryQueue }; // from packages/pipeline/dist/index.d.ts
  export { defineStrategy }; // from packages/pipeline/dist/index.d.ts
  export { either }; // from packages/pipeline/dist/index.d.ts
  export { explain }; // from packages/pipeline/dist/index.d.ts
  export { having }; // from packages/pipeline/dist/index.d.ts
  export { integer }; // from packages/pipeline/dist/index.d.ts
  export { isAdmissionRejection }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { isRejection }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { isTimeout }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { number }; // from packages/pipeline/dist/index.d.ts
  export { oneOf }; // from packages/pipeline/dist/index.d.ts
  export { pipeline }; // from packages/pipeline/dist/index.d.ts
  export { readOptions }; // from packages/pipeline/dist/index.d.ts
  export { rejection }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { reportListenerError }; // from packages/pipeline/dist/events-vrAFRbl2.d.ts
  export { sleep }; // from packages/pipeline/dist/index.d.ts
  export { strategyHooks }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { systemClock }; // from packages/pipeline/dist/hook-DFm3J7r7.d.ts
  export { type }; // from packages/pipeline/dist/index.d.ts
  export {};
}

declare module '@holdfast/pipeline/node' {
  export { ambient }; // from packages/pipeline/dist/node.d.ts
  export { currentContext }; // from packages/pipeline/dist/node.d.ts
  export { runWithin }; // from packages/pipeline/dist/node.d.ts
  export {};
}

declare module '@holdfast/pipeline/testing' {
  export { EventRecorder }; // from packages/pipeline/dist/testing.d.ts
  export { ManualClock }; // from packages/pipeline/dist/testing.d.ts
  export { ManualClockOptions }; // from packages/pipeline/dist/testing.d.ts
  export { ScriptStep }; // from packages/pipeline/dist/testing.d.ts
  export { ScriptedOperation }; // from packages/pipeline/dist/testing.d.ts
  export { manualClock }; // from packages/pipeline/dist/testing.d.ts
  export { recordEvents }; // from packages/pipeline/dist/testing.d.ts
  export { script }; // from packages/pipeline/dist/testing.d.ts
  export { seededRandom }; // from packages/pipeline/dist/testing.d.ts
  export {};
}
