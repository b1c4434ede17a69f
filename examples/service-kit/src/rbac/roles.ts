import type { Identity } from '../auth/identity.ts';

/** What a role may do: permissions by its name. */
export type RoleTable = Readonly<Record<string, readonly string[]>>;

/** Whether somebody may do something, and why. */
export type RoleDecision =
  | { readonly allowed: true; readonly reason: string }
  /** `scope`: a role grants it, but the token is not good for it. */
  | { readonly allowed: false; readonly missing: 'role' | 'scope'; readonly reason: string };

/** Knows what roles may do. */
export interface Roles {
  /** Whether somebody may do something. A role that is not known grants nothing. */
  decide(identity: Identity, permission: string): RoleDecision;
  /** All that somebody may do, in order. */
  permissionsOf(identity: Identity): readonly string[];
}

/**
 * Makes the table of roles. A role includes another one by spreading its permissions.
 *
 * @throws {@link TypeError} when a role or a permission has no name
 *
 * @example
 * ```ts
 * import { defineRoles } from '@holdfast/example-service-kit';
 *
 * const viewer = ['incidents:read'];
 * const roles = defineRoles({ viewer, operator: [...viewer, 'incidents:resolve'] });
 * const identity = { id: 'u', tenant: 'acme', type: 'user', roles: ['viewer'] } as const;
 * console.log(roles.decide(identity, 'incidents:resolve').reason);
 * ```
 */
export function defineRoles(table: RoleTable): Roles {
  // A map, since the names of roles come out of tokens, and `constructor` is no role.
  const grants = new Map(Object.entries(table).map(([role, list]) => [role, new Set(list)]));
  if (Object.entries(table).some((entry) => entry.flat().includes('')))
    throw new TypeError('defineRoles: roles and permissions must have names');
  const granting = ({ roles = [] }: Identity, permission: string) =>
    roles.find((role) => grants.get(role)?.has(permission));
  const isInScope = ({ scopes }: Identity, permission: string) =>
    scopes === undefined || scopes.includes(permission);
  return {
    decide(identity, permission) {
      const role = granting(identity, permission);
      if (role === undefined) {
        const having = identity.roles?.join(', ') || 'none';
        return {
          allowed: false,
          missing: 'role',
          reason: `${permission} is granted by none of the roles: ${having}`,
        };
      }
      return isInScope(identity, permission)
        ? { allowed: true, reason: `${permission} is granted by the role ${role}` }
        : { allowed: false, missing: 'scope', reason: `${permission} is not in the scope of the token` };
    },
    permissionsOf(identity) {
      const all = new Set(identity.roles?.flatMap((role) => [...(grants.get(role) ?? [])]));
      return [...all].filter((permission) => isInScope(identity, permission)).sort();
    },
  };
}
