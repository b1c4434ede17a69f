import { randomBytes } from 'node:crypto';
import { ConnectError } from './connect-error.ts';
import { CATEGORIES, FIELD_TYPES, PURPOSES, type ConnectField, type ConnectItem } from './connect-item.ts';
import { newId } from './new-id.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a client may say about an item. */
export type ItemInput = Pick<
  ConnectItem,
  'title' | 'category' | 'favorite' | 'tags' | 'urls' | 'sections' | 'fields'
>;

const refuse = (message: string) => new ConnectError(400, message);

export function objectOf(value: unknown, what = 'the body'): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse(`${what} must be an object`);
  return value as Json;
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw refuse(`${what} must be a list`);
  return value;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function idOf(section: unknown): { section: { id: string } } | undefined {
  if (section === undefined) return undefined;
  return { section: { id: textOf(objectOf(section, 'section')['id']) ?? '' } };
}

/** Makes a value where the client leaves that to the server. */
function generated(recipe: unknown): string {
  const { length } = objectOf(recipe ?? {}, 'recipe');
  const wanted = Number(length ?? 32);
  if (!(wanted >= 1 && wanted <= 64)) throw refuse('recipe.length must be 1 to 64');
  return randomBytes(48).toString('base64url').slice(0, wanted);
}

function readField(value: unknown): ConnectField {
  const field = objectOf(value, 'a field');
  const type = textOf(field['type'])?.toUpperCase() ?? 'STRING';
  const purpose = textOf(field['purpose']) ?? '';
  if (!FIELD_TYPES.has(type) || !PURPOSES.has(purpose))
    throw refuse('a field has a type or purpose that there is not');
  const given = textOf(field['value']);
  const content = given ?? (field['generate'] === true ? generated(field['recipe']) : undefined);
  return {
    id: textOf(field['id']) ?? newId(),
    type,
    ...(purpose !== '' && { purpose }),
    ...(field['label'] !== undefined && { label: String(textOf(field['label']) ?? '') }),
    ...(content !== undefined && { value: content }),
    ...idOf(field['section']),
  };
}

/**
 * Reads an item that a client sends.
 *
 * @throws {@link ConnectError} 400, when it is none
 */
export function readItemInput(value: unknown, vaultId: string): ItemInput {
  const item = objectOf(value);
  const category = textOf(item['category']) ?? '';
  if (!CATEGORIES.has(category)) throw refuse('the category is none that there is');
  if (objectOf(item['vault'] ?? {}, 'vault')['id'] !== vaultId)
    throw refuse('vault.id is not the one of the path');
  const tags = listOf(item['tags'], 'tags').map(String);
  const urls = listOf(item['urls'], 'urls').map((url) => {
    const { href, label, primary } = objectOf(url, 'a url');
    return {
      href: textOf(href) ?? '',
      ...(textOf(label) && { label: textOf(label) ?? '' }),
      primary: primary === true,
    };
  });
  return {
    title: textOf(item['title']) ?? '',
    category,
    favorite: item['favorite'] === true,
    ...(tags.length > 0 && { tags }),
    ...(urls.length > 0 && { urls }),
    sections: listOf(item['sections'], 'sections').map((section) => {
      const { id, label } = objectOf(section, 'a section');
      return { id: textOf(id) ?? newId(), ...(typeof label === 'string' && { label }) };
    }),
    fields: listOf(item['fields'], 'fields').map(readField),
  };
}
