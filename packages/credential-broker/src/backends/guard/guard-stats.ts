import type { CircuitState } from '@holdfast/circuit-breaker';
import type { BackendFailure } from '../backend-error.ts';

/** What a guarded backend has done. Totals only grow. */
export interface GuardStats {
  readonly kind: string;
  /** Calls that reached for the backend, whether or not they were let through. */
  readonly calls: Readonly<Record<'inspect' | 'issue' | 'renew' | 'revoke' | 'health', number>>;
  /** How calls ended that gave nothing. */
  readonly failures: Readonly<Record<BackendFailure, number>>;
  readonly cache: {
    /** Answers that were taken again. */
    readonly hits: number;
    /** Among them those that were too old, while the backend gave none. */
    readonly stale: number;
    /** Times that it was known that there is nothing. */
    readonly missing: number;
    /** Callers who waited for an answer that was on its way. */
    readonly joined: number;
    /** Credentials that are kept now. */
    readonly size: number;
  };
  /** Nothing where the provider sets no quota. In requests, as this process sees it. */
  readonly quota:
    { readonly limit: number; readonly remaining: number; readonly refused: number } | undefined;
  readonly breaker: CircuitState;
}
