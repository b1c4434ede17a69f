import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeTenant, encodeTenant, tenantRule } from '../../src/log/tenant-name.ts';

test.each([
  ['acme', 'acme'],
  ['acme-eu_1.example', 'acme-eu_1.example'],
  ['Acme', '~41cme'],
  ['.', '~2e'],
  ['..', '~2e~2e'],
  ['.hidden', '~2ehidden'],
  ['a/b', 'a~2fb'],
  ['../../etc', '~2e~2e~2f~2e~2e~2fetc'],
  ['a b+c', 'a~20b~2bc'],
  ['~41cme', '~7e41cme'],
  ['ü', '~c3~bc'],
  ['a\0b', 'a~00b'],
])('%j becomes %s', (tenant, encoded) => {
  expect(encodeTenant(tenant)).toBe(encoded);
  expect(decodeTenant(encoded)).toBe(tenant);
});

const tenants = fc.string({ unit: 'binary', minLength: 1, maxLength: 16 });

test('every tenant becomes a name of its own, safe in a path, an origin and a URL', () => {
  fc.assert(
    fc.property(tenants, tenants, (a, b) => {
      expect(encodeTenant(a)).toMatch(/^[a-z0-9_~-][a-z0-9._~-]*$/);
      expect(encodeTenant(a).length).toBeLessThanOrEqual(200);
      expect(encodeURIComponent(encodeTenant(a))).toBe(encodeTenant(a));
      expect(decodeTenant(encodeTenant(a))).toBe(a);
      expect(encodeTenant(a) === encodeTenant(b)).toBe(a === b);
    }),
  );
});

test.each(['', 'Acme', '.a', 'a/b', '~', '~4', '~zz', '~61', '~c3', 'lost+found', '~41~'])(
  'no tenant is called %j on disk',
  (name) => {
    expect(decodeTenant(name)).toBe(undefined);
  },
);

test.each([[''], ['x'.repeat(65)], ['ü'.repeat(33)], ['\ud800'], [7], [undefined]])(
  '%j is no tenant',
  (tenant) => {
    expect(tenantRule(tenant)).toBe('must be well-formed text of 1 to 64 bytes');
  },
);
