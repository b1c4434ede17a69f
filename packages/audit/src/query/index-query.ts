import type { SQLInputValue } from 'node:sqlite';

/** A checked question to the index. */
export interface IndexQuery {
  readonly tenant: string;
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly resource?: { readonly type?: string | undefined; readonly id?: string | undefined } | undefined;
  readonly outcome?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly words?: readonly string[] | undefined;
  readonly order: 'newest-first' | 'oldest-first';
  readonly limit: number;
  /** The last entry of the page before. */
  readonly after?: { readonly timeMs: number; readonly index: number } | undefined;
}

/** A statement with its values. */
export interface Select {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** The word that every entry of a tenant has in the index of words, and that no question can contain. */
export const tenantWord = (tenant: number): string => `tenant\u{e000}${tenant}`;

/**
 * Writes the statement for a question. Which index serves it is told, since SQLite would have to guess: the one that
 * leaves the fewest entries, all of which are in the order of the answer.
 */
export function selectOf(query: IndexQuery, tenant: number): Select {
  return query.words === undefined ? byField(query, tenant) : byWords(query, tenant, query.words);
}

function byField(query: IndexQuery, tenant: number): Select {
  const { conditions, values } = conditionsOf(query, tenant);
  const [direction, comparison] = query.order === 'newest-first' ? ['DESC', '<'] : ['ASC', '>'];
  if (query.after !== undefined) {
    conditions.push(`(time, idx) ${comparison} (?, ?)`);
    values.push(query.after.timeMs, query.after.index);
  }
  const where = conditions.join(' AND ');
  const order = `ORDER BY time ${direction}, idx ${direction} LIMIT ?`;
  const sql = `SELECT idx, time FROM entry INDEXED BY ${indexFor(query)} WHERE ${where} ${order}`;
  return { sql, values: [...values, query.limit] };
}

/** In the order of the log, in which the words are stored: sorting all entries that have a common word takes too long. */
function byWords(query: IndexQuery, tenant: number, words: readonly string[]): Select {
  const { conditions, values } = conditionsOf(query, tenant);
  const [direction, comparison] = query.order === 'newest-first' ? ['DESC', '<'] : ['ASC', '>'];
  if (query.after !== undefined) {
    // Without its row, which was pruned, `idx` alone tells where to go on.
    conditions.push(`entry.idx ${comparison} ?`, `words.rowid ${comparison} COALESCE((${ROW_OF}), 0)`);
    values.push(query.after.index, tenant, query.after.timeMs, query.after.index);
  }
  const match = [tenantWord(tenant), ...words].map((word) => `"${word}"`).join(' AND ');
  const where = ['words MATCH ?', ...conditions].join(' AND ');
  const join = 'words CROSS JOIN entry ON entry.id = words.rowid';
  const sql = `SELECT idx, time FROM ${join} WHERE ${where} ORDER BY words.rowid ${direction} LIMIT ?`;
  return { sql, values: [match, ...values, query.limit] };
}

const ROW_OF = 'SELECT id FROM entry WHERE tenant = ? AND time = ? AND idx = ?';

function conditionsOf(query: IndexQuery, tenant: number) {
  const { actor, action, resource, outcome, fromMs, toMs } = query;
  const conditions = ['tenant = ?'];
  const values: SQLInputValue[] = [tenant];
  const add = (condition: string, value: SQLInputValue | undefined) => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  add('actor = ?', actor);
  add('action = ?', action);
  add('resource = ?', resource?.id);
  add('resourceType = ?', resource?.type);
  add(outcome === 'success' ? 'outcome = ?' : 'trouble = ?', outcome);
  add('time >= ?', fromMs);
  add('time < ?', toMs);
  return { conditions, values };
}

function indexFor({ resource, actor, outcome, action }: IndexQuery): string {
  if (resource?.id !== undefined) return 'entryByResource';
  if (actor !== undefined) return 'entryByActor';
  if (outcome !== undefined && outcome !== 'success') return 'entryByTrouble';
  return action === undefined ? 'entryByTime' : 'entryByAction';
}
