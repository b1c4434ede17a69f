import type { Identity } from '../auth/identity.ts';
import type { Roles } from './roles.ts';
import type { RouteRule, RouteTable } from './route-table.ts';

/** What becomes of a request, and why. */
export type AccessDecision<R> =
  | {
      readonly outcome: 'allowed';
      readonly route: R;
      readonly params: Readonly<Record<string, string>>;
      readonly reason: string;
    }
  | { readonly outcome: 'not-found' | 'unauthenticated' | 'no-role'; readonly reason: string }
  | { readonly outcome: 'no-scope'; readonly permission: string; readonly reason: string }
  | { readonly outcome: 'wrong-method'; readonly allow: readonly string[]; readonly reason: string };

/**
 * Decides on a request by the routes and roles alone: what no route allows is not allowed. The reason is for those who
 * run the service, e.g. to print the whole table or to look into a refusal.
 */
export function decideAccess<R extends RouteRule>(
  { table, roles }: { readonly table: RouteTable<R>; readonly roles: Roles },
  method: string,
  target: string,
  identity: Identity | undefined,
): AccessDecision<R> {
  const match = table.match(method, target);
  if (match.found === 'nothing') return { outcome: 'not-found', reason: 'no route has this path' };
  if (match.found === 'path')
    return {
      outcome: 'wrong-method',
      allow: match.allow,
      reason: `the path takes ${match.allow.join(', ')}`,
    };
  const { route, params } = match;
  const { access } = route;
  const allowed = (reason: string) => ({ outcome: 'allowed', route, params, reason }) as const;
  if (access === 'public') return allowed(`${route.method} ${route.path} is public`);
  if (identity === undefined)
    return { outcome: 'unauthenticated', reason: `${route.method} ${route.path} is not public` };
  if (access === 'authenticated') return allowed(`${route.method} ${route.path} is for whoever is known`);
  const { permission } = access;
  const decision = roles.decide(identity, permission);
  if (decision.allowed) return allowed(decision.reason);
  return decision.missing === 'scope'
    ? { outcome: 'no-scope', permission, reason: decision.reason }
    : { outcome: 'no-role', reason: decision.reason };
}
