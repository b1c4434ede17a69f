import { expect, test } from 'vitest';
import { readItemInput } from '../../../src/stand-ins/connect-server/item-input.ts';

const login = { category: 'LOGIN', vault: { id: 'v' } };
const read = (more: object) => readItemInput({ ...login, ...more }, 'v');
const field = (more: object) => read({ fields: [more] }).fields[0];

test('an item that says next to nothing gets what every item has', () => {
  expect(read({})).toEqual({ title: '', category: 'LOGIN', favorite: false, sections: [], fields: [] });
});

test('an item is read with all its parts', () => {
  expect(
    read({
      title: 'db',
      favorite: true,
      tags: ['a', 7],
      urls: [{ href: 'https://a.example', label: 'main', primary: true }, {}],
      sections: [{ id: 's', label: 'Admin' }, {}],
      unknown: 'x',
    }),
  ).toEqual({
    title: 'db',
    category: 'LOGIN',
    favorite: true,
    tags: ['a', '7'],
    urls: [
      { href: 'https://a.example', label: 'main', primary: true },
      { href: '', primary: false },
    ],
    sections: [{ id: 's', label: 'Admin' }, { id: expect.stringMatching(/^[a-z0-9]{26}$/) as string }],
    fields: [],
  });
});

test('what is neither here nor there is left out', () => {
  expect(read({ tags: [], urls: [], favorite: 'yes', title: 1 })).toEqual(read({}));
});

test('a field is read with all its parts', () => {
  const whole = {
    id: 'f',
    type: 'concealed',
    purpose: 'PASSWORD',
    label: 'password',
    value: 'x',
    section: { id: 's' },
  };
  expect(field(whole)).toEqual({ ...whole, type: 'CONCEALED' });
  expect(field({})).toEqual({ id: expect.stringMatching(/^[a-z0-9]{26}$/) as string, type: 'STRING' });
  expect(field({ id: 'f', label: 7, section: {} })).toEqual({
    id: 'f',
    type: 'STRING',
    label: '',
    section: { id: '' },
  });
});

test('a value is made where the client leaves that to the server, and only there', () => {
  expect(field({ generate: true })?.value).toMatch(/^[\w-]{32}$/);
  expect(field({ generate: true, recipe: { length: 1 } })?.value).toHaveLength(1);
  expect(field({ generate: true, recipe: { length: 64 } })?.value).toHaveLength(64);
  expect(field({ generate: true, value: 'own' })?.value).toBe('own');
  expect(field({ generate: 'yes' })).not.toHaveProperty('value');
  expect(field({ generate: true })?.value).not.toBe(field({ generate: true })?.value);
});

test.each<[string, unknown, string]>([
  ['no object', [], 'the body must be an object'],
  ['nothing', null, 'the body must be an object'],
  ['no category', { vault: { id: 'v' } }, 'the category is none that there is'],
  ['a category of another spelling', { ...login, category: 'login' }, 'the category is none that there is'],
  ['no vault', { category: 'LOGIN' }, 'vault.id is not the one of the path'],
  ['another vault', { ...login, vault: { id: 'w' } }, 'vault.id is not the one of the path'],
  ['a vault that is a text', { ...login, vault: 'v' }, 'vault must be an object'],
  ['tags that are a text', { ...login, tags: 'a' }, 'tags must be a list'],
  ['urls that are an object', { ...login, urls: {} }, 'urls must be a list'],
  ['a url that is a text', { ...login, urls: ['x'] }, 'a url must be an object'],
  ['a section that is nothing', { ...login, sections: [null] }, 'a section must be an object'],
  ['a field that is a list', { ...login, fields: [[]] }, 'a field must be an object'],
  ['a field in no section', { ...login, fields: [{ section: 's' }] }, 'section must be an object'],
])('%s is refused', (_what, body, message) => {
  expect(() => readItemInput(body, 'v')).toThrow(expect.objectContaining({ status: 400, message }) as Error);
});

test.each([0, 65, -1, NaN, 'x', {}])('a value of %j characters is not made', (length) => {
  expect(() => field({ generate: true, recipe: { length } })).toThrow('recipe.length must be 1 to 64');
});

test.each([{ type: 'NONE' }, { purpose: 'password' }, { type: 'toString' }])(
  'there is no field of %j',
  (more) => {
    expect(() => field(more)).toThrow('a field has a type or purpose that there is not');
  },
);
