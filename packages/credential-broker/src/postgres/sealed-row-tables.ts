import { readOptions } from '@holdfast/pipeline';
import { leaseTablesDefaults, leaseTablesRules, type LeaseTables } from './lease-tables.ts';

/**
 * The SQL that prepares a database for {@link postgresRows}; to be run by its owner, any number of times. Who uses it
 * needs SELECT, INSERT, UPDATE and DELETE on the table.
 *
 * @throws {@link TypeError} when the name is not one of small letters, digits and underscores
 *
 * @example
 * ```ts
 * import { sealedRowTables } from '@holdfast/credential-broker/postgres';
 *
 * const migrate = (client: { query(sql: string): Promise<unknown> }) => client.query(sealedRowTables());
 * ```
 */
export function sealedRowTables(names: LeaseTables = {}): string {
  const { schema } = readOptions('sealedRowTables', names, leaseTablesRules, leaseTablesDefaults);
  return `
    CREATE SCHEMA IF NOT EXISTS ${schema};
    CREATE TABLE IF NOT EXISTS ${schema}.sealed_row (
      kind text NOT NULL,
      tenant text COLLATE "C" NOT NULL,
      id text COLLATE "C" NOT NULL,
      box text NOT NULL,
      expires_at_ms bigint NOT NULL,
      due_at_ms bigint NOT NULL,
      remove_at_ms bigint NOT NULL,
      version integer NOT NULL,
      PRIMARY KEY (tenant, kind, id)
    );
    CREATE INDEX IF NOT EXISTS sealed_row_due ON ${schema}.sealed_row (kind, due_at_ms);
    CREATE INDEX IF NOT EXISTS sealed_row_over ON ${schema}.sealed_row (kind, remove_at_ms);
  `;
}
