export type { Admission } from './admission.ts';
export type { CircuitBreaker, Guarded } from './breaker.ts';
export { circuitBreaker } from './circuit-breaker.ts';
export { CircuitOpenError, isCircuitOpen, type CircuitRejection, type RefusingState } from './errors.ts';
export type {
  CircuitClosed,
  CircuitDisabled,
  CircuitEvent,
  CircuitEventBase,
  CircuitHalfOpened,
  CircuitIsolated,
  CircuitMetricsOnly,
  CircuitOpened,
  CircuitWouldOpen,
  CloseCause,
  OpenCause,
} from './events.ts';
export { exponentialOpen, type ExponentialOpenOptions } from './opening/exponential-open.ts';
export type { Opening, OpenMs } from './opening/opening.ts';
export { retryAfterOpen, type RetryAfterOpenOptions } from './opening/retry-after-open.ts';
export type { BreakerMode, CircuitBreakerOptions } from './options.ts';
export type { Pace, PacedCall, PaceRule } from './pace.ts';
export { anyOf } from './rules/any-of.ts';
export { confidentFailureRatio, type ConfidentFailureRatioOptions } from './rules/confident-failure-ratio.ts';
export { consecutiveFailures, type ConsecutiveFailuresOptions } from './rules/consecutive-failures.ts';
export { failureRatio, type FailureRatioOptions } from './rules/failure-ratio.ts';
export { slowRatio, type SlowRatioOptions } from './rules/slow-ratio.ts';
export type { RuleReading, TripMeter, TripRule } from './rules/trip-rule.ts';
export type { CircuitState } from './state.ts';
export type { CircuitBreakerStats } from './stats.ts';
export type { CallWindow, WindowMeter } from './windows/call-window.ts';
export { countWindow, type CountWindowOptions } from './windows/count-window.ts';
export { timeWindow, type TimeWindowOptions } from './windows/time-window.ts';
