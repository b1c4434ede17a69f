import { isPlainText, jsonString } from './json-string.ts';
import type { PersonalPaths } from '../personal/personal-paths.ts';

/** What becomes of values on their way into an entry. */
export interface Scribe {
  /** Whether a field is hidden whatever its value, because of its name. */
  hides(field: string): boolean;
  /** Whether a text is written as it is, between quotes. */
  isPlain(text: string): boolean;
  /** A text without what must not be written. */
  clean(text: string): string;
  /** The same as a JSON string; `undefined` when it is not Unicode text: half of a surrogate pair has no UTF-8 form. */
  json(text: string): string | undefined;
}

/** What stands in for what must not be written. */
export const REDACTED = '[redacted]';

/** Writes everything as it is. */
export const plainScribe: Scribe = {
  hides: () => false,
  isPlain: isPlainText,
  clean: (text) => text,
  json: jsonString,
};

/** Keeps the values of personal fields apart from the entry. */
export interface PersonalShelf {
  /** The personal fields below the event. */
  readonly paths: PersonalPaths;
  /**
   * Takes a value that must not be in the entry.
   *
   * @param path - the path of the field, as it was declared
   * @param json - the value in canonical JSON
   * @returns what stands in for it
   */
  put(path: string, json: string): string;
}
