export { chaos, type Chaos, type ChaosStats } from './chaos.ts';
export type { FaultInjectedEvent } from './events.ts';
export type {
  Attributes,
  ErrorFault,
  Fault,
  FaultConditions,
  HangFault,
  LatencyFault,
  Period,
  ResultFault,
} from './fault.ts';
export { chaosDefaults, type ChaosOptions } from './options.ts';
