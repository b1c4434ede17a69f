import { check, readOptions, type Rule, type Rules } from '@holdfast/pipeline';

/** What things are called in the database. */
export interface PostgresNames {
  /** The schema; made when it is missing. Default `audit`. */
  readonly schema?: string | undefined;
  /** The role that may only add entries. Default `audit_writer`. */
  readonly writer?: string | undefined;
  /** The role that may only read, and only the tenant in `holdfast.tenant`. Default `audit_reader`. */
  readonly reader?: string | undefined;
}

export const postgresDefaults = {
  schema: 'audit',
  writer: 'audit_writer',
  reader: 'audit_reader',
} as const satisfies PostgresNames;

// Such a name needs no quotes, and nothing in it can end a statement.
const NAME = /^[a-z_][a-z0-9_]{0,62}$/;
export const nameRule: Rule = (value) =>
  typeof value === 'string' && NAME.test(value) ? undefined : `must match ${NAME.source}`;

const rules: Rules<PostgresNames> = { schema: nameRule, writer: nameRule, reader: nameRule };

/**
 * The SQL that prepares a database for {@link postgresSink}; to be run by its owner, any number of times.
 *
 * Entries can be added and never changed: the writer has no right but INSERT, and triggers refuse UPDATE, DELETE and
 * TRUNCATE to everybody, the owner included. Row-level security shows a reader one tenant: the one in the setting
 * `holdfast.tenant`, and none where it is not set; in the name of a tenant `\\` stands for a backslash and `\0` for the
 * character 0. An owner can still drop a trigger, so what proves that nothing was changed is the log, not this copy.
 *
 * @throws {@link TypeError} when a name is not one of small letters, digits and underscores
 *
 * @example
 * ```ts
 * import { postgresSchema } from '@holdfast/audit/sinks';
 *
 * const migrate = (client: { query(sql: string): Promise<unknown> }) => client.query(postgresSchema());
 * ```
 */
export function postgresSchema(names: PostgresNames = {}): string {
  const { schema, writer, reader } = readOptions('postgresSchema', names, rules, postgresDefaults);
  check('postgresSchema: writer', writer, (name) =>
    name === reader ? 'must differ from reader' : undefined,
  );
  return `
    CREATE SCHEMA IF NOT EXISTS ${schema};
    CREATE TABLE IF NOT EXISTS ${schema}.entry (
      origin text NOT NULL,
      index bigint NOT NULL CHECK (index >= 0),
      tenant text NOT NULL,
      time timestamptz,
      action text,
      actor text,
      resource_type text,
      resource text,
      outcome text,
      leaf_hash bytea NOT NULL CHECK (length(leaf_hash) = 32),
      leaf bytea NOT NULL,
      PRIMARY KEY (origin, index)
    );
    CREATE INDEX IF NOT EXISTS entry_by_time ON ${schema}.entry (tenant, time DESC, index DESC);
    CREATE INDEX IF NOT EXISTS entry_by_actor ON ${schema}.entry (tenant, actor, time DESC);

    CREATE OR REPLACE FUNCTION ${schema}.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'audit entries cannot be changed' USING ERRCODE = 'insufficient_privilege';
      END
    $$;
    CREATE OR REPLACE TRIGGER entry_keeps_rows BEFORE UPDATE OR DELETE ON ${schema}.entry
      FOR EACH ROW EXECUTE FUNCTION ${schema}.refuse_change();
    CREATE OR REPLACE TRIGGER entry_keeps_table BEFORE TRUNCATE ON ${schema}.entry
      FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.refuse_change();
    ALTER TABLE ${schema}.entry ENABLE ALWAYS TRIGGER entry_keeps_rows;
    ALTER TABLE ${schema}.entry ENABLE ALWAYS TRIGGER entry_keeps_table;

    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${writer}') THEN CREATE ROLE ${writer}; END IF;
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${reader}') THEN CREATE ROLE ${reader}; END IF;
    END $$;
    REVOKE ALL ON ${schema}.entry FROM PUBLIC, ${writer}, ${reader};
    GRANT USAGE ON SCHEMA ${schema} TO ${writer}, ${reader};
    GRANT INSERT ON ${schema}.entry TO ${writer};
    GRANT SELECT ON ${schema}.entry TO ${reader};
    ALTER TABLE ${schema}.entry ENABLE ROW LEVEL SECURITY;
    ALTER TABLE ${schema}.entry FORCE ROW LEVEL SECURITY;
    DROP POLICY IF EXISTS entry_added ON ${schema}.entry;
    CREATE POLICY entry_added ON ${schema}.entry FOR INSERT TO ${writer} WITH CHECK (true);
    DROP POLICY IF EXISTS entry_of_tenant ON ${schema}.entry;
    CREATE POLICY entry_of_tenant ON ${schema}.entry FOR SELECT TO ${reader}
      USING (tenant = current_setting('holdfast.tenant', true));
  `;
}
