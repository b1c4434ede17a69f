import { BackendError } from '../backend-error.ts';
import type { Item, ItemField, ItemFile } from './item.ts';
import type { Naming } from './find-item.ts';
import type { SecretReference } from './secret-reference.ts';

type Wanted = Pick<SecretReference, 'section' | 'field'> & Naming;

/** Picks what a reference names among things that lie in sections. */
function pick<T extends { readonly id: string; readonly section: string | undefined }>(
  { sections }: Item,
  all: readonly T[],
  nameOf: (each: T) => string,
  { section: wanted, field = '', ids }: Wanted,
): T | undefined {
  const inSection = (id: string | undefined, name: string) =>
    id !== undefined && ((ids && id === name) || sections.get(id) === name);
  const found = all.filter(
    (each) =>
      ((ids && each.id === field) || nameOf(each) === field) &&
      (wanted === undefined || inSection(each.section, wanted)),
  );
  const [only, another] = found;
  if (another === undefined) return only;
  // A field in no section needs no section to be named.
  const [outside, second] = found.filter(({ section }) => section === undefined);
  if (outside !== undefined && second === undefined) return outside;
  throw new BackendError(
    'invalid',
    `the field is ambiguous: ${found.length} have the name ${JSON.stringify(field)}; name the section, or refer to one by its id`,
  );
}

/**
 * Picks the field that a reference names, by label or id.
 *
 * @throws {@link BackendError} `invalid`, when several are meant
 */
export const pickField = (item: Item, wanted: Wanted): ItemField | undefined =>
  pick(item, item.fields, ({ label }) => label, wanted);

/**
 * Picks the file that a reference names, by name or id.
 *
 * @throws {@link BackendError} `invalid`, when several are meant
 */
export const pickFile = (item: Item, wanted: Wanted): ItemFile | undefined =>
  pick(item, item.files, ({ name }) => name, wanted);
