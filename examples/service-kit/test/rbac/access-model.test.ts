import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Identity } from '../../src/auth/identity.ts';
import { decideAccess } from '../../src/rbac/access-control.ts';
import { defineRoles } from '../../src/rbac/roles.ts';
import { createRouteTable, type Access, type Method } from '../../src/rbac/route-table.ts';
import { naiveOutcome } from './naive-access.ts';

const PERMISSIONS = ['read', 'write', 'constructor'];
// Few names, so that they meet; some of them are those of what every object has.
const ROLES = ['viewer', 'operator', 'toString', '__proto__'];
const PARTS = ['a', 'b', 'toString'];

const permission = fc.constantFrom(...PERMISSIONS);
const method = fc.constantFrom<Method[]>('GET', 'POST', 'DELETE');
const access = fc.oneof(
  fc.constantFrom<Access[]>('public', 'authenticated'),
  permission.map((name): Access => ({ permission: name })),
);
const pathOf = (part: fc.Arbitrary<string>) =>
  fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`);
const route = fc.record({ method, path: pathOf(fc.constantFrom(...PARTS, ':x', ':y')), access });
/** Routes of which no two could answer one request without either being spelled out further. */
const routes = fc.uniqueArray(route, {
  maxLength: 12,
  selector: (each) => `${each.method} ${each.path.replace(/:./g, ':')}`,
});
const roleTable = fc
  .array(fc.tuple(fc.constantFrom(...ROLES), fc.subarray(PERMISSIONS)))
  .map((entries) => Object.fromEntries(entries));
const identity: fc.Arbitrary<Identity | undefined> = fc.option(
  fc.record(
    {
      id: fc.constant('u'),
      tenant: fc.constant('acme'),
      type: fc.constant('user' as const),
      roles: fc.subarray([...ROLES, 'nobody']),
      scopes: fc.subarray(PERMISSIONS),
    },
    { requiredKeys: ['id', 'tenant', 'type'] },
  ),
  { nil: undefined },
);
const request = fc.record({
  method: fc.oneof(method, fc.constantFrom('HEAD', 'OPTIONS', 'PUT', 'get', '')),
  path: pathOf(fc.constantFrom(...PARTS, 'c')),
});

test('nothing is allowed but what a naive reading of routes and roles allows', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      routes,
      roleTable,
      identity,
      fc.array(request, { minLength: 20, maxLength: 60 }),
      (rules, roles, who, asked) => {
        const control = { table: createRouteTable(rules), roles: defineRoles(roles) };
        for (const { method: verb, path } of asked) {
          const decision = decideAccess(control, verb, path, who);
          const told = decision.outcome === 'allowed' ? `allowed ${decision.route.path}` : decision.outcome;
          expect(told).toBe(naiveOutcome(rules, roles, verb, path, who));
          expect(decision.reason).not.toBe('');
          seen.add(decision.outcome);
        }
      },
    ),
  );
  // The model has been everywhere.
  expect([...seen].sort()).toEqual([
    'allowed',
    'no-role',
    'no-scope',
    'not-found',
    'unauthenticated',
    'wrong-method',
  ]);
});

test('all that somebody may do is what they would be allowed, one by one', () => {
  fc.assert(
    fc.property(roleTable, identity, (table, who) => {
      fc.pre(who !== undefined);
      const roles = defineRoles(table);
      const one = PERMISSIONS.filter((name) => roles.decide(who, name).allowed);
      expect(roles.permissionsOf(who)).toEqual(one.sort());
    }),
  );
});

test('to take away a role or a scope never gives', () => {
  fc.assert(
    fc.property(roleTable, identity, fc.nat(), (table, who, at) => {
      fc.pre(who !== undefined);
      const roles = defineRoles(table);
      const without = (list: readonly string[] = []) =>
        list.filter((_, i) => i !== at % Math.max(1, list.length));
      const before = new Set(roles.permissionsOf(who));
      const fewerRoles = { ...who, roles: without(who.roles) };
      const narrower = { ...who, scopes: without(who.scopes) };
      for (const less of [fewerRoles, narrower])
        for (const name of roles.permissionsOf(less)) expect(before).toContain(name);
    }),
  );
});
