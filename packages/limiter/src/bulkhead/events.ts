import type { BulkheadReason } from '../errors.ts';

/** A call was refused. */
export interface BulkheadRejectedEvent {
  readonly type: 'bulkhead.rejected';
  /** The name of the bulkhead. */
  readonly strategy: string;
  readonly reason: BulkheadReason;
  /** The key of the compartment; `undefined` for calls without one. */
  readonly key: string | undefined;
}

/** An adaptive limit lets through more or fewer calls from now on. */
export interface BulkheadLimitChangedEvent {
  readonly type: 'bulkhead.limit_changed';
  readonly strategy: string;
  readonly from: number;
  readonly to: number;
  readonly key: string | undefined;
}

/** What a bulkhead tells. */
export type BulkheadEvent = BulkheadRejectedEvent | BulkheadLimitChangedEvent;
