import { describe, expect, it } from 'vitest';
import { hiddenFields } from '../../src/redaction/hidden-fields.ts';

describe('fields that are hidden by their name', () => {
  const hides = hiddenFields(['ssn', 'date-of-birth', 'IBAN 2']);

  it.each([
    ...[
      'password',
      'Password',
      'PASSWORD',
      'user_password',
      'user.password',
      'userPassword',
      'password1',
      'password_2',
    ],
    ...['secret', 'clientSecret', 'client-secret', 'secrets', 'apiKey', 'api_key', 'X-API-Key', 'accessKey'],
    ...[
      'token',
      'accessToken',
      'id_token',
      'refresh-token',
      'csrfToken',
      'authorization',
      'Proxy-Authorization',
    ],
    ...[
      'cookie',
      'set-cookie',
      'credentials',
      'privateKey',
      'signing_key',
      'encryptionKey',
      'passphrase',
      'pwd',
    ],
    ...['connectionString', 'code_verifier', 'otp', 'client_assertion'],
    ...[
      'passwords',
      'apiKeys',
      'privateKeys',
      'accessTokens',
      'refresh_tokens',
      'passphrases',
      'secretKeys2',
    ],
  ])('by themselves: %s', (name) => {
    expect(hides(name)).toBe(true);
  });

  it.each(['ssn', 'SSN', 's.s.n', 'dateOfBirth', 'date_of_birth', 'iban', 'iban2', 'IBAN-2'])(
    'because they are named: %s',
    (name) => {
      expect(hides(name)).toBe(true);
    },
  );

  it.each([
    '',
    'name',
    'tokens',
    'inputTokens',
    'max_tokens',
    'authorizations',
    'tokenizer',
    'passwordless',
    'secretary',
    'keyboard',
    'cookieConsent',
    'ssnLast4',
    'publicKey',
  ])('not: %s', (name) => {
    expect(hides(name)).toBe(false);
  });

  it('are told apart in other alphabets, too', () => {
    expect(
      hiddenFields(['\u043f\u0430\u0440\u043e\u043b\u044c'])('\u041f\u0410\u0420\u041e\u041b\u042c'),
    ).toBe(true);
    expect(hiddenFields([])('\u043f\u0430\u0440\u043e\u043b\u044c')).toBe(false);
  });
});
