/** How an action went: `pending` before it is known, `failure` when it broke, `denied` when it was not allowed. */
export type AuditOutcome = 'pending' | 'success' | 'failure' | 'denied';

export const OUTCOMES: ReadonlySet<unknown> = new Set(['pending', 'success', 'failure', 'denied']);
