import { Secret } from '../../secret/secret.ts';
import type { Credential } from '../backend.ts';
import { fieldName, shownValue } from './field-value.ts';
import type { Item } from './item.ts';

/**
 * An item as a credential: every field that has a value, under its name. Of several with one name the first keeps it, and
 * the others have that of their section before it, or their id.
 */
export function itemCredential({ fields, sections }: Item): Credential {
  const credential = new Map<string, Secret>();
  for (const field of fields) {
    const value = shownValue(field);
    if (value === undefined || value === '') continue;
    const name = fieldName(field);
    const section = field.section === undefined ? undefined : sections.get(field.section) || field.section;
    const names = [name, ...(section === undefined ? [] : [`${section}.${name}`]), field.id];
    const free = names.find((each) => each !== '' && !credential.has(each));
    if (free !== undefined) credential.set(free, new Secret(value));
  }
  return Object.fromEntries(credential);
}
