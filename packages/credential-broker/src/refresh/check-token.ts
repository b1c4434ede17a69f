import { check, either, number, type, type Rule } from '@holdfast/pipeline';
import { Secret } from '../secret/secret.ts';
import { NEVER_MS, type Token, type TokenKey } from './token.ts';

const text: Rule = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'must be a string that is not empty';

const secret: Rule = (value) => (value instanceof Secret ? undefined : 'must be a Secret');
const texts: Rule = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')
    ? undefined
    : 'must be an array of strings';
const absent: Rule = (value) => (value === undefined ? undefined : 'must be undefined');

/**
 * Checks whose token is meant: one key would stand for another where either is no text.
 *
 * @throws {@link TypeError} when it is no key
 */
export function checkTokenKey(key: TokenKey): void {
  check('token key', key, type('object'));
  check('token key: tenant', key.tenant, text);
  check('token key: name', key.name, text);
}

/**
 * Checks a token that is to be kept.
 *
 * @throws {@link TypeError} when it is none
 * @throws {@link RangeError} when an instant is out of bounds
 */
export function checkToken(token: Token): void {
  check('token', token, type('object'));
  check('token: accessToken', token.accessToken, secret);
  check('token: refreshToken', token.refreshToken, either(absent, secret));
  check('token: tokenType', token.tokenType, type('string'));
  check('token: scope', token.scope, texts);
  for (const name of ['obtainedAtMs', 'expiresAtMs'] as const)
    check(`token: ${name}`, token[name], number(0, NEVER_MS));
}
