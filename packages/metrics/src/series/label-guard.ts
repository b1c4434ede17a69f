import type { LabelNames, ValueSets } from './labels.ts';

/** Brings a label value into the form that is kept, e.g. `/users/42` into `/users/:id`. */
export type Normalizers = Readonly<Record<string, (value: string) => string>>;

/** What stands for every value outside of a closed set, as in the OpenTelemetry conventions. */
export const OTHER_VALUE = '_OTHER';

/** What UTF-8 cannot hold, and the byte at which Prometheus stops to read. */
const UNWRITABLE = /[\0\p{Surrogate}]/gu;

/** Decides what becomes of the values that callers give. */
export class LabelGuard {
  private readonly owner: string;
  private readonly names: LabelNames;
  private readonly sets: readonly (ReadonlySet<string> | undefined)[];
  private readonly normalizers: readonly (((value: string) => string) | undefined)[];
  private readonly maxLength: number;
  /** Whether a value has to pass the guard even where a series of that value exists. */
  readonly normalizes: boolean;

  constructor(
    owner: string,
    names: LabelNames,
    sets: ValueSets,
    normalizers: Normalizers,
    maxLength: number,
  ) {
    this.owner = owner;
    this.names = names;
    this.sets = names.map((name) => (Object.hasOwn(sets, name) ? new Set(sets[name]) : undefined));
    this.normalizers = names.map((name) =>
      Object.hasOwn(normalizers, name) ? normalizers[name] : undefined,
    );
    this.normalizes = this.normalizers.some((each) => each !== undefined);
    this.maxLength = maxLength;
  }

  /**
   * Makes a tuple of texts from values as they were given.
   *
   * @returns the tuple, or `undefined` when a value is too long to be kept
   */
  admit(given: readonly unknown[]): string[] | undefined {
    if (given.length !== this.names.length) {
      throw new TypeError(`${this.owner} takes ${this.names.length} label values, got ${given.length}`);
    }
    const values = given.map((value, index) => this.read(value, index));
    return values.some((value) => value.length > this.maxLength) ? undefined : values;
  }

  /** Picks the values out of an object and refuses names that are not labels. */
  pick(labels: object): unknown[] {
    const unknown = Object.keys(labels).find((name) => !this.names.includes(name));
    if (unknown !== undefined) throw new TypeError(`${this.owner} has no label '${unknown}'`);
    return this.names.map((name) => (labels as Record<string, unknown>)[name]);
  }

  /** The text of a value that a series is looked for by; the same as if it were written. */
  read(value: unknown, index: number): string {
    if (typeof value !== 'string' && typeof value !== 'number') {
      const kind = value === null ? 'null' : typeof value;
      throw new TypeError(
        `${this.owner}: label '${this.names[index]}' must be a string or a number, got ${kind}`,
      );
    }
    const normalize = this.normalizers[index];
    const given = normalize === undefined ? String(value) : normalize(String(value));
    const text = given.replace(UNWRITABLE, '\ufffd');
    const set = this.sets[index];
    return set === undefined || set.has(text) ? text : OTHER_VALUE;
  }
}
