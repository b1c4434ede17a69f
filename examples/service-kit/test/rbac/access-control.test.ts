import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Identity } from '../../src/auth/identity.ts';
import { decideAccess } from '../../src/rbac/access-control.ts';
import { defineRoles } from '../../src/rbac/roles.ts';
import { createRouteTable, type RouteRule } from '../../src/rbac/route-table.ts';

const rule = (method: RouteRule['method'], path: string, access: RouteRule['access']) => ({
  method,
  path,
  access,
});

const table = createRouteTable([
  rule('GET', '/', 'public'),
  rule('GET', '/health', 'public'),
  rule('GET', '/docs', 'public'),
  rule('GET', '/me', 'authenticated'),
  rule('GET', '/incidents', { permission: 'incidents:read' }),
  rule('GET', '/incidents/:id', { permission: 'incidents:read' }),
  rule('GET', '/incidents/mine', 'authenticated'),
  rule('POST', '/incidents/:id/resolve', { permission: 'incidents:resolve' }),
]);
const roles = defineRoles({ viewer: ['incidents:read'], operator: ['incidents:read', 'incidents:resolve'] });
const viewer: Identity = { id: 'u', tenant: 'acme', type: 'user', roles: ['viewer'] };
const narrow: Identity = { ...viewer, roles: ['operator'], scopes: ['incidents:read'] };

const decide = (method: string, target: string, identity?: Identity) =>
  decideAccess({ table, roles }, method, target, identity);
const outcome = (method: string, target: string, identity?: Identity) =>
  decide(method, target, identity).outcome;

test('each route says who may use it, and the decision says why', () => {
  expect(decide('GET', '/health')).toMatchObject({ outcome: 'allowed', reason: 'GET /health is public' });
  expect(decide('GET', '/me')).toMatchObject({ outcome: 'unauthenticated', reason: 'GET /me is not public' });
  expect(outcome('GET', '/me', viewer)).toBe('allowed');
  expect(outcome('GET', '/incidents?limit=5', viewer)).toBe('allowed');
  expect(decide('POST', '/incidents/7/resolve', viewer)).toMatchObject({
    outcome: 'no-role',
    reason: 'incidents:resolve is granted by none of the roles: viewer',
  });
  expect(decide('POST', '/incidents/7/resolve', narrow)).toMatchObject({
    outcome: 'no-scope',
    permission: 'incidents:resolve',
  });
});

test('parts that are spelled out come first, and parameters are decoded once', () => {
  expect(decide('GET', '/incidents/mine', viewer)).toMatchObject({ route: { path: '/incidents/mine' } });
  expect(decide('GET', '/incidents/a%20b', viewer)).toMatchObject({ params: { id: 'a b' } });
  expect(decide('GET', '/incidents/a%2525', viewer)).toMatchObject({ params: { id: 'a%25' } });
  expect(decide('GET', '/incidents/__proto__', viewer)).toMatchObject({ params: { id: '__proto__' } });
});

test('HEAD is GET, and other methods of a path are told', () => {
  expect(outcome('HEAD', '/health')).toBe('allowed');
  expect(decide('DELETE', '/health')).toMatchObject({ outcome: 'wrong-method', allow: ['GET', 'HEAD'] });
  expect(outcome('get', '/health')).toBe('wrong-method');
  expect(outcome('TRACE', '/me')).toBe('wrong-method');
});

// N18: routes of the earlier system were open when their path began like an open one, or was in no list at all.
describe('nothing is open by accident:', () => {
  test.each([
    '/healthXYZ',
    '/health/',
    '/health/x',
    '//health',
    '/health//',
    '/Health',
    '/docs/../incidents',
    '/docs/..',
    '/.',
    '/./health',
    '/docs%2f..%2fincidents',
    '/docs/%2e%2e/incidents',
    '/incidents/%2e%2e',
    '/incidents/..',
    '/incidents/',
    '/incidents/a%2fb',
    '/incidents/a%5cb',
    '/incidents/a\\b',
    '/incidents/a%00',
    '/incidents/a%0d%0aSet-Cookie:x',
    '/incidents/%',
    '/incidents/%c0%ae',
    '/%68ealth',
    '/healt%68',
    '/incidents/%6Dine',
    '/incidents/%4d',
    '/incidents/%5a',
    '/incidents/%7A',
    '/incidents/%30',
    '/incidents/%39',
    '/incidents/a%2Db',
    '/incidents/a%2eb',
    '/incidents/a%5Fb',
    '/incidents/a%7eb',
    '/admin/users',
    'http://evil.example/health',
    '*',
    '',
    `/incidents/${'a'.repeat(3_000)}`,
  ])('%s', (target) => {
    expect(outcome('GET', target, viewer)).toBe('not-found');
  });

  test('any path', () => {
    const known = new Set(['/', '/health', '/docs', '/me', '/incidents']);
    fc.assert(
      fc.property(fc.webPath(), fc.constantFrom('GET', 'POST', 'OPTIONS'), (path, method) => {
        fc.pre(!known.has(path));
        expect(outcome(method, path)).not.toBe('allowed');
      }),
    );
  });
});

test.each([
  ['a prefix', [rule('GET', '/docs/*', 'public')]],
  ['no path', [rule('GET', 'docs', 'public')]],
  ['a final slash', [rule('GET', '/docs/', 'public')]],
  ['two routes for one path', [rule('GET', '/a/:x', 'public'), rule('GET', '/a/:y', 'authenticated')]],
  ['nobody said who may', [{ method: 'GET', path: '/a' } as RouteRule]],
])('a table with a mistake is refused: %s', (_what, routes) => {
  expect(() => createRouteTable(routes)).toThrow(TypeError);
});
