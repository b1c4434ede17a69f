import { check, having, readOptions, type Rules } from '@holdfast/pipeline';
import type { LeaseFilter, LeaseStore } from '../leases/lease-store.ts';
import { joinLease } from '../leases/lease-terms.ts';
import type { Lease, LeaseChange } from '../leases/lease.ts';
import { leaseTablesDefaults, leaseTablesRules, type LeaseTables } from './lease-tables.ts';
import type { PostgresClient } from './postgres-client.ts';

/** Options of {@link postgresLeases}. */
export interface PostgresLeasesOptions extends LeaseTables {
  /** A pool of `pg`. Its owner ends it. */
  readonly client: PostgresClient;
}

const rules: Rules<PostgresLeasesOptions> = { client: having('query'), ...leaseTablesRules };

/** What changes of a lease, and the columns it is in. */
const COLUMNS: Readonly<Record<keyof LeaseChange, string>> = {
  state: 'state',
  expiresAtMs: 'expires_at_ms',
  backendRef: 'backend_ref',
  handleHash: 'handle_hash',
  tokenId: 'token_id',
};

type Row = Readonly<Record<string, unknown>>;

const orNothing = (value: unknown) => (typeof value === 'string' ? value : undefined);

function leaseOf(row: Row): Lease {
  return joinLease(String(row['terms']), {
    state: row['state'] as Lease['state'],
    expiresAtMs: Number(row['expires_at_ms']),
    handleHash: orNothing(row['handle_hash']),
    tokenId: orNothing(row['token_id']),
    backendRef: orNothing(row['backend_ref']),
    version: Number(row['version']),
  });
}

/**
 * Makes a store of leases in PostgreSQL, for several brokers that share them; {@link leaseTables} prepares it. Every
 * change is one statement, durable as the server's commits are.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 *
 * @example
 * ```ts
 * import { postgresLeases } from '@holdfast/credential-broker/postgres';
 * import { Pool } from 'pg';
 *
 * const leases = postgresLeases({ client: new Pool({ connectionString: 'postgres://127.0.0.1/broker' }) });
 * ```
 */
export function postgresLeases(options: PostgresLeasesOptions): LeaseStore {
  const { client, schema } = readOptions('postgresLeases', options, rules, leaseTablesDefaults);
  check('postgresLeases: client', client, rules.client);
  return new PostgresLeases(client, `${schema}.lease`);
}

class PostgresLeases implements LeaseStore {
  private readonly client: PostgresClient;
  private readonly table: string;

  constructor(client: PostgresClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async insert(lease: Lease): Promise<void> {
    const { state, expiresAtMs, handleHash, tokenId, backendRef, version, ...terms } = lease;
    const { id, tenant, principal, resource, parent } = terms;
    await this.client.query(
      `INSERT INTO ${this.table} (id, tenant, principal, resource_type, ref, parent, terms, state, expires_at_ms,
         handle_hash, token_id, backend_ref, version)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        ...[id, tenant, principal, resource.type, resource.ref, parent, JSON.stringify(terms)],
        ...[state, expiresAtMs, handleHash, tokenId, backendRef, version],
      ],
    );
  }

  find(id: string): Promise<Lease | undefined> {
    return this.first('id', id);
  }

  findByHandle(handleHash: string): Promise<Lease | undefined> {
    return this.first('handle_hash', handleHash);
  }

  findByToken(tokenId: string): Promise<Lease | undefined> {
    return this.first('token_id', tokenId);
  }

  async change({ id, version }: Lease, change: LeaseChange): Promise<Lease | undefined> {
    const changes = Object.entries(change) as [keyof LeaseChange, string | number | undefined][];
    const sets = changes.map(([name], at) => `${COLUMNS[name]} = $${at + 3}, `).join('');
    const [changed] = await this.leases(
      `UPDATE ${this.table} SET ${sets} version = version + 1
       WHERE id = $1 AND version = $2 AND state = 'active' RETURNING *`,
      [id, version, ...changes.map(([, value]) => value)],
    );
    return changed;
  }

  list(filter: LeaseFilter, after: string | undefined, limit: number): Promise<readonly Lease[]> {
    const { tenant, principal, prefix, parent } = filter;
    return this.leases(
      `SELECT * FROM ${this.table} WHERE state = 'active' AND tenant = $1 AND id > $2
         AND ($3::text IS NULL OR principal = $3) AND ($4::text IS NULL OR starts_with(ref, $4))
         AND ($5::text IS NULL OR parent = $5)
       ORDER BY id LIMIT $6`,
      [tenant, after ?? '', principal, prefix, parent, limit],
    );
  }

  due(byMs: number, limit: number): Promise<readonly Lease[]> {
    return this.leases(
      `SELECT * FROM ${this.table} WHERE state = 'active' AND expires_at_ms <= $1 ORDER BY expires_at_ms, id LIMIT $2`,
      [byMs, limit],
    );
  }

  async forget(beforeMs: number): Promise<number> {
    const { rows } = await this.client.query(
      `WITH gone AS (DELETE FROM ${this.table} WHERE state <> 'active' AND expires_at_ms < $1 RETURNING 1)
       SELECT count(*)::integer AS count FROM gone`,
      [beforeMs],
    );
    return Number(rows[0]?.['count']);
  }

  async active(): Promise<Readonly<Record<string, number>>> {
    const { rows } = await this.client.query(
      `SELECT resource_type, count(*)::integer AS count FROM ${this.table} WHERE state = 'active' GROUP BY resource_type`,
    );
    return Object.fromEntries(rows.map((row) => [String(row['resource_type']), Number(row['count'])]));
  }

  async close(): Promise<void> {}

  private async first(column: string, value: string): Promise<Lease | undefined> {
    const [lease] = await this.leases(`SELECT * FROM ${this.table} WHERE ${column} = $1`, [value]);
    return lease;
  }

  private async leases(sql: string, values: unknown[]): Promise<readonly Lease[]> {
    const { rows } = await this.client.query(sql, values);
    return rows.map(leaseOf);
  }
}
