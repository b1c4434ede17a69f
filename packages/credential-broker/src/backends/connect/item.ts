import { BackendError } from '../backend-error.ts';

/** A field of an item, as far as the broker looks at it. */
export interface ItemField {
  readonly id: string;
  readonly label: string;
  readonly type: string;
  readonly purpose: string;
  readonly value: string | undefined;
  /** The code of the moment, of a field for one-time passwords. */
  readonly otp: string | undefined;
  /** A private key in the format of OpenSSH, where the server gives it. */
  readonly openSsh: string | undefined;
  readonly section: string | undefined;
}

/** A file of an item. */
export interface ItemFile {
  readonly id: string;
  readonly name: string;
  readonly section: string | undefined;
}

/** An item with all that is in it. */
export interface Item {
  readonly sections: ReadonlyMap<string, string>;
  readonly fields: readonly ItemField[];
  readonly files: readonly ItemFile[];
}

/** A vault or an item of a list. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

type Json = Readonly<Record<string, unknown>>;

const unreadable = () => new BackendError('invalid', 'the answer of the Connect server cannot be understood');

function objectOf(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable();
  return value as Json;
}

function listOf(value: unknown): readonly Json[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw unreadable();
  return value.map(objectOf);
}

/** Numbers come for dates and sizes. */
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;

const idOf = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null ? textOf((value as Json)['id']) : undefined;

function openSshOf(formats: unknown): string | undefined {
  if (formats === undefined) return undefined;
  const openssh = objectOf(formats)['openssh'];
  return openssh === undefined ? undefined : textOf(objectOf(openssh)['value']);
}

/** Reads a list of vaults, which have a `name`, or of items, which have a `title`. */
export function readNamed(value: unknown): readonly Named[] {
  return listOf(value).map(({ id, name, title }) => ({
    id: textOf(id) ?? '',
    name: textOf(name) ?? textOf(title) ?? '',
  }));
}

/** Reads an item. Unknown kinds of fields and categories are as good as known ones. */
export function readItem(value: unknown): Item {
  const { sections, fields, files } = objectOf(value);
  return {
    sections: new Map(listOf(sections).map(({ id, label }) => [textOf(id) ?? '', textOf(label) ?? ''])),
    fields: listOf(fields).map((field) => ({
      id: textOf(field['id']) ?? '',
      label: textOf(field['label']) ?? '',
      type: textOf(field['type']) ?? 'STRING',
      purpose: textOf(field['purpose']) ?? '',
      value: textOf(field['value']),
      otp: textOf(field['totp']) ?? textOf(field['otp']),
      openSsh: openSshOf(field['ssh_formats']),
      section: idOf(field['section']),
    })),
    files: listOf(files).map(({ id, name, section }) => ({
      id: textOf(id) ?? '',
      name: textOf(name) ?? '',
      section: idOf(section),
    })),
  };
}
