import { expect, test } from 'vitest';
import { patchItem } from '../../../src/stand-ins/connect-server/patch-item.ts';

const item = {
  title: 'orders db',
  favorite: false,
  tags: ['postgres', 'live'],
  fields: [
    { id: 'username', label: 'username', value: 'orders' },
    { id: 'password', label: 'password', value: 'hunter2' },
  ],
};

const add = (path: string, value: unknown) => ({ op: 'add', path, value });
const replace = (path: string, value: unknown) => ({ op: 'replace', path, value });
const remove = (path: string) => ({ op: 'remove', path });

test.each<[string, object, object]>([
  ['replaces a text', replace('/title', 'x'), { title: 'x' }],
  ['adds what was not there', add('/notes', 'x'), { notes: 'x' }],
  ['replaces with nothing', replace('/title', undefined), { title: undefined }],
  ['removes a part', remove('/title'), { title: undefined }],
  ['adds to the end of a list', add('/tags', 'new'), { tags: ['postgres', 'live', 'new'] }],
  ['adds within a list', add('/tags/1', 'new'), { tags: ['postgres', 'new', 'live'] }],
  ['adds behind a list', add('/tags/-', 'new'), { tags: ['postgres', 'live', 'new'] }],
  ['replaces a whole list', replace('/tags', ['one']), { tags: ['one'] }],
  ['removes from a list', remove('/tags/0'), { tags: ['live'] }],
  ['replaces all at once, and keeps the rest', replace('/', { title: 'all' }), { title: 'all' }],
  ['replaces all at once without a slash', replace('', { title: 'all' }), { title: 'all' }],
  ['leaves all as it is otherwise', remove('/'), {}],
  ['leaves all as it is when something is added to nowhere', add('', { title: 'x' }), {}],
])('one operation %s', (_what, operation, changed) => {
  const patched = patchItem(item, [operation]) as object;
  expect(patched).toEqual({ ...item, ...changed });
});

test('fields are named by their id or their place', () => {
  const patched = patchItem(item, [
    replace('/fields/password', { value: 'changed' }),
    replace('/fields/0/value', 'user'),
    add('/fields/username/label', 'name'),
    add('/fields/password', { id: 'before' }),
  ]);
  expect(patched).toMatchObject({
    fields: [
      { id: 'username', label: 'name', value: 'user' },
      { id: 'before' },
      { id: 'password', label: 'password', value: 'changed' },
    ],
  });
});

test('operations follow one another, and the item itself stays as it was', () => {
  const before = structuredClone(item);
  const patched = patchItem(item, [add('/tags/-', 'a'), remove('/tags/0'), replace('/title', 'b')]);
  expect(patched).toMatchObject({ title: 'b', tags: ['live', 'a'] });
  expect(item).toEqual(before);
  expect(patchItem(item, [])).toEqual(before);
});

test.each<[string, unknown]>([
  ['no list', {}],
  ['nothing', undefined],
  ['no operation', [null]],
  ['a list of lists', [[]]],
  ['an operation without a path', [{ op: 'remove' }]],
  ['a path that is no text', [{ op: 'remove', path: ['title'] }]],
  ['another operation', [{ op: 'move', path: '/title' }]],
  ['an operation that every object has', [{ op: 'constructor', path: '/title' }]],
  ['a member that there is not', [remove('/tags/7')]],
  ['a field that there is not', [replace('/fields/none', { value: 'x' })]],
  ['a way through a text', [add('/title/0', 'x')]],
  ['a way through nothing', [add('/none/deeper', 'x')]],
  ['a field made into a text', [replace('/fields/0', 'x')]],
  ['all made into a list', [replace('/', [])]],
  ['a way through a prototype', [add('/__proto__/polluted', 'x')]],
  ['a way through a constructor', [add('/constructor/prototype/polluted', 'x')]],
])('%s is refused', (_what, operations) => {
  expect(() => patchItem(item, operations)).toThrow(expect.objectContaining({ status: 400 }) as Error);
  expect({}).not.toHaveProperty('polluted');
});

test('a key that would change a prototype is but a key', () => {
  const patched = patchItem(item, [add('/__proto__', { polluted: true })]) as object;
  expect(Object.getPrototypeOf(patched)).toBe(Object.prototype);
  expect(patched).not.toHaveProperty('polluted');
});
