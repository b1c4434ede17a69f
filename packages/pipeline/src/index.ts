export { systemClock, type Clock, type Timer } from './clock.ts';
export { BaseStrategy, defineStrategy } from './define-strategy.ts';
export {
  HoldfastError,
  isAdmissionRejection,
  isRejection,
  isTimeout,
  rejection,
  TimeoutError,
  type HoldfastErrorOptions,
  type Rejection,
} from './errors.ts';
export {
  createEmitter,
  reportListenerError,
  type Emitter,
  type EventSource,
  type ListenerErrorHandler,
} from './events.ts';
export { explain, type ExplainedStep, type Explanation } from './explain.ts';
export { createExpiryQueue, type Expiry, type ExpiryQueue } from './expiry-queue.ts';
export type { ForeignStrategy } from './foreign-strategy.ts';
export type {
  Attempt,
  Call,
  DriverHook,
  GateHook,
  Hook,
  Outcome,
  Permit,
  RecoveryHook,
  ScopeHandle,
  ScopeHook,
  Settled,
  Start,
} from './hook.ts';
export {
  check,
  either,
  having,
  integer,
  number,
  oneOf,
  readOptions,
  type,
  type Rule,
  type Rules,
} from './options.ts';
export { pipeline, type WidenedBy } from './pipeline.ts';
export { sleep } from './sleep.ts';
export {
  strategyHooks,
  type CallOptions,
  type Composable,
  type ExecutionContext,
  type Operation,
  type Result,
  type Strategy,
  type StrategyHooks,
  type StreamOptions,
  type StreamProgress,
  type StreamSource,
  type Wrapped,
} from './strategy.ts';
