import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { parseSecretReference } from '../../../src/backends/connect/secret-reference.ts';

describe('parseSecretReference', () => {
  it.each([
    ['prod/orders', { vault: 'prod', item: 'orders', section: undefined, field: undefined }],
    ['prod/orders/password', { section: undefined, field: 'password' }],
    ['My Vault/a.b-c_d/Admin/email', { vault: 'My Vault', section: 'Admin', field: 'email' }],
    ['v/i/f?attribute=otp', { attribute: 'otp', openSsh: false }],
    ['v/i/f?attr=type', { attribute: 'type' }],
    ['v/i/private key?ssh-format=openssh', { field: 'private key', openSsh: true, attribute: 'value' }],
  ])('reads %j', (path, expected) => {
    expect(parseSecretReference(path)).toMatchObject(expected);
  });

  it.each([
    '',
    'v',
    'v/',
    'v//f',
    'v/i/s/f/x',
    '../i/f',
    'v/..',
    'v/i/.',
    'v/x" or title co "/f',
    'v/%2e%2e/f',
    'v/i\n/f',
    'v/i&filter/f',
    'v/i#f',
    'v/ü',
    'v/i?attribute=otp',
    'v/i/f?attribute=secret',
    'v/i/f?attribute=otp?x',
    'v/i/f?ssh-format=pem',
    'v/i/f?__proto__=1',
    `v/${'x'.repeat(129)}`,
  ])('refuses %j', (path) => {
    expect(() => parseSecretReference(path)).toThrow(
      expect.objectContaining({ failure: 'invalid', name: 'BackendError' }),
    );
  });

  const part = fc.stringMatching(/^[a-zA-Z0-9_\- ]{1,20}$/);
  test.prop([fc.tuple(part, part, part, part)])(
    'takes what it is made of',
    ([vault, item, section, field]) => {
      expect(parseSecretReference([vault, item, section, field].join('/'))).toMatchObject({
        vault,
        item,
        section,
        field,
      });
    },
  );

  test.prop([fc.string({ maxLength: 300 })])('lets no character through that steers a URL', (path) => {
    try {
      const { vault, item, section = '', field = '' } = parseSecretReference(path);
      expect(`${vault}${item}${section}${field}`).toMatch(/^[A-Za-z0-9._\- ]+$/);
    } catch (error) {
      expect(error).toMatchObject({ failure: 'invalid' });
    }
  });
});
