import type { Rule } from '@holdfast/pipeline';

// Such a name needs no quotes, and nothing in it can end a statement.
const NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/** A name in SQL. */
export const sqlName: Rule = (value) =>
  typeof value === 'string' && NAME.test(value) ? undefined : `must match ${NAME.source}`;
