import { expect, it } from 'vitest';
import { readDraft } from '../../src/injection/draft.ts';
import { refuseOtherMethod } from '../../src/injection/refuse-other-method.ts';

const FORM = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data; boundary=b';

const outcome = (type: string | undefined, body: string | Uint8Array, query = '') => {
  const headers = type === undefined ? {} : { 'content-type': type };
  try {
    refuseOtherMethod(readDraft({ url: `https://a.example/${query}`, method: 'POST', headers, body }, 4_096));
    return 'sent';
  } catch (error) {
    return (error as { readonly reason: string }).reason;
  }
};

const part = (name: string, value = 'DELETE') =>
  `--b\r\nContent-Disposition: form-data; ${name}\r\n\r\n${value}\r\n--b--\r\n`;

it.each(['_method', '_METHOD', '%5fmethod', '+_method', '.method', '[method', '_method%00x'])(
  'refuses the parameter %s, wherever it is',
  (name) => {
    expect(outcome(undefined, '', `?a=1&${name}=DELETE`)).toBe('denied');
    for (const type of [FORM, undefined, 'text/plain', `Application/X-WWW-Form-Urlencoded; charset=utf-8`]) {
      expect(outcome(type, `a=1&${name}=DELETE`)).toBe('denied');
      expect(outcome(type, Buffer.from(`${name}=DELETE`))).toBe('denied');
    }
  },
);

it.each([
  'name="_method"',
  'name=_method',
  'NAME="_Method"; filename="a"',
  'name="_\\met\\hod"',
  "name*=utf-8''%5Fmethod",
  'name=".method"',
])('refuses a part with %s', (name) => {
  expect(outcome(MULTIPART, part(name))).toBe('denied');
  expect(outcome('Multipart/Mixed; boundary=b', Buffer.from(part(name)))).toBe('denied');
});

it.each([
  '{"_method":"DELETE"}',
  '\ufeff{"_method":"DELETE"}',
  '{"a":1,"\\u005fMETHOD":"DELETE"}',
  ' {"a":{}, "_method":null}',
])('refuses the members of %s', (text) => {
  for (const type of ['application/json', 'application/vnd.api+JSON; charset=utf-8'])
    expect(outcome(type, text)).toBe('denied');
});

it.each([
  ['application/json', '{"_method"'],
  ['application/json', 'a=1&_method=DELETE'],
  ['application/json', Buffer.from('\ufeff{"_method":"DELETE"}', 'utf16le')],
  ['text/plain;a=b, text/x-json', '{'],
  ['application/json; charset=utf-16', '{}'],
  ['application/json;charset=utf-8; Charset = "utf-16le"', '{}'],
  ["application/json; charset*=utf-8''utf-7", '{}'],
])('refuses what may be JSON to somebody else: %s %s', (type, body) => {
  expect(outcome(type, body)).toBe('request');
});

it.each([FORM, 'text/plain', '; charset=utf-8'])('finds it among all of a body of type %s', (type) => {
  expect(outcome(type, 'x&'.repeat(2_000))).toBe('sent');
  for (const text of ['x&_method', 'x;_method=DELETE', '&&=&%5f%6DETHOD=1', '%zz&%20_method', '?;_method='])
    expect(outcome(type, text)).toBe('denied');
});

it.each([
  [FORM, 'payment_method=card&method=_method&_methods=1&x_method=2&methods%5B_method%5D=3'],
  [MULTIPART, part('name="payment_method"', 'a_method, _methods')],
  ['application/json', '{"payment_method":"_method","a":{"_method":1},"text":"set \\"_method\\": 1"}'],
  ['application/json', '["_method"]'],
  ['application/json', 'null'],
  ['application/json', '"_method"'],
  ['application/json', '{"text":"see a&_method=b;_method=c"}'],
  ['application/json', ''],
  ['application/json; charset=UTF-8', '\ufeff{"a":1}'],
  ['application/json; charset="us-ascii"', '{"a":1}'],
  ['application/x-ndjson', '{"a":1}\n{"b":2}\n'],
  ['multipart/form-data; boundary=json', part('name="a"')],
  ['application/xml', '<a>x&_method=b</a>'],
  ['text/plain', 'about _method'],
  ['text/plain', '%_method=1&a%26_method=2&a=_method=3&%5=4'],
  [undefined, ''],
])('lets what is something else pass: %s %s', (type, body) => {
  expect(outcome(type, body)).toBe('sent');
});
