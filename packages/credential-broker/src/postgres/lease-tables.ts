import { readOptions, type Rules } from '@holdfast/pipeline';
import { sqlName } from './sql-name.ts';

/** What things are called in the database. */
export interface LeaseTables {
  /** The schema; made when it is missing. Default `broker`. */
  readonly schema?: string | undefined;
}

export const leaseTablesDefaults = { schema: 'broker' } as const satisfies LeaseTables;
export const leaseTablesRules: Rules<LeaseTables> = { schema: sqlName };

/**
 * The SQL that prepares a database for {@link postgresLeases}; to be run by its owner, any number of times. The broker
 * needs SELECT, INSERT, UPDATE and DELETE on the table.
 *
 * @throws {@link TypeError} when the name is not one of small letters, digits and underscores
 *
 * @example
 * ```ts
 * import { leaseTables } from '@holdfast/credential-broker/postgres';
 *
 * const migrate = (client: { query(sql: string): Promise<unknown> }) => client.query(leaseTables());
 * ```
 */
export function leaseTables(names: LeaseTables = {}): string {
  const { schema } = readOptions('leaseTables', names, leaseTablesRules, leaseTablesDefaults);
  return `
    CREATE SCHEMA IF NOT EXISTS ${schema};
    CREATE TABLE IF NOT EXISTS ${schema}.lease (
      id text COLLATE "C" PRIMARY KEY,
      tenant text NOT NULL,
      principal text NOT NULL,
      resource_type text NOT NULL,
      ref text COLLATE "C" NOT NULL,
      parent text,
      -- What never changes, as JSON; text, for jsonb has no character 0.
      terms text NOT NULL,
      state text NOT NULL,
      expires_at_ms bigint NOT NULL,
      handle_hash text UNIQUE,
      token_id text UNIQUE,
      backend_ref text,
      version integer NOT NULL
    );
    CREATE INDEX IF NOT EXISTS lease_tenant ON ${schema}.lease (tenant, id) WHERE state = 'active';
    CREATE INDEX IF NOT EXISTS lease_parent ON ${schema}.lease (parent) WHERE state = 'active';
    CREATE INDEX IF NOT EXISTS lease_due ON ${schema}.lease (expires_at_ms, id) WHERE state = 'active';
    CREATE INDEX IF NOT EXISTS lease_over ON ${schema}.lease (expires_at_ms) WHERE state <> 'active';
  `;
}
