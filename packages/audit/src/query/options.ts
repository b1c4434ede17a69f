import { check, integer, oneOf, readOptions, type, type Rule, type Rules } from '@holdfast/pipeline';
import { canonicalJson } from '../events/json-writer.ts';
import { OUTCOMES, type AuditOutcome } from '../events/outcome.ts';

/** Which entries to find. Conditions that are not given do not count; an entry has to meet all that are. */
export interface AuditQuery {
  /** Whose entries. Default the tenant of the context, else `default`; there is no question to more than one. */
  readonly tenant?: string | undefined;
  /** The id of who acted. */
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly resource?: { readonly type?: string | undefined; readonly id?: string | undefined } | undefined;
  readonly outcome?: AuditOutcome | undefined;
  /** From this instant on, in milliseconds since the Unix epoch. */
  readonly fromMs?: number | undefined;
  /** Before this instant, in milliseconds since the Unix epoch. */
  readonly toMs?: number | undefined;
  /**
   * Words that all have to be somewhere in the entry, in any order; case and accents do not count. A word is a run of
   * letters and digits, and only found whole: where a language is written without spaces, so is the whole run. At most
   * 256 characters, with a word among them.
   */
  readonly text?: string | undefined;
  /** By time; with `text` by place in the log. Default `newest-first`. */
  readonly order?: 'newest-first' | 'oldest-first' | undefined;
  /** How many entries a page has at most. Default 50; 1 to 1,000. */
  readonly limit?: number | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
  /** Whether to put personal values back in, as far as they were not erased. Default `false`. */
  readonly personal?: boolean | undefined;
}

/** What a question is unless it says otherwise. */
export const queryDefaults = {
  order: 'newest-first',
  limit: 50,
  personal: false,
} as const satisfies Partial<AuditQuery>;

const instant = integer(0, 8.64e15);
// The index would take a question without words for one without conditions.
const text: Rule = (value) =>
  typeof value === 'string' && value.length <= 256 && wordsOf(value).length > 0
    ? undefined
    : 'must be a string of at most 256 characters, with letters or digits among them';

const rules: Rules<AuditQuery> = {
  tenant: type('string'),
  actor: type('string'),
  action: type('string'),
  resource: type('object'),
  outcome: oneOf(...([...OUTCOMES] as string[])),
  fromMs: instant,
  toMs: instant,
  text,
  order: oneOf('newest-first', 'oldest-first'),
  limit: integer(1, 1000),
  after: type('string'),
  personal: type('boolean'),
};

/** Checks a question and fills in the defaults. */
export function readQuery(query: AuditQuery) {
  const settings = readOptions('query', query, rules, queryDefaults);
  const { resource } = settings;
  for (const name of ['type', 'id'] as const) {
    if (resource?.[name] !== undefined) check(`query: resource.${name}`, resource[name], type('string'));
  }
  return settings;
}

/** What a cursor belongs to: everything about a question but which page of it is wanted. */
export function questionOf({ after: _, limit: __, personal: ___, ...question }: AuditQuery): string {
  return canonicalJson(question);
}

const NOT_A_WORD = /[^\p{L}\p{N}\p{M}]+/u;

/** The words of a text, as the index has them. */
export function wordsOf(text: string): readonly string[] {
  return text
    .normalize('NFC')
    .split(NOT_A_WORD)
    .filter((word) => word !== '');
}
