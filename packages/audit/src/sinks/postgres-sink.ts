import { check, having, readOptions, type, type Rules } from '@holdfast/pipeline';
import { loggedEventIn } from '../export/logged-event.ts';
import type { StoredEntry } from '../log/engine.ts';
import { leafHash } from '../merkle/hash.ts';
import { nameRule, postgresDefaults } from './postgres-schema.ts';
import type { AuditSink } from './sink.ts';

/** What a sink needs of a database: a pool or client of `pg`, or anything with its `query`. */
export interface PostgresClient {
  query(sql: string, values: readonly unknown[]): Promise<unknown>;
}

/** Options of {@link postgresSink}. */
export interface PostgresSinkOptions {
  /** Connects as a member of the writer role. */
  readonly client: PostgresClient;
  /** The schema that was prepared. Default `audit`. */
  readonly schema?: string | undefined;
  /** Names the sink. Default `postgres`. */
  readonly name?: string | undefined;
}

const rules: Rules<PostgresSinkOptions> = { client: having('query'), schema: nameRule, name: type('string') };

/** PostgreSQL has no text with the character 0. Rows are shown by tenant, so that no two may look the same. */
const tenantName = (tenant: string) => tenant.replaceAll('\\', '\\\\').replaceAll('\0', '\\0');

/** Of other texts the leaf, which is bytes, keeps that character. */
const safe = (text: string | undefined) => text?.replaceAll('\0', '\ufffd') ?? null;

function rowOf(entry: StoredEntry) {
  const event = loggedEventIn(entry.leaf);
  return {
    index: entry.index,
    time: event?.time ?? null,
    action: safe(event?.action),
    actor: safe(event?.actor?.id),
    resourceType: safe(event?.resource?.type),
    resource: safe(event?.resource?.id),
    outcome: safe(event?.outcome),
    leafHash: leafHash(entry.leaf),
    leaf: Buffer.from(entry.leaf),
  };
}

/**
 * Makes a sink that adds entries to a table of PostgreSQL, a batch in one statement. Entries that are there already stay
 * as they are. {@link postgresSchema} makes the table.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 *
 * @example
 * ```ts
 * import { postgresSink, type PostgresClient } from '@holdfast/audit/sinks';
 *
 * const sinksFor = (pool: PostgresClient) => [postgresSink({ client: pool })];
 * ```
 */
export function postgresSink(options: PostgresSinkOptions): AuditSink {
  const defaults = { schema: postgresDefaults.schema, name: 'postgres' };
  const { client, schema, name } = readOptions('postgresSink', options, rules, defaults);
  check('postgresSink: client', client, rules.client);
  // Without a target: naming one would need the right to read, which a writer does not have.
  const insert = `
    INSERT INTO ${schema}.entry
      (origin, tenant, index, time, action, actor, resource_type, resource, outcome, leaf_hash, leaf)
    SELECT $1, $2, * FROM unnest($3::bigint[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[],
      $9::text[], $10::bytea[], $11::bytea[])
    ON CONFLICT DO NOTHING`;
  return {
    name,
    async write({ origin, tenant, entries }) {
      const rows = entries.map(rowOf);
      const columns = (
        [
          'index',
          'time',
          'action',
          'actor',
          'resourceType',
          'resource',
          'outcome',
          'leafHash',
          'leaf',
        ] as const
      ).map((column) => rows.map((row) => row[column]));
      await client.query(insert, [origin, tenantName(tenant), ...columns]);
    },
  };
}
