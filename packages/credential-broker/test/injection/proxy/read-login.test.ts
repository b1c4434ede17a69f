import { expect, it } from 'vitest';
import { readLogin } from '../../../src/injection/proxy/read-login.ts';

const coded = (text: string) => Buffer.from(text).toString('base64');

it.each([
  [`Basic ${coded('a:b')}`, { username: 'a', password: 'b' }],
  [`bASIC   ${coded('a:b:c')} `, { username: 'a', password: 'b:c' }],
  [`Basic ${coded(':')}`, { username: '', password: '' }],
  [`Basic ${coded('ü:ö')}`, { username: 'ü', password: 'ö' }],
  [`Basic ${coded('nobody')}`, undefined],
  [`Bearer ${coded('a:b')}`, undefined],
  [`Basic${coded('a:b')}`, undefined],
  ['Basic', undefined],
  ['', undefined],
])('of %j comes %o', (field, login) => {
  expect(readLogin(field)).toEqual(login);
});
