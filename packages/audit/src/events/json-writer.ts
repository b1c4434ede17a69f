import type { PersonalPaths } from '../personal/personal-paths.ts';
import { AuditEventError } from './event-error.ts';
import { jsonString } from './json-string.ts';
import { plainScribe, REDACTED, type PersonalShelf, type Scribe } from './scribe.ts';

const MAX_DEPTH = 64;

/** What a {@link JsonWriter} may take and whom it asks. */
export interface JsonWriterOptions {
  /** How errors name the value as a whole. */
  readonly name: string;
  /** How many characters it may have; also bounds what is made of one object that is in many places. */
  readonly maxLength: number;
  readonly scribe?: Scribe;
  readonly shelf?: PersonalShelf | undefined;
}

/**
 * Turns one value of unknown origin into canonical JSON (RFC 8785). Reads every property exactly once, so that what
 * was looked at is what is written, whatever getters and proxies do.
 */
export class JsonWriter {
  private readonly scribe: Scribe;
  private readonly shelf: PersonalShelf | undefined;
  private readonly maxLength: number;
  private readonly name: string;
  /** Names and indices from the value as a whole to what is being written. */
  private readonly path: (string | number)[] = [];
  private readonly ancestors: object[] = [];
  private left: number;

  constructor({ name, maxLength, scribe = plainScribe, shelf }: JsonWriterOptions) {
    this.name = name;
    this.maxLength = maxLength;
    this.left = maxLength;
    this.scribe = scribe;
    this.shelf = shelf;
  }

  /** @throws {@link AuditEventError} when it is not JSON, too deep, too long or cannot be read */
  write(value: unknown, personal?: PersonalPaths): string {
    try {
      return this.value(value, personal) ?? this.fail('must be JSON, got undefined');
    } catch (error) {
      if (error instanceof AuditEventError) throw error;
      throw new AuditEventError(this.field(), 'cannot be read', { cause: error });
    }
  }

  private value(given: unknown, personal: PersonalPaths | undefined): string | undefined {
    const value = this.resolved(given);
    if (value === undefined) return undefined;
    if (personal?.whole === true && this.shelf !== undefined && !Array.isArray(value)) {
      return `"${this.shelf.put(personal.path, this.json(value, undefined))}"`;
    }
    return this.json(value, personal);
  }

  private resolved(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    // Bytes would go through as a list of numbers, in which nobody finds the secret they may be.
    if (ArrayBuffer.isView(value)) return this.fail('must be JSON, got bytes');
    const { toJSON } = value as { readonly toJSON?: unknown };
    return typeof toJSON === 'function' ? (toJSON as (key: string) => unknown).call(value, '') : value;
  }

  private json(value: unknown, personal: PersonalPaths | undefined): string {
    switch (typeof value) {
      case 'string':
        return this.string(value);
      case 'boolean':
        return this.spent(value ? 'true' : 'false');
      case 'number':
        return this.number(value);
      case 'object':
        return value === null ? this.spent('null') : this.nested(value, personal);
      default:
        return this.fail(`must be JSON, got a ${typeof value}`);
    }
  }

  private string(text: string): string {
    const json = this.scribe.json(text);
    return json === undefined
      ? this.fail('must be Unicode text, got half of a surrogate pair')
      : this.spent(json);
  }

  private number(value: number): string {
    if (!Number.isFinite(value)) return this.fail(`must be JSON, got ${value}`);
    const text = String(value === 0 ? 0 : value);
    return this.spent(this.scribe.clean(text) === text ? text : `"${REDACTED}"`);
  }

  private nested(value: object, personal: PersonalPaths | undefined): string {
    if (this.ancestors.includes(value)) this.fail('must be JSON, got a cycle');
    if (this.ancestors.length >= MAX_DEPTH) this.fail(`must not be nested deeper than ${MAX_DEPTH}`);
    this.ancestors.push(value);
    const json = Array.isArray(value) ? this.array(value, personal) : this.object(value, personal);
    this.ancestors.pop();
    return this.spent(json, 2);
  }

  private array(items: readonly unknown[], personal: PersonalPaths | undefined): string {
    let json = '';
    const { length } = items;
    for (let index = 0; index < length; index++) {
      this.path.push(index);
      const item = this.value(items[index], personal) ?? this.spent('null');
      this.path.pop();
      json += index === 0 ? item : `,${item}`;
    }
    return `[${json}]`;
  }

  private object(value: object, personal: PersonalPaths | undefined): string {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) this.fail('must be a plain object');
    const names = Object.keys(value);
    const renamed = this.arePlain(names) ? undefined : this.renamed(names);
    let json = '';
    for (const name of sorted(renamed === undefined ? names : [...renamed.keys()])) {
      const original = renamed?.get(name) ?? name;
      this.path.push(name);
      const key = renamed === undefined ? `"${name}"` : this.key(name);
      const member = this.member(original, (value as Record<string, unknown>)[original], personal);
      this.path.pop();
      if (member !== undefined) json += `${json === '' ? '' : ','}${this.spent(key)}:${member}`;
    }
    return `{${json}}`;
  }

  private arePlain(names: readonly string[]): boolean {
    for (const name of names) if (!this.scribe.isPlain(name)) return false;
    return true;
  }

  private key(name: string): string {
    return jsonString(name) ?? this.fail('must be Unicode text, got half of a surrogate pair');
  }

  private member(name: string, value: unknown, personal: PersonalPaths | undefined): string | undefined {
    if (!this.scribe.hides(name)) return this.value(value, personal?.children.get(name));
    return value === undefined ? undefined : this.spent(`"${REDACTED}"`);
  }

  /** Names that must not be written by what stands in for each; no two may become the same. */
  private renamed(names: readonly string[]): ReadonlyMap<string, string> {
    const originals = new Map<string, string>();
    const given = new Set(names);
    // Counted on, for thousands of names may become the same.
    const copies = new Map<string, number>();
    for (const name of names) {
      const clean = this.scribe.clean(name);
      let text = clean;
      while (originals.has(text) || (text !== name && given.has(text))) {
        const copy = (copies.get(clean) ?? 1) + 1;
        copies.set(clean, copy);
        text = `${clean} ${copy}`;
      }
      originals.set(text, name);
    }
    return originals;
  }

  private spent(json: string, length = json.length): string {
    this.left -= length;
    return this.left < 0 ? this.fail(`must not be longer than ${this.maxLength} characters`) : json;
  }

  private field(): string {
    return (
      this.name + this.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
    );
  }

  private fail(problem: string): never {
    throw new AuditEventError(this.field(), problem);
  }
}

/** So many names are sorted faster by hand than by the platform. */
const FEW = 16;

/** Sorts names by their UTF-16 code units (RFC 8785, section 3.2.3), in place. */
function sorted(names: string[]): readonly string[] {
  if (names.length > FEW) return names.sort();
  for (let at = 1; at < names.length; at++) {
    const name = names[at] as string;
    let to = at;
    for (; to > 0 && (names[to - 1] as string) > name; to--) names[to] = names[to - 1] as string;
    names[to] = name;
  }
  return names;
}

/**
 * Canonical JSON (RFC 8785) of a value of this library's own making.
 *
 * @throws {@link AuditEventError} when it is not JSON
 */
export function canonicalJson(value: unknown): string {
  return new JsonWriter({ name: 'value', maxLength: Infinity }).write(value);
}
