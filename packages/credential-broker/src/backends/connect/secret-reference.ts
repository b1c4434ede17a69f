import { BackendError } from '../backend-error.ts';

/** The attributes of a field that a reference may ask for. */
const ATTRIBUTES = ['value', 'otp', 'type', 'id', 'title', 'purpose'] as const;

/** What of a field is meant. */
export type FieldAttribute = (typeof ATTRIBUTES)[number];

/** What a reference points to; each part is a name or an id. */
export interface SecretReference {
  readonly vault: string;
  readonly item: string;
  readonly section: string | undefined;
  /** Nothing for the whole item. */
  readonly field: string | undefined;
  readonly attribute: FieldAttribute;
  readonly openSsh: boolean;
}

/** The characters of names that 1Password takes in references; what has others is referred to by its id. */
const PART = /^[A-Za-z0-9._\- ]{1,128}$/;

const invalid = (why: string) => new BackendError('invalid', `the reference ${why}`);

/**
 * Reads `vault/item/[section/]field?attribute=otp`, what follows `op://` in a secret reference of 1Password.
 *
 * @throws {@link BackendError} `invalid`, when it is none
 */
export function parseSecretReference(path: string): SecretReference {
  const [names = '', query, ...more] = path.split('?');
  if (more.length > 0) throw invalid('has more than one question mark');
  const parts = names.split('/');
  if (parts.length < 2 || parts.length > 4) throw invalid('is not vault/item/[section/]field');
  for (const part of parts) {
    // Dots alone are letters to 1Password and steps to a path.
    if (!PART.test(part) || part === '.' || part === '..') {
      throw invalid('has a part with other characters than letters, digits, spaces, dots, "-" and "_"');
    }
  }
  const [vault = '', item = '', third, fourth] = parts;
  const field = fourth ?? third;
  if (field === undefined && query !== undefined) throw invalid('names no field to take an attribute of');
  return { vault, item, section: fourth && third, field, ...readQuery(query) };
}

function readQuery(query: string | undefined): Pick<SecretReference, 'attribute' | 'openSsh'> {
  const asked = { attribute: 'value' as FieldAttribute, openSsh: false };
  if (query === undefined) return asked;
  for (const [name, value] of new URLSearchParams(query)) {
    const attribute = ATTRIBUTES.find((each) => each === value);
    if ((name === 'attribute' || name === 'attr') && attribute !== undefined) asked.attribute = attribute;
    else if (name === 'ssh-format' && value === 'openssh') asked.openSsh = true;
    else throw invalid('asks for an attribute or a format that there is not');
  }
  return asked;
}
