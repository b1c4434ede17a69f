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
export type { Opening, OpenMs } from './opening/opening.ts';
export type { BreakerMode, CircuitBreakerOptions } from './options.ts';
export { consecutiveFailures, type ConsecutiveFailuresOptions } from './rules/consecutive-failures.ts';
export type { RuleReading, TripMeter, TripRule } from './rules/trip-rule.ts';
export type { CircuitState } from './state.ts';
export type { CircuitBreakerStats } from './stats.ts';
