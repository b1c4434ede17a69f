import type { Rule } from '@holdfast/pipeline';
import { isWellFormed } from './well-formed.ts';

/** What a key name must not contain: Unicode spaces and control characters would break its line, a plus its key. */
const FORBIDDEN = /[\p{White_Space}\p{Cc}+]/u;

/** Whether a text may name a key, and so a log (C2SP signed-note). */
export function isKeyName(name: string): boolean {
  return name !== '' && isWellFormed(name) && !FORBIDDEN.test(name);
}

/** The rule for an option that is the name of a key. */
export const keyNameRule: Rule = (value) =>
  typeof value === 'string' && isKeyName(value) ? undefined : 'must be a text without spaces and plus signs';
