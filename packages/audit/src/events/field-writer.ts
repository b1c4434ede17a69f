import type { PersonalPaths } from '../personal/personal-paths.ts';
import { AuditEventError } from './event-error.ts';
import { jsonString } from './json-string.ts';
import type { Layout, TextField } from './layouts.ts';
import { REDACTED, type PersonalShelf, type Scribe } from './scribe.ts';

/** How many times its length is looked at of what will be cut. */
const LOOKED_AT = 8;

/** Writes the fields of one event that are not free-form. */
export class FieldWriter {
  private readonly scribe: Scribe;
  private readonly shelf: PersonalShelf | undefined;

  constructor(scribe: Scribe, shelf: PersonalShelf | undefined) {
    this.scribe = scribe;
    this.shelf = shelf;
  }

  /**
   * @param prefix - the path of the object that the field is in, with a dot
   * @returns canonical JSON; `undefined` where nothing is given
   */
  text(prefix: string, field: TextField, value: unknown, personal?: PersonalPaths): string | undefined {
    if (value === undefined && field.required !== true) return undefined;
    const json = this.checked(prefix, field, value);
    if (personal?.whole !== true || this.shelf === undefined) return json;
    return `"${this.shelf.put(personal.path, json)}"`;
  }

  private checked(prefix: string, { name, required, maxLength, cut }: TextField, value: unknown): string {
    if (typeof value !== 'string') return fail(prefix + name, `must be a string, got ${kindOf(value)}`);
    if (value === '' && required === true) return fail(prefix + name, 'must not be empty');
    const fits = value.length <= maxLength;
    if (!fits && cut !== true) {
      return fail(prefix + name, `must not be longer than ${maxLength} characters, got ${value.length}`);
    }
    const json = fits ? this.scribe.json(value) : jsonString(this.cut(value, maxLength));
    return json ?? fail(prefix + name, 'must be Unicode text, got half of a surrogate pair');
  }

  private cut(value: string, maxLength: number): string {
    const seen = value.slice(0, maxLength * LOOKED_AT);
    const cleaned = this.scribe.clean(seen);
    // What was cut out makes room for what stands at the end of what was looked at, which may be half a secret.
    if (seen.length < value.length && cleaned !== seen) return REDACTED;
    const clean = cleaned.slice(0, maxLength);
    return /[\ud800-\udbff]$/.test(clean) ? clean.slice(0, -1) : clean;
  }

  object(name: string, layout: Layout, value: unknown, personal?: PersonalPaths): string | undefined {
    if (value === undefined) return undefined;
    if (typeof value !== 'object' || value === null) {
      return fail(name, `must be an object, got ${kindOf(value)}`);
    }
    let json = '{';
    let unknown = 0;
    for (const _ in value) unknown++;
    for (const field of layout.fields) {
      const given = (value as Record<string, unknown>)[field.name];
      if (given !== undefined) unknown--;
      const text = this.text(layout.prefix, field, given, personal?.children.get(field.name));
      if (text !== undefined) json += `${json.length === 1 ? '"' : ',"'}${field.name}":${text}`;
    }
    if (unknown !== 0) this.refuseUnknown(name, layout, value);
    return `${json}}`;
  }

  private refuseUnknown(name: string, { fields }: Layout, value: object): void {
    const names = fields.map((field) => field.name);
    const unknown = Object.keys(value).find((given) => !names.includes(given));
    if (unknown === undefined) return;
    const shown = JSON.stringify(this.scribe.clean(unknown).slice(0, 40));
    fail(name, `has no field ${shown}; it takes ${names.join(', ')}`);
  }
}

function fail(field: string, problem: string): never {
  throw new AuditEventError(field, problem);
}

/** What a value is, told without telling the value. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
