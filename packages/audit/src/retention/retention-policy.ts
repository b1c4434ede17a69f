import { check, integer, oneOf, readOptions, type, type Rules } from '@holdfast/pipeline';

/** How long entries are kept, as it is declared in the log before anything is removed. */
export interface RetentionPolicy {
  /** What people call the policy, such as `13 months, PCI`. Not empty. */
  readonly name: string;
  /** Milliseconds for which every entry is kept; at least 0. Entries go in bundles of 256, so some are kept longer. */
  readonly keepMs: number;
  /**
   * What becomes of the hashes of removed entries. `keep`: removed entries can still be proven by those who have them;
   * 32 bytes an entry. `drop`: only the hashes above 256 entries stay, an eighth of a byte an entry; kept entries and
   * the history from the minimum index on can still be proven. Default `keep`.
   */
  readonly hashes?: 'keep' | 'drop' | undefined;
}

const rules: Rules<RetentionPolicy> = {
  name: type('string'),
  keepMs: integer(0),
  hashes: oneOf('keep', 'drop'),
};

/** What a policy says where it says nothing. */
export const retentionDefaults: { readonly hashes: 'keep' | 'drop' } = { hashes: 'keep' };

/** Checks a policy and fills in the defaults. */
export function readRetentionPolicy(policy: RetentionPolicy) {
  const read = readOptions('retention', policy, rules, retentionDefaults);
  check('retention: name', read.name, (value) =>
    value === '' || value === undefined ? 'must not be empty' : undefined,
  );
  check('retention: keepMs', read.keepMs, rules.keepMs);
  return read;
}
