import { AsyncLocalStorage } from 'node:async_hooks';
import type { AuditContext } from './audit-event.ts';
import { refuseOwnTenant, tenantOf } from './read-event.ts';

const contexts = new AsyncLocalStorage<AuditContext>();

/**
 * Runs a function, and all that it starts, in a context: every event that is written there has what the context tells,
 * unless the event itself tells otherwise. A context inside another one adds to it, but cannot change the tenant.
 *
 * @returns what `fn` returns
 * @throws {@link AuditEventError} when the context is that of another tenant than the one it is inside of, or of the log
 *
 * @example
 * ```ts
 * import { withContext } from '@holdfast/audit';
 *
 * const handle = (userId: string, requestId: string, next: () => Promise<void>) =>
 *   withContext({ actor: { type: 'user', id: userId }, requestId }, next);
 * ```
 */
export function withContext<T>(context: AuditContext, fn: () => T): T {
  const outer = contexts.getStore();
  const inner = Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined));
  refuseOwnTenant(tenantOf(inner['tenant'], outer?.tenant));
  return contexts.run({ ...outer, ...inner }, fn);
}

/** Runs a function in a context that has nothing of the one around it. */
export function inContext<T>(context: AuditContext, fn: () => T): T {
  return contexts.run(context, fn);
}

/**
 * The context that this code runs in.
 *
 * @returns `undefined` outside of every context
 *
 * @example
 * ```ts
 * import { currentAuditContext } from '@holdfast/audit';
 *
 * const requestId = () => currentAuditContext()?.requestId ?? 'none';
 * ```
 */
export function currentAuditContext(): AuditContext | undefined {
  return contexts.getStore();
}
