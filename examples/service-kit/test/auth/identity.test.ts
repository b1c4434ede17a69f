import { expect, test } from 'vitest';
import { isIdentity, isName, type Identity } from '../../src/auth/identity.ts';

const u: Identity = { id: 'u', tenant: 'acme', type: 'user' };
const x = (length: number) => 'x'.repeat(length);
const many = (length: number, item = 'a') => Array.from({ length }, () => item);

test.each<Partial<Identity>>([
  {},
  { id: x(256) },
  { tenant: x(64) },
  { onBehalfOf: x(256) },
  { roles: [] },
  { roles: many(64, x(128)) },
  { scopes: many(64, x(128)) },
  { id: 'auth0|7!~', tenant: 'urn:acme/eu' },
])('somebody may be known by %j', (more) => {
  expect(isIdentity({ ...u, ...more })).toBe(true);
});

test.each<object>([
  { id: '' },
  { id: x(257) },
  { id: undefined },
  { id: 7 },
  { tenant: '' },
  { tenant: x(65) },
  { tenant: undefined },
  { onBehalfOf: '' },
  { onBehalfOf: x(257) },
  { onBehalfOf: null },
  { roles: many(65) },
  { roles: [x(129)] },
  { roles: [''] },
  { roles: ['viewer', 7] },
  { scopes: many(65) },
  { scopes: [x(129)] },
  { scopes: [null] },
])('nobody is known by %j', (more) => {
  expect(isIdentity({ ...u, ...more })).toBe(false);
});

// What stands in keys of maps, in headers and in logs must not end them, or look like two.
test.each(['a b', ' a', 'a\n', 'a\r\nb', 'a\0', 'é', 'a\u007f', '\u202ea', 'a\tb'])(
  '%j is no name',
  (name) => {
    expect(isName(name, 10)).toBe(false);
    for (const more of [{ id: name }, { tenant: name }, { roles: [name] }, { scopes: [name] }])
      expect(isIdentity({ ...u, ...more })).toBe(false);
  },
);
