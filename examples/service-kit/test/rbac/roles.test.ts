import { expect, test } from 'vitest';
import type { Identity } from '../../src/auth/identity.ts';
import { defineRoles } from '../../src/rbac/roles.ts';

const viewer = ['incidents:read'];
const roles = defineRoles({ viewer, operator: [...viewer, 'incidents:resolve'], demo: [] });
const who = (more: Partial<Identity>): Identity => ({ id: 'u', tenant: 'acme', type: 'user', ...more });

test('a role grants its permissions and no others, and says so', () => {
  expect(roles.decide(who({ roles: ['viewer'] }), 'incidents:read')).toEqual({
    allowed: true,
    reason: 'incidents:read is granted by the role viewer',
  });
  expect(roles.decide(who({ roles: ['demo', 'viewer'] }), 'incidents:resolve')).toEqual({
    allowed: false,
    missing: 'role',
    reason: 'incidents:resolve is granted by none of the roles: demo, viewer',
  });
  for (const nothing of [{}, { roles: [] }])
    expect(roles.decide(who(nothing), 'incidents:read')).toEqual({
      allowed: false,
      missing: 'role',
      reason: 'incidents:read is granted by none of the roles: none',
    });
});

test('a token is good for what is in its scope, and grants nothing by itself', () => {
  const operator = who({ roles: ['operator'], scopes: ['incidents:read', 'admin'] });
  expect(roles.decide(operator, 'incidents:read').allowed).toBe(true);
  expect(roles.decide(operator, 'incidents:resolve')).toMatchObject({ allowed: false, missing: 'scope' });
  expect(roles.decide(operator, 'admin')).toMatchObject({ allowed: false, missing: 'role' });
  expect(roles.decide(who({ roles: ['operator'], scopes: [] }), 'incidents:read').allowed).toBe(false);
  expect(roles.permissionsOf(operator)).toEqual(['incidents:read']);
  expect(roles.permissionsOf(who({ roles: ['operator', 'viewer'] }))).toEqual([
    'incidents:read',
    'incidents:resolve',
  ]);
});

test.each(['constructor', '__proto__', 'toString', 'Viewer', 'viewer ', ''])('%j is no role', (role) => {
  expect(roles.decide(who({ roles: [role] }), 'incidents:read').allowed).toBe(false);
  expect(roles.permissionsOf(who({ roles: [role] }))).toEqual([]);
});

test('names must be names', () => {
  expect(() => defineRoles({ admin: [''] })).toThrow(TypeError);
  expect(() => defineRoles({ '': [] })).toThrow(TypeError);
});
