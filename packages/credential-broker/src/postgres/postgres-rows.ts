import { check, having, readOptions, type Rules } from '@holdfast/pipeline';
import type {
  SealedRow,
  SealedRowCounts,
  SealedRowKind,
  SealedRowName,
  SealedRows,
} from '../sealed-rows/sealed-row.ts';
import { leaseTablesDefaults, leaseTablesRules, type LeaseTables } from './lease-tables.ts';
import type { PostgresClient } from './postgres-client.ts';

/** Options of {@link postgresRows}. */
export interface PostgresRowsOptions extends LeaseTables {
  /** A pool of `pg`. Its owner ends it. */
  readonly client: PostgresClient;
}

const rules: Rules<PostgresRowsOptions> = { client: having('query'), ...leaseTablesRules };

function rowOf(row: Readonly<Record<string, unknown>>): SealedRow {
  return {
    kind: row['kind'] as SealedRowKind,
    tenant: String(row['tenant']),
    id: String(row['id']),
    box: String(row['box']),
    expiresAtMs: Number(row['expires_at_ms']),
    dueAtMs: Number(row['due_at_ms']),
    removeAtMs: Number(row['remove_at_ms']),
    version: Number(row['version']),
  };
}

/**
 * Makes a store of encrypted rows in PostgreSQL, for several processes that share them; `sealedRowTables` prepares it.
 * Every change is one statement.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 *
 * @example
 * ```ts
 * import { postgresRows } from '@holdfast/credential-broker/postgres';
 * import { Pool } from 'pg';
 *
 * const rows = postgresRows({ client: new Pool({ connectionString: 'postgres://127.0.0.1/broker' }) });
 * ```
 */
export function postgresRows(options: PostgresRowsOptions): SealedRows {
  const { client, schema } = readOptions('postgresRows', options, rules, leaseTablesDefaults);
  check('postgresRows: client', client, rules.client);
  return new PostgresRows(client, `${schema}.sealed_row`);
}

class PostgresRows implements SealedRows {
  private readonly client: PostgresClient;
  private readonly table: string;

  constructor(client: PostgresClient, table: string) {
    this.client = client;
    this.table = table;
  }

  find(name: SealedRowName): Promise<SealedRow | undefined> {
    return this.first('SELECT * FROM', name);
  }

  async put(row: SealedRow): Promise<boolean> {
    const { kind, tenant, id, box, expiresAtMs, dueAtMs, removeAtMs, version } = row;
    const sql =
      version === 1
        ? `INSERT INTO ${this.table} (kind, tenant, id, box, expires_at_ms, due_at_ms, remove_at_ms, version)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING 1`
        : `UPDATE ${this.table}
           SET box = $4, expires_at_ms = $5, due_at_ms = $6, remove_at_ms = $7, version = $8
           WHERE kind = $1 AND tenant = $2 AND id = $3 AND version = $8::integer - 1 RETURNING 1`;
    const values = [kind, tenant, id, box, expiresAtMs, dueAtMs, removeAtMs, version];
    const { rows } = await this.client.query(sql, values);
    return rows.length === 1;
  }

  take(name: SealedRowName): Promise<SealedRow | undefined> {
    return this.first('DELETE FROM', name, 'RETURNING *');
  }

  async due(kind: SealedRowKind, byMs: number, limit: number): Promise<readonly SealedRow[]> {
    const { rows } = await this.client.query(
      `SELECT * FROM ${this.table} WHERE kind = $1 AND due_at_ms <= $2 ORDER BY due_at_ms LIMIT $3`,
      [kind, byMs, limit],
    );
    return rows.map(rowOf);
  }

  async removeOver(kind: SealedRowKind, byMs: number): Promise<number> {
    const { rows } = await this.client.query(
      `WITH gone AS (DELETE FROM ${this.table} WHERE kind = $1 AND remove_at_ms <= $2 RETURNING 1)
       SELECT count(*)::integer AS count FROM gone`,
      [kind, byMs],
    );
    return Number(rows[0]?.['count']);
  }

  async count(kind: SealedRowKind, nowMs: number): Promise<SealedRowCounts> {
    const { rows } = await this.client.query(
      `SELECT count(*) FILTER (WHERE expires_at_ms > $2)::integer AS valid,
         count(*) FILTER (WHERE expires_at_ms <= $2)::integer AS expired
       FROM ${this.table} WHERE kind = $1`,
      [kind, nowMs],
    );
    return { valid: Number(rows[0]?.['valid']), expired: Number(rows[0]?.['expired']) };
  }

  private async first(
    verb: string,
    { kind, tenant, id }: SealedRowName,
    answer = '',
  ): Promise<SealedRow | undefined> {
    const { rows } = await this.client.query(
      `${verb} ${this.table} WHERE kind = $1 AND tenant = $2 AND id = $3 ${answer}`,
      [kind, tenant, id],
    );
    return rows[0] && rowOf(rows[0]);
  }
}
