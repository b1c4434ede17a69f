import type { Fault } from './fault.ts';

/** A fault was injected into a call. */
export interface FaultInjectedEvent {
  readonly type: 'chaos.injected';
  /** The name of the strategy. */
  readonly strategy: string;
  /** What was done to the call. */
  readonly fault: Fault['kind'];
  /** The position of the fault in the option `faults`, from 0. */
  readonly index: number;
  /** How long the call is delayed, in milliseconds; 0 unless the fault is a latency. */
  readonly delayMs: number;
}
