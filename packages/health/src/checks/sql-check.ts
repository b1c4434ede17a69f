import { type } from '@holdfast/pipeline';
import type { CheckOverrides, HealthCheck } from '../check.ts';
import { defineCheck } from './define-check.ts';
import { slowDefaults, slowRules, timed, type SlowOptions } from './slow.ts';

/** What {@link sqlCheck} takes. */
export interface SqlCheckOptions extends CheckOverrides, SlowOptions {
  /** Something with `query`, such as a `Pool` of pg or mysql2. */
  readonly client: { query(statement: string): PromiseLike<unknown> };
  /** What to ask. Default `select 1`. */
  readonly statement?: string | undefined;
}

/**
 * Asks a SQL database something. Its name is `database` unless told otherwise.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { sqlCheck } from '@holdfast/health';
 *
 * const pool = { query: (statement: string) => Promise.resolve({ rows: [statement] }) };
 * const check = sqlCheck({ client: pool, slowMs: 200 });
 * ```
 */
export function sqlCheck(options: SqlCheckOptions): HealthCheck {
  return defineCheck(
    {
      owner: 'sqlCheck',
      options,
      rules: { ...slowRules, client: type('object'), statement: type('string') },
      defaults: { ...slowDefaults, name: 'database', statement: 'select 1', componentType: 'datastore' },
      required: ['client'],
    },
    (settings) => timed(settings, () => settings.client.query(settings.statement)),
  );
}
