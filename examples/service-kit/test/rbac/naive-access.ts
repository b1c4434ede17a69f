import type { Identity } from '../../src/auth/identity.ts';
import type { RoleTable } from '../../src/rbac/roles.ts';
import type { RouteRule } from '../../src/rbac/route-table.ts';

/** What may be done, said as simply as it can be: nothing, but what is found below. */
export function naiveOutcome(
  routes: readonly RouteRule[],
  roles: RoleTable,
  method: string,
  path: string,
  identity: Identity | undefined,
): string {
  const given = path.split('/');
  const here = routes.filter(({ path: own }) => {
    const parts = own.split('/');
    return parts.length === given.length && parts.every((part, i) => part === given[i] || part[0] === ':');
  });
  if (here.length === 0) return 'not-found';
  const mine = here.filter((route) => route.method === (method === 'HEAD' ? 'GET' : method));
  // Where several fit, the one that spells out an earlier part is meant.
  const spelled = (route: RouteRule) => route.path.split('/').map((part) => (part[0] === ':' ? 'b' : 'a'));
  const [route] = mine.sort((one, other) => (spelled(one).join('') < spelled(other).join('') ? -1 : 1));
  if (route === undefined) return 'wrong-method';
  if (route.access === 'public') return `allowed ${route.path}`;
  if (identity === undefined) return 'unauthenticated';
  if (route.access === 'authenticated') return `allowed ${route.path}`;
  const { permission } = route.access;
  let isGranted = false;
  for (const role of identity.roles ?? []) {
    for (const [name, permissions] of Object.entries(roles))
      if (name === role && permissions.includes(permission)) isGranted = true;
  }
  if (!isGranted) return 'no-role';
  if (identity.scopes !== undefined && !identity.scopes.includes(permission)) return 'no-scope';
  return `allowed ${route.path}`;
}
