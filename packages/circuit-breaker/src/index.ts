export type { Admission } from './admission.ts';
export type { CircuitBreaker, Guarded } from './breaker.ts';
export { breakerOf, circuitBroken, type AsyncMethod } from './circuit-broken.ts';
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
export type { PaceRule } from './pace.ts';
export type { GroupOperations, GroupOutcome } from './registry/breaker-group.ts';
export type { BreakerHealth } from './registry/breaker-health.ts';
export { createBreakerRegistry, type BreakerRegistry } from './registry/breaker-registry.ts';
export type { KeyedBreaker, KeyedBreakerOptions } from './registry/keyed-breaker.ts';
export type { KeyBy } from './registry/keyed-gate.ts';
export { anyOf } from './rules/any-of.ts';
export { adaptiveFailureRatio, type AdaptiveFailureRatioOptions } from './rules/adaptive-failure-ratio.ts';
export { adaptiveSlowRatio, type AdaptiveSlowRatioOptions } from './rules/adaptive-slow-ratio.ts';
export { confidentFailureRatio, type ConfidentFailureRatioOptions } from './rules/confident-failure-ratio.ts';
export { consecutiveFailures, type ConsecutiveFailuresOptions } from './rules/consecutive-failures.ts';
export { failureRatio, type FailureRatioOptions } from './rules/failure-ratio.ts';
export { slowRatio, type SlowRatioOptions } from './rules/slow-ratio.ts';
export type { RuleReading, TripMeter, TripRule } from './rules/trip-rule.ts';
export { restoreBreaker, snapshotOf, type CircuitSnapshot } from './snapshot.ts';
export type { CircuitState } from './state.ts';
export type { CircuitBreakerStats } from './stats.ts';
export type { BreakerStore, Verdict } from './store/breaker-store.ts';
export { memoryBreakerStore, type MemoryBreakerStoreOptions } from './store/memory-breaker-store.ts';
export { shareBreaker, type ShareBreakerOptions } from './store/share-breaker.ts';
export type { CallWindow, WindowMeter } from './windows/call-window.ts';
export { countWindow, type CountWindowOptions } from './windows/count-window.ts';
export { timeWindow, type TimeWindowOptions } from './windows/time-window.ts';
